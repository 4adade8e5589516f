//! Finds the token: an existing one, or a new one from the CI system.

use crate::exchange::network::Network;
use crate::exchange::progress::OnProgress;
use crate::exchange::request::TokenRequest;
use crate::exchange::token_source::{
    ExpectedAudience, FoundToken, TokenCandidates, TokenError, TokenSource, automatic, github, mint,
};
use crate::io::clock::{self, Deadline};
use crate::io::environment::Environment;

/// The token request, and what is needed to send it.
pub(crate) struct TokenSearch<'a> {
    /// Source and expected audience.
    pub(crate) request: &'a TokenRequest,
    /// The job's variables.
    pub(crate) environment: &'a Environment,
    /// The proxy and limits, as for STS.
    pub(crate) network: &'a Network,
    /// The certificates that TLS trusts.
    pub(crate) roots: &'a rustls::ClientConfig,
    /// When to give up.
    pub(crate) deadline: Deadline,
}

impl TokenSearch<'_> {
    /// Finds the token and checks its audience.
    pub(crate) async fn run(&self, on_progress: OnProgress<'_>) -> Result<TokenCandidates, TokenError> {
        let audience = self.request.audience.as_ref();
        let mut found = match &self.request.source {
            source if source.is_auto_for_circleci(self.environment) => {
                automatic::find(self, on_progress).await?
            }
            TokenSource::Mint => {
                let minted = mint::fetch(self, None, on_progress).await;
                minted.map(TokenCandidates::only).map_err(TokenError::Mint)?
            }
            source => match source.existing_token(self.environment)? {
                Some(found) => found,
                None => github::fetch(self, on_progress).await.map(TokenCandidates::only)?,
            },
        };
        found.first.require_audience(audience)?;
        // A second token that STS would refuse anyway is dropped.
        let now = clock::now();
        found.second = found.second.filter(|second| {
            second.require_audience(audience).is_ok() && !second.token.claims().expired_at(now)
        });
        Ok(found)
    }
}

impl FoundToken {
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
