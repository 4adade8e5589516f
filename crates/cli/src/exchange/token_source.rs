//! Where the job's token comes from, as the user names it, and what a source gave.

mod at_hand;
mod automatic;
mod expected_audience;
mod github;
mod mint;
mod search;
mod token_error;

use std::path::PathBuf;

use aws::Timestamp;
use oidc::{Token, TokenForm, TokenOrigin};

use crate::io::environment::{Environment, vars};
pub(crate) use expected_audience::ExpectedAudience;
pub(crate) use github::GithubError;
pub(crate) use mint::MintError;
pub(crate) use search::TokenSearch;
pub(crate) use token_error::TokenError;

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
    "invalid token source `{0}`; expected auto, circleci-v2, circleci-v1, mint, github, file:PATH or env:NAME"
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

/// A token and its origin.
#[derive(Debug, Clone)]
pub(crate) struct FoundToken {
    /// The token.
    pub(crate) token: Token,
    /// Where it came from.
    pub(crate) origin: TokenOrigin,
}

/// The tokens that may be sent to STS.
#[derive(Debug)]
pub(crate) struct TokenCandidates {
    /// The one to send first.
    pub(crate) first: FoundToken,
    /// Of `auto`: the token with the other form of `sub`, for roles whose policy was written for that.
    second: Option<FoundToken>,
}

impl TokenCandidates {
    fn only(first: FoundToken) -> Self {
        Self { first, second: None }
    }

    /// The token with the other form of `sub`, unless it has expired: STS would only say so.
    pub(crate) fn second(&self, now: Timestamp) -> Option<&FoundToken> {
        self.second.as_ref().filter(|second| !second.token.claims().expired_at(now))
    }

    /// The origin of the first token, if its `sub` could name a branch and does not.
    pub(crate) fn without_branch(&self) -> Option<&TokenOrigin> {
        let FoundToken { token, origin } = &self.first;
        (token.form() == TokenForm::V1).then_some(origin)
    }
}

impl FoundToken {
    /// How its `sub` differs from that of a V2 token which STS denied, in words that follow "whose `sub`".
    pub(crate) fn difference_to_v2(&self) -> &'static str {
        match self.token.form() {
            TokenForm::V1 | TokenForm::CustomWebhook => "has no branch",
            TokenForm::V2 | TokenForm::Other => "differs",
        }
    }

    /// Refuses a token for another audience: STS would do so in the same words as for any other flaw.
    pub(crate) fn require_audience(&self, expected: Option<&ExpectedAudience>) -> Result<(), TokenError> {
        let audience = &self.token.claims().audience;
        match expected {
            Some(expected) if !audience.is(expected.as_str()) => Err(TokenError::Audience {
                origin: self.origin.clone(),
                found: audience.to_string(),
                expected: expected.as_str().to_owned(),
            }),
            _ => Ok(()),
        }
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
