//! Why there is no session, with the step of [`acquisition`](super::acquisition) that failed.

use std::time::Duration;

use aws::{Credentials, Timestamp};
use export::InvalidSessionValue;

use crate::exchange::account_guard::AccountError;
use crate::exchange::assume_role::{RoleFailure, TokenExpired};
use crate::exchange::endpoint_guard::EndpointGuardError;
use crate::exchange::job_guard::JobGuardError;
use crate::exchange::scoping::ScopeFailure;
use crate::exchange::token_source::{FoundToken, GithubError, TokenError};
use crate::io::clock;
use crate::io::http::tls::TlsError;
use crate::io::http::transport_error::TransportError;

/// Why there is no session.
pub(crate) enum AcquisitionError<'a> {
    /// Accounts that are refused, each with its role's index in the request.
    Accounts(Vec<(usize, AccountError)>),
    /// No TLS client.
    Tls(TlsError),
    /// A host that is refused.
    Endpoint(EndpointGuardError),
    /// No token.
    Token(TokenError),
    /// A token that has expired.
    Expired(TokenExpired, Box<FoundToken>),
    /// A job that is refused.
    Job(JobGuardError),
    /// No client.
    SetUp(TransportError),
    /// A role that could not be assumed.
    Role(Box<RoleFailure<'a>>),
    /// Credentials that could not be narrowed.
    Scope(Box<ScopeFailure<'a>>),
    /// Credentials of an account that is refused.
    Account(AccountError),
    /// Credentials that were no longer valid when they arrived.
    Stale(StaleSession),
    /// Credentials with an invalid value.
    Value(InvalidSessionValue),
}

/// A session that has ended before it is used.
#[derive(Debug, thiserror::Error)]
#[error("the credentials in the response expired at {until}; it is {now} here")]
pub(crate) struct StaleSession {
    /// When it ended.
    pub(super) until: Timestamp,
    /// This machine's time.
    pub(super) now: Timestamp,
}

impl StaleSession {
    /// Refuses credentials that have expired.
    pub(crate) fn check(credentials: &Credentials) -> Result<(), Self> {
        let (until, now) = (credentials.expiration, clock::now());
        if until.seconds_since(now) > 0 { Ok(()) } else { Err(Self { until, now }) }
    }
}

impl AcquisitionError<'_> {
    /// Whether a guard refused: then cached credentials must not be used either.
    pub(crate) fn is_guard_refusal(&self) -> bool {
        matches!(self, Self::Accounts(_) | Self::Endpoint(_) | Self::Job(_) | Self::Account(_))
    }

    /// The pause that the server asks for before another request.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Role(failed) => failed.attempts.asked,
            Self::Scope(failed) => failed.attempts.asked,
            Self::Token(TokenError::Github(GithubError::Status { retry_after, .. })) => *retry_after,
            _ => None,
        }
    }

    /// Whether nothing was sent and no program was started.
    pub(crate) fn is_local(&self) -> bool {
        match self {
            // A token may have been minted for the job guard; nothing is cached past it.
            Self::Accounts(_)
            | Self::Tls(_)
            | Self::Endpoint(_)
            | Self::Job(_)
            | Self::Expired(..)
            | Self::SetUp(_) => true,
            Self::Token(error) => error.is_local(),
            Self::Role(_) | Self::Scope(_) | Self::Account(_) | Self::Stale(_) | Self::Value(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::retry::{Attempts, End};
    use crate::exchange::scoping::ScopeError;

    #[test]
    fn the_pause_that_a_server_asks_for_is_told_whichever_server_it_was() {
        let asked = Some(Duration::from_secs(7));
        let host = "token.example".to_owned();
        let refused = GithubError::Status { host, status: 503, retry_after: asked, after: String::new() };
        assert_eq!(AcquisitionError::Token(TokenError::Github(refused)).retry_after(), asked);
        let scope = sts::Scope::new(None, Some("15m".parse().unwrap()), None).unwrap();
        let failed = ScopeFailure {
            error: ScopeError::NotRegional(sts::NotRegional::NoRegion),
            attempts: Attempts { made: 1, end: End::Permanent, asked },
            scope: &scope,
            caller: "arn:aws:sts::123456789012:assumed-role/deploy/job".parse().unwrap(),
        };
        assert_eq!(AcquisitionError::Scope(Box::new(failed)).retry_after(), asked);
    }
}
