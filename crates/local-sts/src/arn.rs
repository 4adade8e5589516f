//! Role ARNs as STS reads them. Separate from the product's own reader on purpose: see the crate's documentation.

use std::str::FromStr;

use crate::refusal::Refusal;

/// A role's ARN in the parts that responses are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleArn {
    pub(crate) text: String,
    pub(crate) partition: String,
    pub(crate) account: String,
    /// Without the path.
    pub(crate) name: String,
}

/// Why a text is not a role's ARN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRoleArn {
    /// Not six fields of an ARN.
    #[error("`{0}` is not an ARN")]
    NotAnArn(String),
    /// The ARN of something else.
    #[error("`{0}` is the ARN of something other than a role")]
    NotARole(String),
}

impl FromStr for RoleArn {
    type Err = InvalidRoleArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let [arn, partition, service, region, account, resource] = fields[..] else {
            return Err(InvalidRoleArn::NotAnArn(text.to_owned()));
        };
        if arn != "arn" || partition.is_empty() || service.is_empty() || resource.is_empty() {
            return Err(InvalidRoleArn::NotAnArn(text.to_owned()));
        }
        let account_fits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let name =
            resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        if service != "iam" || !region.is_empty() || !account_fits || name.is_empty() {
            return Err(InvalidRoleArn::NotARole(text.to_owned()));
        }
        Ok(Self {
            text: text.to_owned(),
            partition: partition.to_owned(),
            account: account.to_owned(),
            name: name.to_owned(),
        })
    }
}

impl RoleArn {
    /// The role that a call requests.
    pub(crate) fn requested(text: &str) -> Result<Self, Refusal> {
        text.parse().map_err(|invalid| match invalid {
            InvalidRoleArn::NotAnArn(text) => Refusal::Validation(format!("{text} is invalid")),
            InvalidRoleArn::NotARole(_) => Refusal::Validation("Request ARN is invalid".to_owned()),
        })
    }

    /// The ARN of a session of this role; it drops the role's path.
    pub(crate) fn session(&self, session_name: &str) -> String {
        format!("arn:{}:sts::{}:assumed-role/{}/{session_name}", self.partition, self.account, self.name)
    }

    /// The ARN of the account's OIDC provider for `issuer`.
    pub(crate) fn provider(&self, issuer: &str) -> String {
        let host_and_path = issuer.strip_prefix("https://").unwrap_or(issuer);
        format!("arn:{}:iam::{}:oidc-provider/{host_and_path}", self.partition, self.account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_in_the_role_and_not_in_its_session() {
        let arn: RoleArn = "arn:aws-cn:iam::123456789012:role/a/b/deploy".parse().unwrap();
        assert_eq!(arn.session("ci-1"), "arn:aws-cn:sts::123456789012:assumed-role/deploy/ci-1");
        assert_eq!(arn.provider("https://i/org/O"), "arn:aws-cn:iam::123456789012:oidc-provider/i/org/O");
    }

    #[test]
    fn other_texts_are_told_apart() {
        let cases = [
            ("deploy-role-of-a-user", false),
            ("arn:aws:iam::123456789012", false),
            ("arn:aws:iam::123456789012:user/alice", true),
            ("arn:aws:iam::123456789012:role/", true),
            ("arn:aws:iam::12345678901x:role/deploy", true),
            ("arn:aws:s3:::a-bucket-with-a-name", true),
        ];
        for (text, is_arn) in cases {
            let invalid = if is_arn { InvalidRoleArn::NotARole } else { InvalidRoleArn::NotAnArn };
            assert_eq!(text.parse::<RoleArn>(), Err(invalid(text.to_owned())));
        }
    }
}
