//! The tokens that may be sent to STS, with their origins. Data, made by the sources and shown by progress and failures.

use aws::Timestamp;
use oidc::{Token, TokenForm, TokenOrigin};

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
    pub(super) second: Option<FoundToken>,
}

impl TokenCandidates {
    pub(super) fn only(first: FoundToken) -> Self {
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
}
