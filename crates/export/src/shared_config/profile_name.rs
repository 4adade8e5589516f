//! A profile's name, of the characters that every AWS client reads alike (facts/aws.md 6.5). It becomes a
//! section header, so its characters are checked before anything else.

use std::fmt;
use std::str::FromStr;

/// 1 to 64 letters, digits, `_`, `.` and `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileName(String);

/// Why a text is no profile name that we write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProfileName {
    /// Nothing, or too much.
    #[error("the profile name `{0}` has to have 1 to 64 characters")]
    Length(String),
    /// The header's prefix, which is added where it belongs.
    #[error("the profile name `{0}` begins with `profile `: write the name alone")]
    Prefixed(String),
    /// botocore gives the keys of `[DEFAULT]` to every profile.
    #[error("the profile name `{0}` is not `default`: write it in lower case")]
    DefaultInOtherCase(String),
    /// Some client would not find the profile.
    #[error("the profile name `{text}` holds `{found}`: letters, digits and _.- are read by all AWS clients")]
    Character {
        /// The name as it was given, made printable.
        text: String,
        /// The first character outside of the alphabet.
        found: String,
    },
}

impl ProfileName {
    /// As it stands in the files.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = InvalidProfileName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = || text.escape_debug().to_string();
        if text.starts_with("profile ") {
            return Err(InvalidProfileName::Prefixed(shown()));
        }
        if let Some(found) = text.chars().find(|&c| !(c.is_ascii_alphanumeric() || "_.-".contains(c))) {
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
            ("", "the profile name `` has to have 1 to 64 characters"),
            ("profile ci", "the profile name `profile ci` begins with `profile `: write the name alone"),
            ("DEFAULT", "the profile name `DEFAULT` is not `default`: write it in lower case"),
            ("Default", "the profile name `Default` is not `default`: write it in lower case"),
            (
                "ci]\n[x",
                r"the profile name `ci]\n[x` holds `]`: letters, digits and _.- are read by all AWS clients",
            ),
        ] {
            assert_eq!(text.parse::<ProfileName>().unwrap_err().to_string(), message);
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
