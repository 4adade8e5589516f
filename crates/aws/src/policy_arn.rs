//! The ARN of a managed policy: `arn:<partition>:iam::<account or aws>:policy/<path><name>`.

use std::str::FromStr;

use crate::{AccountId, Arn};

/// A managed policy's ARN, the customer's or AWS's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyArn(String);

/// Why a text is not the ARN of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPolicyArn {
    /// Another shape, or the ARN of something else.
    #[error("invalid policy ARN `{0}`; expected one like `arn:aws:iam::123456789012:policy/read-only`")]
    NotAPolicy(String),
    /// Over STS's limit.
    #[error("the policy ARN that starts with `{start}` has {length} characters; STS accepts at most 2048")]
    TooLong {
        /// Its first 64 characters.
        start: String,
        /// Its length in characters.
        length: usize,
    },
}

impl PolicyArn {
    const MAX: usize = 2048;

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PolicyArn {
    type Err = InvalidPolicyArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !is_policy(text) {
            return Err(InvalidPolicyArn::NotAPolicy(text.escape_debug().to_string()));
        }
        if text.len() > Self::MAX {
            let start = text.chars().take(64).collect();
            return Err(InvalidPolicyArn::TooLong { start, length: text.len() });
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_policy(text: &str) -> bool {
    let Some(Arn { partition, service: "iam", region: "", account, resource }) = Arn::parse(text) else {
        return false;
    };
    let name = resource.strip_prefix("policy/").unwrap_or_default();
    partition.starts_with("aws")
        && (account == "aws" || account.parse::<AccountId>().is_ok())
        && !name.is_empty()
        && !name.ends_with('/')
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_of_aws_and_of_accounts_are_taken() {
        for text in [
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws-cn:iam::123456789012:policy/team/deploy",
            "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
        ] {
            assert_eq!(text.parse::<PolicyArn>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn other_texts_are_not_a_policy() {
        for text in [
            "",
            "ReadOnlyAccess",
            "arn:aws:iam::123456789012:role/deploy",
            "arn:aws:iam::123456789012:policy/",
            "arn:aws:iam::123456789012:policy/team/",
            "arn:aws:iam::1234:policy/deploy",
            "arn:aws:iam:eu-west-1:123456789012:policy/deploy",
            "arn:aws:s3:::bucket",
            "arn:gcp:iam::123456789012:policy/deploy",
            "arn:aws:iam::aws:policy/Read Only",
            "arn:aws:iam::aws:policy/ReadOnly\n",
        ] {
            assert!(matches!(text.parse::<PolicyArn>(), Err(InvalidPolicyArn::NotAPolicy(_))), "{text:?}");
        }
        assert!(
            format!("arn:aws:iam::123456789012:policy/{}", "n".repeat(2015)).parse::<PolicyArn>().is_ok()
        );
        let long = format!("arn:aws:iam::123456789012:policy/{}", "n".repeat(2048));
        assert!(matches!(long.parse::<PolicyArn>(), Err(InvalidPolicyArn::TooLong { length: 2081, .. })));
    }
}
