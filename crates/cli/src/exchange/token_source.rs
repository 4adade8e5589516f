//! Where the job's token comes from, as the user names it, and what a source gave.

mod at_hand;
mod automatic;
mod github;
mod mint;
mod search;
mod token_error;
mod wanted_audience;

use std::path::PathBuf;

use oidc::{SubjectForm, Token};

use crate::io::environment::{Environment, vars};
pub(crate) use github::GithubError;
pub(crate) use mint::MintError;
pub(crate) use search::Search;
pub(crate) use token_error::TokenError;
pub(crate) use wanted_audience::WantedAudience;

/// Where to look for the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenSource {
    /// Whatever this CI offers.
    Auto,
    /// `CIRCLE_OIDC_TOKEN_V2` and nothing else.
    CircleciV2,
    /// `CIRCLE_OIDC_TOKEN` and nothing else.
    CircleciV1,
    /// A fresh one from CircleCI's own program.
    Mint,
    /// GitHub's token endpoint.
    Github,
    /// A file that holds a token.
    File(PathBuf),
    /// A variable that holds a token.
    Env(String),
}

/// A text that names no source.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no token source: write auto, circleci-v2, circleci-v1, mint, github, file:PATH or env:NAME"
)]
pub(crate) struct InvalidTokenSource(String);

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

impl TokenSource {
    /// Whether there will be a fresh token when the one at hand has expired.
    pub(crate) fn can_renew(&self, environment: &Environment) -> bool {
        match self {
            Self::Auto => environment.is_true(vars::GITHUB_ACTIONS) || automatic::can_mint(environment),
            Self::Mint | Self::Github => true,
            Self::CircleciV2 | Self::CircleciV1 | Self::File(_) | Self::Env(_) => false,
        }
    }
}

/// A token and the place that it was found in.
#[derive(Debug, Clone)]
pub(crate) struct FoundToken {
    /// The token.
    pub(crate) token: Token,
    /// The variable or file, for words to the user.
    pub(crate) place: String,
}

/// What a source gave.
#[derive(Debug)]
pub(crate) struct Found {
    /// The token to show first.
    pub(crate) first: FoundToken,
    /// Of `auto`: the token with the other form of `sub`, for roles whose policy was written for that.
    pub(crate) second: Option<FoundToken>,
}

impl Found {
    fn only(first: FoundToken) -> Self {
        Self { first, second: None }
    }
}

impl Found {
    /// What the user may not expect of the token that is shown first.
    pub(crate) fn note(&self) -> Option<&'static str> {
        let note = "CIRCLE_OIDC_TOKEN is used: its `sub` ends after `user/…`, without origin and branch";
        self.first.is_v1().then_some(note)
    }
}

impl FoundToken {
    /// Refuses a token for somebody else: STS would do so in the same words as for any other flaw.
    pub(crate) fn require_audience(&self, wanted: Option<&WantedAudience>) -> Result<(), TokenError> {
        let audience = &self.token.claims().audience;
        match wanted {
            Some(wanted) if !audience.is(wanted.as_str()) => Err(TokenError::Audience {
                place: self.place.clone(),
                found: audience.to_string(),
                wanted: wanted.as_str().to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether its `sub` is the short form although branches could have been in it.
    fn is_v1(&self) -> bool {
        self.place == vars::CIRCLE_OIDC_TOKEN
            && SubjectForm::of(&self.token.claims().subject) == SubjectForm::WithoutVcs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_are_refused() {
        for text in ["", "v2", "file:", "env:", "mint:x", "github:x", "file"] {
            assert!(text.parse::<TokenSource>().is_err(), "{text}");
        }
    }
}
