//! The description of scoped credentials, which goes to CloudTrail with the request.

use std::str::FromStr;

/// A description that STS accepts: 2 to 256 characters (facts/aws-2026.md 1.2). It is not a place for a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeDescription(String);

/// Why a text is not a description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScopeDescription {
    /// Too short or too long.
    #[error("the scope description has {0} characters; STS accepts 2 to 256")]
    Length(usize),
    /// A character that STS does not accept.
    #[error(
        "the scope description holds `{0}`; STS accepts line ends, tabs and the printable characters of Latin-1, \
         without the no-break space"
    )]
    Character(String),
}

impl ScopeDescription {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScopeDescription {
    type Err = InvalidScopeDescription;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_legal = |character| matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
        if let Some(found) = text.chars().find(|character| !is_legal(*character)) {
            return Err(InvalidScopeDescription::Character(found.escape_default().to_string()));
        }
        match text.chars().count() {
            2..=256 => Ok(Self(text.to_owned())),
            length => Err(InvalidScopeDescription::Length(length)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_alphabet_is_legal() {
        let text = "\t\n\r ~\u{a1}\u{ff}";
        assert_eq!(text.parse::<ScopeDescription>().unwrap().as_str(), text);
        assert!("é".repeat(256).parse::<ScopeDescription>().is_ok(), "characters count, not bytes");
    }

    #[test]
    fn what_sts_would_refuse_is_refused_here() {
        for (text, error) in [
            ("", InvalidScopeDescription::Length(0)),
            ("x", InvalidScopeDescription::Length(1)),
            (&"x".repeat(257), InvalidScopeDescription::Length(257)),
            ("a\u{7f}", InvalidScopeDescription::Character(r"\u{7f}".to_owned())),
            ("a\u{80}", InvalidScopeDescription::Character(r"\u{80}".to_owned())),
            ("a\u{a0}", InvalidScopeDescription::Character(r"\u{a0}".to_owned())),
            ("a\u{100}", InvalidScopeDescription::Character(r"\u{100}".to_owned())),
        ] {
            assert_eq!(text.parse::<ScopeDescription>(), Err(error), "{text:.9}");
        }
    }
}
