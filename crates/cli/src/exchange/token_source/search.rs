//! Getting the token: from where it lies, or from whoever gives the job one.

use crate::exchange::network::Network;
use crate::exchange::token_source::{
    Found, TokenError, TokenSource, WantedAudience, automatic, github, mint,
};
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::report::Report;

/// What is looked for, and what it takes to ask for it.
pub(crate) struct Search<'a> {
    /// What the user named.
    pub(crate) source: &'a TokenSource,
    /// Whom the token has to be for, if that was said.
    pub(crate) audience: Option<&'a WantedAudience>,
    /// The job's variables.
    pub(crate) environment: &'a Environment,
    /// The limits and routes that hold for STS.
    pub(crate) network: &'a Network,
    /// Whom TLS trusts.
    pub(crate) roots: &'a rustls::ClientConfig,
    /// When to give up.
    pub(crate) deadline: Deadline,
}

impl Search<'_> {
    /// Reads the token, and takes it apart far enough to say what is wrong with it.
    pub(crate) fn run(&self, report: &mut Report) -> Result<Found, TokenError> {
        let mut found = match self.source {
            source if source.is_circlecis_choice(self.environment) => automatic::find(self, report)?,
            TokenSource::Mint => {
                mint::fetch(self, None, report).map(Found::only).map_err(TokenError::Mint)?
            }
            source => match source.at_hand(self.environment)? {
                Some(found) => found,
                None => github::fetch(self, report).map(Found::only)?,
            },
        };
        found.first.require_audience(self.audience)?;
        // It may be shown too, and STS would refuse it in the words that it has for any other flaw.
        found.second = found.second.filter(|second| second.require_audience(self.audience).is_ok());
        Ok(found)
    }
}
