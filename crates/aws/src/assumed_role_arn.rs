//! The ARN of a role's session: `arn:<partition>:sts::<account>:assumed-role/<role>/<session>` (facts/aws.md 2.1).

use std::fmt;
use std::str::FromStr;

use crate::arn::is_partition;
use crate::role_arn::is_role_name;
use crate::{AccountId, Arn, InvalidAccountId, InvalidSessionName, SessionName};

/// A session's ARN, parsed. The role is there by its name alone: a session's ARN drops the role's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumedRoleArn {
    text: String,
    partition: String,
    account: AccountId,
    role_name: String,
    session_name: SessionName,
}

/// Why a text is not a session's ARN; each variant has its own fix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAssumedRoleArn {
    /// Not six fields, or not those of a session.
    #[error(
        "invalid session ARN `{0}`; expected one like `arn:aws:sts::123456789012:assumed-role/deploy/job-1`"
    )]
    NotAnArn(String),
    /// A role, a user, an account…
    #[error("`{text}` names `{kind}`, not the session of a role (`sts:assumed-role`)")]
    NotASession {
        /// The ARN as it was given.
        text: String,
        /// What it names instead.
        kind: String,
    },
    /// The account is not twelve digits.
    #[error("the account in the session ARN `{text}` is invalid")]
    Account {
        /// The ARN as it was given.
        text: String,
        /// What is wrong with it.
        #[source]
        source: InvalidAccountId,
    },
    /// IAM does not allow such a role name.
    #[error(
        "the role name in the session ARN `{0}` is invalid; expected 1 to 64 letters, digits and _+=,.@-"
    )]
    RoleName(String),
    /// STS does not allow such a session name.
    #[error("the session name in the session ARN `{text}` is invalid")]
    SessionName {
        /// The ARN as it was given.
        text: String,
        /// What is wrong with it.
        #[source]
        source: InvalidSessionName,
    },
}

impl AssumedRoleArn {
    /// As STS gave it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The second field: the name of its partition.
    pub fn partition_name(&self) -> &str {
        &self.partition
    }

    /// The account of the role, which is the account of the session.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's name, without its path.
    pub fn role_name(&self) -> &str {
        &self.role_name
    }

    /// The session's name.
    pub fn session_name(&self) -> &SessionName {
        &self.session_name
    }
}

impl FromStr for AssumedRoleArn {
    type Err = InvalidAssumedRoleArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = || text.escape_debug().to_string();
        let arn = Arn::parse(text)
            .filter(|arn| is_partition(arn.partition) && arn.region.is_empty())
            .ok_or_else(|| InvalidAssumedRoleArn::NotAnArn(shown()))?;
        let Some(names) = arn.resource.strip_prefix("assumed-role/").filter(|_| arn.service == "sts") else {
            return Err(InvalidAssumedRoleArn::NotASession { text: shown(), kind: arn.kind() });
        };
        let account =
            arn.account.parse().map_err(|source| InvalidAssumedRoleArn::Account { text: shown(), source })?;
        let (role_name, session_name) =
            names.split_once('/').ok_or_else(|| InvalidAssumedRoleArn::NotAnArn(shown()))?;
        if !is_role_name(role_name) {
            return Err(InvalidAssumedRoleArn::RoleName(shown()));
        }
        let session_name = session_name
            .parse()
            .map_err(|source| InvalidAssumedRoleArn::SessionName { text: shown(), source })?;
        Ok(Self {
            text: text.to_owned(),
            partition: arn.partition.to_owned(),
            account,
            role_name: role_name.to_owned(),
            session_name,
        })
    }
}

impl fmt::Display for AssumedRoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_a_partition_an_account_a_role_and_a_name() {
        let long = "n".repeat(64);
        for (text, parts) in [
            (
                "arn:aws:sts::123456789012:assumed-role/deploy/job-1".to_owned(),
                ("aws", "123456789012", "deploy", "job-1"),
            ),
            (
                "arn:aws-us-gov:sts::000000000012:assumed-role/a+b=c/x@y".to_owned(),
                ("aws-us-gov", "000000000012", "a+b=c", "x@y"),
            ),
            (
                format!("arn:aws-moon:sts::123456789012:assumed-role/{long}/{long}"),
                ("aws-moon", "123456789012", &long, &long),
            ),
        ] {
            let arn: AssumedRoleArn = text.parse().unwrap();
            let (partition, account) = (arn.partition_name(), arn.account().as_str());
            assert_eq!((partition, account, arn.role_name(), arn.session_name().as_str()), parts);
            assert_eq!((arn.as_str(), &arn.to_string()), (text.as_str(), &text));
        }
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_error() {
        let example = "expected one like `arn:aws:sts::123456789012:assumed-role/deploy/job-1`";
        let long = "n".repeat(65);
        for (text, message) in [
            (String::new(), format!("invalid session ARN ``; {example}")),
            ("a\nb".to_owned(), format!(r"invalid session ARN `a\nb`; {example}")),
            (
                "arn:gcp:sts::123456789012:assumed-role/deploy/me".to_owned(),
                format!("invalid session ARN `arn:gcp:sts::123456789012:assumed-role/deploy/me`; {example}"),
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/deploy".to_owned(),
                format!("invalid session ARN `arn:aws:sts::123456789012:assumed-role/deploy`; {example}"),
            ),
            (
                "arn:aws:iam::123456789012:role/deploy".to_owned(),
                "`arn:aws:iam::123456789012:role/deploy` names `iam:role`, not the session of a role \
                 (`sts:assumed-role`)"
                    .to_owned(),
            ),
            (
                "arn:aws:sts:eu-west-1:123456789012:assumed-role/deploy/me".to_owned(),
                format!(
                    "invalid session ARN `arn:aws:sts:eu-west-1:123456789012:assumed-role/deploy/me`; {example}"
                ),
            ),
            (
                "arn:aws:sts::1234:assumed-role/deploy/me".to_owned(),
                "the account in the session ARN `arn:aws:sts::1234:assumed-role/deploy/me` is invalid".to_owned(),
            ),
            (
                format!("arn:aws:sts::123456789012:assumed-role/{long}/me"),
                format!(
                    "the role name in the session ARN `arn:aws:sts::123456789012:assumed-role/{long}/me` is \
                     invalid; expected 1 to 64 letters, digits and _+=,.@-"
                ),
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/deploy/m e".to_owned(),
                "the session name in the session ARN `arn:aws:sts::123456789012:assumed-role/deploy/m e` is invalid"
                    .to_owned(),
            ),
        ] {
            assert_eq!(text.parse::<AssumedRoleArn>().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn names_outside_of_their_limits_are_refused() {
        let long = "n".repeat(65);
        for (role, session) in [
            ("", "me"),
            ("ci/deploy", "me"),
            ("deploy", "m"),
            ("deploy", &long),
            ("deploy", "a/b"),
            ("d*", "me"),
        ] {
            let text = format!("arn:aws:sts::123456789012:assumed-role/{role}/{session}");
            assert!(text.parse::<AssumedRoleArn>().is_err(), "{text}");
        }
    }
}
