//! Where a token came from. A value to compare; its words are for the user. It never tells which form the token has:
//! that is [`TokenForm`](crate::TokenForm).

use std::fmt;
use std::path::PathBuf;

/// Where a token came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenOrigin {
    /// `CIRCLE_OIDC_TOKEN_V2`, as CircleCI sets it.
    CircleciV2,
    /// `CIRCLE_OIDC_TOKEN`, as CircleCI sets it.
    CircleciV1,
    /// CircleCI's program, asked for a fresh token.
    Minted,
    /// GitHub's token endpoint.
    Github,
    /// A file that the user named.
    File(PathBuf),
    /// A variable that the user named.
    Variable(String),
}

impl TokenOrigin {
    /// The variable of CircleCI's V2 token.
    pub const V2_VARIABLE: &'static str = "CIRCLE_OIDC_TOKEN_V2";
    /// The variable of CircleCI's V1 token.
    pub const V1_VARIABLE: &'static str = "CIRCLE_OIDC_TOKEN";

    /// The variable that holds the token, if one does.
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::CircleciV2 => Some(Self::V2_VARIABLE),
            Self::CircleciV1 => Some(Self::V1_VARIABLE),
            Self::Variable(name) => Some(name),
            Self::Minted | Self::Github | Self::File(_) => None,
        }
    }
}

impl fmt::Display for TokenOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CircleciV2 => f.write_str(Self::V2_VARIABLE),
            Self::CircleciV1 => f.write_str(Self::V1_VARIABLE),
            Self::Minted => f.write_str("`circleci run oidc get`"),
            Self::Github => f.write_str("GitHub's token endpoint"),
            Self::File(path) => write!(f, "the file `{}`", path.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_told_as_the_user_knows_it() {
        for (origin, words) in [
            (TokenOrigin::CircleciV2, "CIRCLE_OIDC_TOKEN_V2"),
            (TokenOrigin::CircleciV1, "CIRCLE_OIDC_TOKEN"),
            (TokenOrigin::Minted, "`circleci run oidc get`"),
            (TokenOrigin::Github, "GitHub's token endpoint"),
            (TokenOrigin::File("a/token".into()), "the file `a/token`"),
            (TokenOrigin::Variable("CIRCLE_OIDC_TOKEN_V2".to_owned()), "CIRCLE_OIDC_TOKEN_V2"),
        ] {
            assert_eq!(origin.to_string(), words);
            assert_eq!(origin.variable(), words.starts_with("CIRCLE").then_some(words));
        }
    }
}
