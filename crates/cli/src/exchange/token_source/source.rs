//! A token source, as `--token-source` names it.

use std::path::PathBuf;

use crate::io::environment::{Environment, vars};
use crate::io::files::user_path::{self, InvalidPath};

/// A token source, as `--token-source` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenSource {
    /// The default of this CI system.
    Auto,
    /// Only `CIRCLE_OIDC_TOKEN_V2`.
    CircleciV2,
    /// Only `CIRCLE_OIDC_TOKEN`.
    CircleciV1,
    /// A fresh token from the CircleCI CLI.
    Mint,
    /// GitHub's token endpoint.
    Github,
    /// A file that holds a token.
    File(PathBuf),
    /// A variable that holds a token.
    Env(String),
}

/// A text that is not a token source.
#[derive(Debug, thiserror::Error)]
#[error(
    "invalid token source `{0}`; expected auto, circleci-v2, circleci-v1, mint, github, file:PATH or env:NAME"
)]
pub(crate) struct InvalidTokenSource(String);

impl TokenSource {
    /// The words that name one.
    pub(crate) const WORDS: [&str; 7] =
        ["auto", "circleci-v2", "circleci-v1", "mint", "github", "file:PATH", "env:NAME"];

    /// Whether the token is requested from GitHub's token endpoint.
    pub(crate) fn is_github(&self, environment: &Environment) -> bool {
        match self {
            Self::Github => true,
            Self::Auto => environment.is_true(vars::GITHUB_ACTIONS),
            Self::Mint | Self::CircleciV2 | Self::CircleciV1 | Self::File(_) | Self::Env(_) => false,
        }
    }

    /// The source with the path of its file resolved: a leading `~/` is the home directory.
    pub(crate) fn with_home(self, environment: &Environment) -> Result<Self, InvalidPath> {
        match self {
            Self::File(path) => user_path::resolve(&path.to_string_lossy(), environment).map(Self::File),
            other => Ok(other),
        }
    }
}

impl std::str::FromStr for TokenSource {
    type Err = InvalidTokenSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match (text, text.split_once(':')) {
            ("auto", _) => Ok(Self::Auto),
            ("circleci-v2", _) => Ok(Self::CircleciV2),
            ("circleci-v1", _) => Ok(Self::CircleciV1),
            ("mint", _) => Ok(Self::Mint),
            ("github", _) => Ok(Self::Github),
            (_, Some(("file", path))) if !path.is_empty() => Ok(Self::File(path.into())),
            (_, Some(("env", name))) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            _ => Err(InvalidTokenSource(text.escape_debug().to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "v2", "file:", "env:", "mint:x", "github:x", "file"] {
            assert!(text.parse::<TokenSource>().is_err(), "{text}");
        }
    }

    #[test]
    fn each_word_is_a_source_and_expected() {
        let expected = InvalidTokenSource(String::new()).to_string().replace(" or ", ", ");
        assert!(expected.ends_with(&TokenSource::WORDS.join(", ")), "{expected}");
        for word in TokenSource::WORDS {
            assert!(word.parse::<TokenSource>().is_ok(), "{word}");
        }
    }
}
