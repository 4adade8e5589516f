//! The ARN of an IAM role: `arn:<partition>:iam::<account>:role/<path><name>` (facts/aws.md 1.3).

use std::fmt;
use std::str::FromStr;

use crate::arn::is_partition;
use crate::{AccountId, Arn, Partition};

/// A role's ARN, parsed. Role names and paths are case-sensitive and kept as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn {
    text: String,
    account: AccountId,
    partition: String,
    name_at: usize,
}

/// Why a text is not a role ARN; each variant has its own fix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRoleArn {
    /// Not the shape of an ARN at all.
    #[error("invalid role ARN `{0}`; expected one like `arn:aws:iam::123456789012:role/deploy`")]
    NotAnArn(String),
    /// A user, a policy, an assumed-role session…
    #[error(
        "`{text}` names `{kind}`, not an IAM role; expected one like `arn:aws:iam::123456789012:role/deploy`"
    )]
    NotARole {
        /// The ARN as it was given.
        text: String,
        /// What it names instead.
        kind: String,
    },
    /// The account is not twelve digits.
    #[error("invalid account in the role ARN `{0}`; expected twelve digits")]
    Account(String),
    /// IAM allows neither such a path nor such a name.
    #[error("invalid role name in `{0}`; expected 1 to 64 letters, digits and _+=,.@-")]
    Name(String),
}

impl RoleArn {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The second field: the name of its partition.
    pub fn partition_name(&self) -> &str {
        &self.partition
    }

    /// What is known of that partition. AWS opens new ones, so an unknown one is not an error in itself.
    pub fn partition(&self) -> Option<&'static Partition> {
        Partition::named(&self.partition)
    }

    /// What stands before the name, with its slashes: `/` where a role has no path of its own.
    pub fn path(&self) -> &str {
        let before_name = self.text.get(..self.name_at).unwrap_or_default();
        before_name.find('/').and_then(|slash| before_name.get(slash..)).unwrap_or_default()
    }

    /// The role's name without its path: session ARNs drop the path too.
    pub fn role_name(&self) -> &str {
        self.text.get(self.name_at..).unwrap_or_default()
    }
}

impl FromStr for RoleArn {
    type Err = InvalidRoleArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = || text.escape_debug().to_string();
        let arn = Arn::parse(text)
            .filter(|arn| is_partition(arn.partition))
            .ok_or_else(|| InvalidRoleArn::NotAnArn(shown()))?;
        let Some(path_and_name) =
            arn.resource.strip_prefix("role/").filter(|_| arn.service == "iam" && arn.region.is_empty())
        else {
            return Err(InvalidRoleArn::NotARole { text: shown(), kind: arn.kind() });
        };
        let account = arn.account.parse().map_err(|_| InvalidRoleArn::Account(shown()))?;
        let (path, name) = path_and_name.rsplit_once('/').unwrap_or(("", path_and_name));
        if !is_path(path) || !is_role_name(name) {
            return Err(InvalidRoleArn::Name(shown()));
        }
        Ok(Self {
            account,
            partition: arn.partition.to_owned(),
            name_at: text.len() - name.len(),
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What stands between `role/` and the last slash: up to 512 with both slashes, printable ASCII.
fn is_path(path: &str) -> bool {
    path.len() <= 510 && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Also of the name in a session's ARN.
pub(crate) fn is_role_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_arn_is_parsed() {
        let role: RoleArn = "arn:aws-cn:iam::123456789012:role/ci/team/deploy".parse().unwrap();
        assert_eq!(role.account().as_str(), "123456789012");
        assert_eq!(role.partition().unwrap().name, "aws-cn");
        assert_eq!((role.path(), role.role_name()), ("/ci/team/", "deploy"));
        let plain: RoleArn = "arn:aws:iam::123456789012:role/deploy".parse().unwrap();
        assert_eq!((plain.path(), plain.role_name()), ("/", "deploy"));
        assert_eq!(role.as_str(), "arn:aws-cn:iam::123456789012:role/ci/team/deploy");
        assert_eq!(role.to_string(), role.as_str());
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_answer() {
        for (text, message) in [
            ("", "invalid role ARN ``; expected one like `arn:aws:iam::123456789012:role/deploy`"),
            (
                "deploy",
                "invalid role ARN `deploy`; expected one like `arn:aws:iam::123456789012:role/deploy`",
            ),
            (
                "arn:aws:iam::123456789012:user/bob",
                "`arn:aws:iam::123456789012:user/bob` names `iam:user`, not an IAM role; \
                 expected one like `arn:aws:iam::123456789012:role/deploy`",
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/deploy/me",
                "`arn:aws:sts::123456789012:assumed-role/deploy/me` names `sts:assumed-role`, not an IAM role; \
                 expected one like `arn:aws:iam::123456789012:role/deploy`",
            ),
            (
                "arn::iam::123456789012:role/deploy",
                "invalid role ARN `arn::iam::123456789012:role/deploy`; \
                 expected one like `arn:aws:iam::123456789012:role/deploy`",
            ),
            (
                "arn:aws:iam::1234:role/deploy",
                "invalid account in the role ARN `arn:aws:iam::1234:role/deploy`; expected twelve digits",
            ),
            (
                "arn:aws:iam::123456789012:role/",
                "invalid role name in `arn:aws:iam::123456789012:role/`; \
                 expected 1 to 64 letters, digits and _+=,.@-",
            ),
        ] {
            assert_eq!(text.parse::<RoleArn>().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_partition_that_opened_later_is_kept_by_name() {
        let role: RoleArn = "arn:aws-moon:iam::123456789012:role/deploy".parse().unwrap();
        assert_eq!((role.partition_name(), role.partition()), ("aws-moon", None));
    }

    #[test]
    fn a_path_has_at_most_510_characters_and_a_name_64() {
        let is_role = |path: usize, name: usize| {
            let text = format!("arn:aws:iam::123456789012:role/{}/{}", "p".repeat(path), "n".repeat(name));
            text.parse::<RoleArn>().is_ok()
        };
        assert_eq!([is_role(510, 64), is_role(511, 64), is_role(510, 65)], [true, false, false]);
    }

    #[test]
    fn white_space_and_control_characters_are_refused() {
        for text in [
            " arn:aws:iam::123456789012:role/deploy",
            "arn:aws:iam::123456789012:role/deploy\n",
            "arn:aws:iam::123456789012:role/de ploy",
            "arn:aws:iam::123456789012:role/a b/deploy",
            "arn:aws:iam:eu-west-1:123456789012:role/deploy",
            "arn:aws:i\u{1}am::123456789012:role/deploy",
        ] {
            let error = text.parse::<RoleArn>().unwrap_err().to_string();
            assert!(!error.contains(char::is_control), "{error:?}");
        }
    }
}
