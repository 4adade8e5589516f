//! The scope policy: one inline JSON policy. STS takes no ARN of a managed policy here (facts/aws-2026.md 1.2).

use std::str::FromStr;

use aws::{InvalidSessionPolicy, SessionPolicy};
use serde_json::{Map, Value};

/// A scope policy within STS's limits, which are those of an inline session policy. It is a JSON object; whether it
/// follows IAM's grammar, STS decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopePolicy(SessionPolicy);

/// Why a text is not a scope policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScopePolicy {
    /// An empty policy, or one over the limit.
    #[error("the scope policy has {0} characters; STS accepts 1 to 2048")]
    Length(usize),
    /// A character outside of tab, line ends and U+0020 to U+00FF.
    #[error("the scope policy holds `{0}`; STS accepts line ends, tabs and the characters of Latin-1")]
    Character(String),
    /// Not JSON. The text is not quoted: it may be that of another file.
    #[error("the scope policy is not JSON: the error is at line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1; 0 for the end of the line before.
        column: usize,
    },
    /// A list, a text, a number.
    #[error(
        "the scope policy is not a JSON object; expected one policy, `{{\"Version\": …, \"Statement\": …}}`"
    )]
    NotAnObject,
}

impl From<InvalidSessionPolicy> for InvalidScopePolicy {
    fn from(flaw: InvalidSessionPolicy) -> Self {
        match flaw {
            InvalidSessionPolicy::Length(length) => Self::Length(length),
            InvalidSessionPolicy::Character(found) => Self::Character(found),
        }
    }
}

impl ScopePolicy {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for ScopePolicy {
    type Err = InvalidScopePolicy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let policy: SessionPolicy = text.parse()?;
        serde_json::from_str::<Map<String, Value>>(text).map_err(|error| {
            if error.is_data() {
                InvalidScopePolicy::NotAnObject
            } else {
                InvalidScopePolicy::NotJson { line: error.line(), column: error.column() }
            }
        })?;
        Ok(Self(policy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_kept_as_it_was_given() {
        let text = "{\n\t\"Statement\": [], \"Id\": \"Größe\"\r\n}\n";
        assert_eq!(text.parse::<ScopePolicy>().unwrap().as_str(), text);
    }

    #[test]
    fn what_sts_would_refuse_is_refused_here() {
        let padded = |length: usize| format!("{{{}}}", " ".repeat(length - 2));
        assert!(padded(2048).parse::<ScopePolicy>().is_ok());
        let not_json = |line, column| InvalidScopePolicy::NotJson { line, column };
        for (text, error) in [
            ("", InvalidScopePolicy::Length(0)),
            (&padded(2049), InvalidScopePolicy::Length(2049)),
            ("{\"Id\": \"–\"}", InvalidScopePolicy::Character(r"\u{2013}".to_owned())),
            ("{", not_json(1, 1)),
            ("{\n\"Id\" 1}", not_json(2, 6)),
            ("{} {}", not_json(1, 4)),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", not_json(1, 1)),
            ("[]", InvalidScopePolicy::NotAnObject),
            ("\"{}\"", InvalidScopePolicy::NotAnObject),
            ("1", InvalidScopePolicy::NotAnObject),
        ] {
            assert_eq!(text.parse::<ScopePolicy>(), Err(error), "{text:.9}");
        }
    }
}
