//! A deployment environment, as a token's `sub` names it.

use std::{fmt, str::FromStr};

use crate::generate::iam_text;

/// An environment's name. Never a pattern: whoever can write a workflow can create an environment with a name that
/// matches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment(String);

/// Why a text is not the name of an environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEnvironment {
    /// Empty, too long, or with control characters.
    #[error("invalid environment `{0}`; expected a name of 1 to 255 characters")]
    NotAName(String),
    /// A wildcard of IAM's.
    #[error(
        "invalid environment `{0}`; expected a name without wildcards: whoever can write a workflow can create an environment that a pattern allows"
    )]
    Wildcard(String),
    /// A character that IAM does not allow in a policy.
    #[error("`{name}` contains `{character}`, which IAM does not allow in a policy")]
    Character {
        /// The name as it was given.
        name: String,
        /// The first such character.
        character: char,
    },
}

impl Environment {
    /// As `sub` has it: GitHub escapes `:` and nothing else (facts/aws-2026.md 6).
    pub(super) fn pattern(&self) -> String {
        iam_text::without_variables(&self.0.replace(':', ESCAPED))
    }

    /// Whether an environment with another name has the same `sub`: GitHub does not escape `%`.
    pub(super) fn shares_its_subject(&self) -> bool {
        self.0.contains(':') || self.0.contains(ESCAPED)
    }

    /// The name that a part of `sub` stands for. A name with `%3A` has the same `sub` as one with `:`.
    pub(super) fn of_subject(part: &str) -> Result<Self, InvalidEnvironment> {
        part.replace(ESCAPED, ":").parse()
    }
}

const ESCAPED: &str = "%3A";

impl FromStr for Environment {
    type Err = InvalidEnvironment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = || text.escape_debug().to_string();
        if !(1..=255).contains(&text.chars().count()) || text.contains(char::is_control) {
            return Err(InvalidEnvironment::NotAName(shown()));
        }
        if text.contains(['*', '?']) {
            return Err(InvalidEnvironment::Wildcard(shown()));
        }
        match text.chars().find(|character| *character > '\u{FF}') {
            Some(character) => Err(InvalidEnvironment::Character { name: shown(), character }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_is_escaped_and_a_percent_sign_is_not() {
        for (name, expected, shares) in [
            ("production", "production", false),
            ("Production:V1", "Production%3AV1", true),
            ("Production%3AV1", "Production%3AV1", true),
            ("100% EU/west", "100% EU/west", false),
            ("a${b}", "a${$}{b}", false),
        ] {
            let environment: Environment = name.parse().unwrap();
            assert_eq!(
                (&*environment.pattern(), environment.shares_its_subject()),
                (expected, shares),
                "{name}"
            );
            assert_eq!(Environment::of_subject(name).unwrap().pattern(), expected);
        }
    }

    #[test]
    fn a_pattern_and_what_iam_cannot_store_is_refused() {
        for name in ["", "a\nb", &"x".repeat(256)] {
            assert!(matches!(name.parse::<Environment>(), Err(InvalidEnvironment::NotAName(_))), "{name:?}");
        }
        assert!(matches!("prod-*".parse::<Environment>(), Err(InvalidEnvironment::Wildcard(_))));
        assert!(matches!("本番".parse::<Environment>(), Err(InvalidEnvironment::Character { .. })));
    }
}
