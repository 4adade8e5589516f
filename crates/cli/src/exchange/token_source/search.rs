//! Getting the token: from where it is, or from whoever issues one to the job.

use crate::exchange::network::Network;
use crate::exchange::progress::OnProgress;
use crate::exchange::request::TokenRequest;
use crate::exchange::token_source::{TokenCandidates, TokenError, TokenSource, automatic, github, mint};
use crate::io::clock::{self, Deadline};
use crate::io::environment::Environment;

/// What is looked for, and what it takes to request it.
pub(crate) struct TokenSearch<'a> {
    /// Source and expected audience.
    pub(crate) request: &'a TokenRequest,
    /// The job's variables.
    pub(crate) environment: &'a Environment,
    /// The limits and the proxy that hold for STS.
    pub(crate) network: &'a Network,
    /// The certificates that TLS trusts.
    pub(crate) roots: &'a rustls::ClientConfig,
    /// When to give up.
    pub(crate) deadline: Deadline,
}

impl TokenSearch<'_> {
    /// Reads the token far enough to say what is wrong with it.
    pub(crate) async fn run(&self, on_progress: OnProgress<'_>) -> Result<TokenCandidates, TokenError> {
        let audience = self.request.audience.as_ref();
        let mut found = match &self.request.source {
            source if source.is_circlecis_choice(self.environment) => {
                automatic::find(self, on_progress).await?
            }
            TokenSource::Mint => {
                let minted = mint::fetch(self, None, on_progress).await;
                minted.map(TokenCandidates::only).map_err(TokenError::Mint)?
            }
            source => match source.at_hand(self.environment)? {
                Some(found) => found,
                None => github::fetch(self, on_progress).await.map(TokenCandidates::only)?,
            },
        };
        found.first.require_audience(audience)?;
        // It may be sent too, and STS would refuse it: for its audience in the words that it has for any other flaw.
        let now = clock::now();
        found.second = found.second.filter(|second| {
            second.require_audience(audience).is_ok() && !second.token.claims().expired_at(now)
        });
        Ok(found)
    }
}
