//! A profile's name, of the characters that all AWS clients read in the same way (facts/aws.md 6.5). It becomes a section
//! header, so its characters are checked first.

use std::fmt;
use std::str::FromStr;

/// 1 to 64 letters, digits, `_`, `.` and `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileName(String);

/// Why a text is not a profile name that this program writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProfileName {
    /// No character, or too many.
    #[error("invalid profile name `{0}`; expected 1 to 64 characters")]
    Length(String),
    /// The prefix of the section header, which the config file's editor adds.
    #[error("invalid profile name `{0}`; expected the name without `profile `")]
    Prefixed(String),
    /// botocore gives the keys of `[DEFAULT]` to every profile.
    #[error("invalid profile name `{0}`; expected `default` in lower case")]
    DefaultInOtherCase(String),
    /// Not every client would find the profile.
    #[error(
        "invalid character `{found}` in the profile name `{text}`; expected letters, digits and _.-, which all AWS \
         clients read"
    )]
    Character {
        /// The name, made printable.
        text: String,
        /// The first invalid character.
        found: String,
    },
}

/// Beside letters and digits. Not all AWS clients read others (facts/aws.md 6.4).
const WRITTEN: &str = "_.-";
const READ: &str = "_.-/%@:+";

impl ProfileName {
    /// A name to look up, which may hold characters that this program does not write.
    pub fn to_read(text: &str) -> Result<Self, InvalidProfileName> {
        Self::of(text, READ)
    }

    fn of(text: &str, allowed: &str) -> Result<Self, InvalidProfileName> {
        let shown = || text.escape_debug().to_string();
        if text.starts_with("profile ") {
            return Err(InvalidProfileName::Prefixed(shown()));
        }
        if let Some(found) = text.chars().find(|&c| !(c.is_ascii_alphanumeric() || allowed.contains(c))) {
            return Err(InvalidProfileName::Character {
                text: shown(),
                found: found.escape_debug().to_string(),
            });
        }
        if !(1..=64).contains(&text.len()) {
            return Err(InvalidProfileName::Length(shown()));
        }
        if text.eq_ignore_ascii_case("default") && text != "default" {
            return Err(InvalidProfileName::DefaultInOtherCase(shown()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = InvalidProfileName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::of(text, WRITTEN)
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_alphabet_and_the_longest_name_are_taken() {
        let longest = "n".repeat(64);
        for text in ["default", "ci", "Az09_.-", "-", "profile", longest.as_str()] {
            assert_eq!(text.parse::<ProfileName>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_answer() {
        for (text, message) in [
            ("", "invalid profile name ``; expected 1 to 64 characters"),
            ("profile ci", "invalid profile name `profile ci`; expected the name without `profile `"),
            ("DEFAULT", "invalid profile name `DEFAULT`; expected `default` in lower case"),
            ("Default", "invalid profile name `Default`; expected `default` in lower case"),
            (
                "ci]\n[x",
                r"invalid character `]` in the profile name `ci]\n[x`; expected letters, digits and _.-, which all AWS clients read",
            ),
        ] {
            assert_eq!(text.parse::<ProfileName>().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_name_to_look_up_may_hold_more() {
        for text in ["a/b", "a@b", "a%b", "a:b", "a+b", "ci"] {
            assert_eq!(ProfileName::to_read(text).unwrap().as_str(), text);
        }
        for text in ["", "a b", "a]", "a=b", "DEFAULT", "profile a", "a\n"] {
            assert!(ProfileName::to_read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_a_header_could_misread_is_refused() {
        let too_long = "n".repeat(65);
        for text in
            ["a b", " ci", "ci\n", "a/b", "a@b", "a%b", "a:b", "a+b", "\"ci\"", "é", too_long.as_str()]
        {
            assert!(text.parse::<ProfileName>().is_err(), "{text:?}");
        }
    }
}
