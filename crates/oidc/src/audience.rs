//! The `aud` claim: one text, or a list of them where an organization set its own (facts/circleci.md 1.6).

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroize;

/// The audience of a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// CircleCI's default: the organization's id.
    One(String),
    /// STS refuses a token with two or more of them and no `azp` (facts/aws.md 2.5).
    Many(Vec<String>),
}

impl Audience {
    /// Whether `wanted` is the audience, or one of them.
    pub fn is(&self, wanted: &str) -> bool {
        match self {
            Self::One(audience) => audience == wanted,
            Self::Many(audiences) => audiences.iter().any(|audience| audience == wanted),
        }
    }
}

impl Zeroize for Audience {
    fn zeroize(&mut self) {
        match self {
            Self::One(audience) => audience.zeroize(),
            Self::Many(audiences) => audiences.zeroize(),
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(audience) => f.write_str(audience),
            Self::Many(audiences) => f.write_str(&audiences.join(", ")),
        }
    }
}
