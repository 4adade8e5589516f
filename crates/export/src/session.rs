//! A session to export. Its values are checked once, before any destination gets them, so that no renderer has to check
//! whether a value breaks a line.

use aws::{AccountId, Credentials, Region};

use crate::{Variable, variables};

/// One role session whose values are neither empty nor hold a control character.
#[derive(Debug, Clone)]
pub struct Session {
    credentials: Credentials,
    role_session_arn: String,
    account: AccountId,
    region: Option<Region>,
}

/// Why a session cannot be exported. The error names the variable and never shows the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSessionValue {
    /// STS returned no value.
    #[error("the value for `{variable}` is empty")]
    Empty {
        /// The variable for the value.
        variable: &'static str,
    },
    /// A line break, a NUL or another one: no line-based format can hold it.
    #[error("the value for `{variable}` holds a line break or another control character")]
    ControlCharacter {
        /// The variable for the value.
        variable: &'static str,
    },
}

impl Session {
    /// Checks each value once, the ARN too: it is printed to terminals.
    pub fn new(
        credentials: Credentials,
        role_session_arn: String,
        account: AccountId,
        region: Option<Region>,
    ) -> Result<Self, InvalidSessionValue> {
        let session = Self { credentials, role_session_arn, account, region };
        session.variables().try_for_each(|variable| check(variable.name, variable.value))?;
        check("role session ARN", &session.role_session_arn)?;
        Ok(session)
    }

    /// The variables that are exported together. Without a Region there are three.
    pub fn variables(&self) -> impl Iterator<Item = Variable<'_>> + Clone {
        let keys = [
            Variable { name: "AWS_ACCESS_KEY_ID", value: &self.credentials.access_key_id },
            Variable { name: "AWS_SECRET_ACCESS_KEY", value: self.credentials.secret_access_key.expose() },
            Variable { name: "AWS_SESSION_TOKEN", value: self.credentials.session_token.expose() },
        ];
        keys.into_iter().chain(variables::of_region(self.region.as_ref()))
    }

    /// The four values as STS returned them.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The session's ARN: `arn:aws:sts::…:assumed-role/<role>/<session name>`.
    pub fn role_session_arn(&self) -> &str {
        &self.role_session_arn
    }

    /// The role's account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The Region that is exported with the credentials.
    pub fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }
}

fn check(variable: &'static str, value: &str) -> Result<(), InvalidSessionValue> {
    if value.is_empty() {
        Err(InvalidSessionValue::Empty { variable })
    } else if has_control_character(value) {
        Err(InvalidSessionValue::ControlCharacter { variable })
    } else {
        Ok(())
    }
}

fn has_control_character(value: &str) -> bool {
    // A token has a thousand letters, and bytes are looked at in a fraction of the time.
    if value.is_ascii() {
        value.bytes().any(|byte| byte.is_ascii_control())
    } else {
        value.chars().any(char::is_control)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use aws::Secret;

    /// A session with these three values; all other values are fixed.
    pub(crate) fn session(
        id: &str,
        secret: &str,
        token: &str,
        region: Option<&str>,
    ) -> Result<Session, InvalidSessionValue> {
        let credentials = Credentials {
            access_key_id: id.to_owned(),
            secret_access_key: Secret::new(secret.to_owned()),
            session_token: Secret::new(token.to_owned()),
            expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
        };
        let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned();
        let region = region.map(|name| name.parse().unwrap());
        Session::new(credentials, arn, "123456789012".parse().unwrap(), region)
    }

    #[test]
    fn a_region_goes_out_under_both_names() {
        let session = session("ASIA1", "secret", "token", Some("eu-west-1")).unwrap();
        let pairs: Vec<_> = session.variables().map(|variable| (variable.name, variable.value)).collect();
        assert_eq!(
            pairs,
            [
                ("AWS_ACCESS_KEY_ID", "ASIA1"),
                ("AWS_SECRET_ACCESS_KEY", "secret"),
                ("AWS_SESSION_TOKEN", "token"),
                ("AWS_REGION", "eu-west-1"),
                ("AWS_DEFAULT_REGION", "eu-west-1"),
            ]
        );
    }

    #[test]
    fn without_a_region_no_region_variable_goes_out() {
        let session = session("ASIA1", "secret", "token", None).unwrap();
        assert!(session.variables().all(|variable| !variable.name.contains("REGION")));
    }

    #[test]
    fn an_empty_value_is_refused_by_its_name() {
        let error = session("ASIA1", "secret", "", None).unwrap_err();
        assert_eq!(error, InvalidSessionValue::Empty { variable: "AWS_SESSION_TOKEN" });
    }

    #[test]
    fn a_control_character_is_refused_and_not_shown() {
        for end in ["\n", "\r", "\0", "\t", "\u{1b}[2J", "\u{7f}", "\u{85}"] {
            let error = session("ASIA1", &format!("wJalr{end}"), "token", None).unwrap_err();
            assert_eq!(
                error,
                InvalidSessionValue::ControlCharacter { variable: "AWS_SECRET_ACCESS_KEY" },
                "{end:?}"
            );
            assert!(!error.to_string().contains("wJalr"), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let text = format!("{:?}", session("ASIA1", "wJalr", "IQoJb", None).unwrap());
        assert!(!text.contains("wJalr") && !text.contains("IQoJb"), "{text}");
    }
}
