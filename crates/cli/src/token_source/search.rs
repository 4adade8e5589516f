//! Getting the token: from where it lies, or from whoever gives the job one.

use crate::environment::Environment;
use crate::io::clock::Deadline;
use crate::network::Network;
use crate::report::Report;
use crate::token_source::{Found, FoundToken, TokenError, TokenSource, WantedAudience, github};

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
        let found = match self.source.at_hand(self.environment)? {
            Some(found) => found,
            None => github::fetch(self, report).map(Found::only)?,
        };
        self.require_audience(&found.first)?;
        Ok(found)
    }

    /// STS would refuse it in the same words as any other flaw.
    fn require_audience(&self, found: &FoundToken) -> Result<(), TokenError> {
        let audience = &found.token.claims().audience;
        match self.audience {
            Some(wanted) if !audience.is(wanted.as_str()) => Err(TokenError::Audience {
                place: found.place.clone(),
                found: audience.to_string(),
                wanted: wanted.as_str().to_owned(),
            }),
            _ => Ok(()),
        }
    }
}
