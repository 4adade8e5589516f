//! The source identity of a session. It stays the same along the whole chain, and CloudTrail shows it
//! (facts/aws.md 1.3, 1.4).

use std::str::FromStr;

/// A source identity that STS accepts. Once set it cannot be changed by later roles of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceIdentity(String);

/// Why a text is not a source identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSourceIdentity {
    /// Too short or too long.
    #[error("the source identity `{text}` has {length} characters; STS accepts 2 to 256")]
    Length {
        /// As it was given.
        text: String,
        /// Its length in characters.
        length: usize,
    },
    /// A character that STS does not accept. A colon is one: `aws:` is AWS's prefix.
    #[error("the source identity `{text}` holds `{found}`; STS accepts letters, digits and _+=,.@-")]
    Character {
        /// As it was given, made printable.
        text: String,
        /// The first character that STS refuses, made printable.
        found: String,
    },
}

impl SourceIdentity {
    /// STS accepts 256, although its documentation says 64 (facts/aws.md 1.3).
    const MAX: usize = 256;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SourceIdentity {
    type Err = InvalidSourceIdentity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_legal = |character: char| character.is_ascii_alphanumeric() || "_+=,.@-".contains(character);
        if let Some(found) = text.chars().find(|character| !is_legal(*character)) {
            return Err(InvalidSourceIdentity::Character {
                text: text.escape_debug().to_string(),
                found: found.escape_debug().to_string(),
            });
        }
        match text.len() {
            2..=Self::MAX => Ok(Self(text.to_owned())),
            length => Err(InvalidSourceIdentity::Length { text: text.to_owned(), length }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_alphabet_is_legal() {
        let text = "Az09_+=,.@-";
        assert_eq!(text.parse::<SourceIdentity>().unwrap().as_str(), text);
    }

    #[test]
    fn what_sts_would_refuse_is_refused_here() {
        for (text, message) in [
            ("", "the source identity `` has 0 characters; STS accepts 2 to 256"),
            ("x", "the source identity `x` has 1 characters; STS accepts 2 to 256"),
            (&"x".repeat(257), "has 257 characters; STS accepts 2 to 256"),
            ("aws:me", "the source identity `aws:me` holds `:`; STS accepts letters, digits and _+=,.@-"),
            ("me\n", r"the source identity `me\n` holds `\n`; STS accepts"),
            ("größe", "holds `ö`; STS accepts"),
        ] {
            let error = text.parse::<SourceIdentity>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        assert!("x".repeat(256).parse::<SourceIdentity>().is_ok());
    }
}
