//! Where the job's token comes from, and the tokens found there.

mod automatic;
mod existing;
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
    /// Whether the source gives a fresh token after the current one has expired.
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
    /// The token to send first.
    pub(crate) first: FoundToken,
    /// With `auto`: the token with the other form of `sub`, for roles whose trust policy expects that form.
    second: Option<FoundToken>,
}

impl TokenCandidates {
    fn only(first: FoundToken) -> Self {
        Self { first, second: None }
    }

    /// The token with the other form of `sub`, unless it has expired: STS would refuse it.
    pub(crate) fn second(&self, now: Timestamp) -> Option<&FoundToken> {
        self.second.as_ref().filter(|second| !second.token.claims().expired_at(now))
    }

    /// The origin of the first token, if it is V1, so that its `sub` has no branch.
    pub(crate) fn without_branch(&self) -> Option<&TokenOrigin> {
        let FoundToken { token, origin } = &self.first;
        (token.form() == TokenForm::V1).then_some(origin)
    }
}

impl FoundToken {
    /// How its `sub` differs from that of a V2 token that STS denied, as the end of a clause "whose `sub` …".
    pub(crate) fn difference_to_v2(&self) -> &'static str {
        match self.token.form() {
            TokenForm::V1 | TokenForm::CustomWebhook => "has no branch",
            TokenForm::V2 | TokenForm::Other => "differs",
        }
    }

    /// Refuses a token with another audience: STS's own error does not name the audience as the cause.
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
    fn other_texts_are_refused() {
        for text in ["", "v2", "file:", "env:", "mint:x", "github:x", "file"] {
            assert!(text.parse::<TokenSource>().is_err(), "{text}");
        }
    }
}
