//! CircleCI's ids of organizations, projects and users.

use std::{fmt, str::FromStr};

/// The characters of an id.
pub(crate) const LENGTH: usize = 36;

/// A UUID in lower case, as tokens have it: IAM distinguishes case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uuid(String);

/// Why a text is not a CircleCI id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUuid {
    /// The name of an organization or project, a part of an id, an ARN…
    #[error("invalid id `{0}`; expected a UUID such as `5b2e7d90-41aa-4c8e-8f13-6a9d0c7b4e02`")]
    NotAUuid(String),
    /// It would never match a token's id.
    #[error("invalid id `{0}`; expected it in lower case, as in tokens")]
    Capitals(String),
}

impl Uuid {
    /// The id in a token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Uuid {
    type Err = InvalidUuid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !is_uuid(text) {
            return Err(InvalidUuid::NotAUuid(text.escape_debug().to_string()));
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(InvalidUuid::Capitals(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Eight, four, four, four and twelve hexadecimal digits, in either case.
pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tokens_spelling_is_an_id() {
        let id = "5b2e7d90-41aa-4c8e-8f13-6a9d0c7b4e02";
        assert_eq!(id.parse::<Uuid>().unwrap().as_str(), id);
        assert_eq!(id.to_uppercase().parse::<Uuid>(), Err(InvalidUuid::Capitals(id.to_uppercase())));
        for text in
            ["", "my-org", "*", "5b2e7d9041aa4c8e8f136a9d0c7b4e02", &format!("{id}/"), &format!("{id}\n")]
        {
            assert!(matches!(text.parse::<Uuid>(), Err(InvalidUuid::NotAUuid(_))), "{text:?}");
        }
    }
}
