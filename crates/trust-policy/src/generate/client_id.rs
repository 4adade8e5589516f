//! An audience: IAM calls it a client ID.

use std::str::FromStr;

use crate::uuid::Uuid;

/// An audience that an identity provider can accept: 1 to 255 characters (facts/aws.md 10.7). Never a pattern: IAM
/// compares it under `StringEquals`, and a reader would take `*` for any audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientId(String);

/// Why a text is not an audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid audience `{0}`; expected 1 to 255 printable ASCII characters without spaces and wildcards")]
pub struct InvalidClientId(String);

impl ClientId {
    /// CircleCI's default audience.
    pub fn of_organization(id: &Uuid) -> Self {
        Self(id.to_string())
    }

    /// The audience in a token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = InvalidClientId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_literal = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'*' | b'?');
        if (1..=255).contains(&text.len()) && text.bytes().all(is_literal) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidClientId(text.escape_debug().to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_could_not_hold_is_refused() {
        assert!("https://sts.example".parse::<ClientId>().is_ok());
        for text in ["", "a b", "größe", "*", "sts.*", "a?", &"x".repeat(256)] {
            assert!(text.parse::<ClientId>().is_err(), "{text}");
        }
    }
}
