//! The name of a role session: 2 to 64 characters of `A-Za-z0-9_+=,.@-` (facts/aws.md 1.3).

use std::fmt;
use std::str::FromStr;

/// A session name that STS accepts. CloudTrail and the session's ARN show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionName(String);

/// Why a text is not a session name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSessionName {
    /// Fewer than two characters.
    #[error("the session name `{0}` is too short; STS accepts 2 to 64 characters")]
    TooShort(String),
    /// More than 64 characters.
    #[error("the session name `{text}` has {length} characters; STS accepts 2 to 64")]
    TooLong {
        /// The name as it was given.
        text: String,
        /// Its length in characters.
        length: usize,
    },
    /// A character that STS does not accept.
    #[error("the session name `{text}` holds `{found}`; STS accepts letters, digits and _+=,.@-")]
    Character {
        /// The name as it was given, made printable.
        text: String,
        /// The first character that STS refuses.
        found: String,
    },
}

impl SessionName {
    const MAX: usize = 64;

    /// The nearest valid name: other characters become `-`; a long text is cut and ends in a digest of the whole,
    /// so that two long names stay different. `None` where fewer than two characters are left.
    pub fn made_valid(text: &str) -> Option<Self> {
        let mut name = String::new();
        for character in text.trim().chars() {
            match character {
                valid if is_valid(valid) => name.push(valid),
                // A run of other characters becomes one dash.
                _ if name.ends_with('-') => {}
                _ => name.push('-'),
            }
        }
        if name.len() > Self::MAX {
            let digest = format!("-{:08x}", fnv1a(text));
            name.truncate(Self::MAX - digest.len());
            name.push_str(&digest);
        }
        name.parse().ok()
    }

    /// The name where nothing is known of the job.
    pub fn fallback() -> Self {
        Self("CircleCI".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionName {
    type Err = InvalidSessionName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(found) = text.chars().find(|character| !is_valid(*character)) {
            return Err(InvalidSessionName::Character {
                text: text.escape_debug().to_string(),
                found: found.escape_debug().to_string(),
            });
        }
        match text.len() {
            0 | 1 => Err(InvalidSessionName::TooShort(text.to_owned())),
            2..=Self::MAX => Ok(Self(text.to_owned())),
            length => Err(InvalidSessionName::TooLong { text: text.to_owned(), length }),
        }
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_valid(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_+=,.@-".contains(character)
}

/// FNV-1a, 32 bits: distinguishes two cut names. It protects nothing, so it is not a cryptographic hash.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_alphabet_is_valid() {
        let text = "Az09_+=,.@-";
        assert_eq!(text.parse::<SessionName>().unwrap().as_str(), text);
        assert_eq!(SessionName::made_valid(text).unwrap().as_str(), text);
    }

    #[test]
    fn lengths_outside_of_2_to_64_are_refused() {
        assert!(matches!("x".parse::<SessionName>(), Err(InvalidSessionName::TooShort(_))));
        assert!("xy".parse::<SessionName>().is_ok());
        assert!("x".repeat(64).parse::<SessionName>().is_ok());
        assert!(matches!(
            "x".repeat(65).parse::<SessionName>(),
            Err(InvalidSessionName::TooLong { length: 65, .. })
        ));
    }

    #[test]
    fn an_invalid_character_is_named() {
        let error = "my job\n".parse::<SessionName>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r"the session name `my job\n` holds ` `; STS accepts letters, digits and _+=,.@-"
        );
    }

    #[test]
    fn invalid_characters_become_one_dash() {
        for (text, name) in [
            ("build / deploy (prod)", "build-deploy-prod-"),
            ("a+b=c", "a+b=c"),
            ("  trimmed  ", "trimmed"),
            ("größe", "gr-e"),
        ] {
            assert_eq!(SessionName::made_valid(text).unwrap().as_str(), name, "{text}");
        }
    }

    #[test]
    fn long_names_are_cut_to_64_and_stay_different() {
        let name = |end: &str| SessionName::made_valid(&format!("{}{end}", "n".repeat(80))).unwrap();
        assert_eq!(name("one").as_str().len(), 64);
        assert_ne!(name("one"), name("two"));
        let longest = "n".repeat(64);
        assert_eq!(SessionName::made_valid(&longest).unwrap().to_string(), longest, "not cut");
        // The function's published vectors.
        assert_eq!((fnv1a(""), fnv1a("foobar")), (0x811c_9dc5, 0xbf9c_f968));
    }

    #[test]
    fn a_text_with_too_few_valid_characters_gives_no_name() {
        for text in ["", " ", "x", "é"] {
            assert_eq!(SessionName::made_valid(text), None, "{text}");
        }
        assert_eq!(SessionName::fallback().as_str().parse(), Ok(SessionName::fallback()));
    }
}
