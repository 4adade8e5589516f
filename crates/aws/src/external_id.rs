//! The external ID that a trust policy may require of callers: 2 to 1224 characters (facts/aws.md 1.3).

use std::str::FromStr;

/// An external ID that STS accepts. AWS does not treat it as a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId(String);

/// Why a text is not an external ID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidExternalId {
    /// Too short or too long.
    #[error("the external ID has {0} characters; STS accepts 2 to 1224")]
    Length(usize),
    /// A character that STS does not accept.
    #[error("the external ID holds `{0}`; STS accepts letters, digits and _+=,.@:/-")]
    Character(String),
}

impl ExternalId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ExternalId {
    type Err = InvalidExternalId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_legal = |character: char| character.is_ascii_alphanumeric() || "_+=,.@:/-".contains(character);
        if let Some(found) = text.chars().find(|character| !is_legal(*character)) {
            return Err(InvalidExternalId::Character(found.escape_debug().to_string()));
        }
        match text.len() {
            2..=1224 => Ok(Self(text.to_owned())),
            length => Err(InvalidExternalId::Length(length)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_alphabet_is_legal() {
        let text = "Az09_+=,.@:/-";
        assert_eq!(text.parse::<ExternalId>().unwrap().as_str(), text);
    }

    #[test]
    fn what_sts_would_refuse_is_refused_here() {
        for (text, error) in [
            ("", InvalidExternalId::Length(0)),
            ("x", InvalidExternalId::Length(1)),
            (&"x".repeat(1225), InvalidExternalId::Length(1225)),
            ("a b", InvalidExternalId::Character(" ".to_owned())),
            ("ab\n", InvalidExternalId::Character(r"\n".to_owned())),
            ("größe", InvalidExternalId::Character("ö".to_owned())),
        ] {
            assert_eq!(text.parse::<ExternalId>(), Err(error), "{text:.9}");
        }
        assert!("x".repeat(1224).parse::<ExternalId>().is_ok());
    }
}
