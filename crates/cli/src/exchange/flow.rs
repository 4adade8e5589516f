//! The story: a token that is fresh, a question to STS, once more with the other form of the token where only its
//! `sub` may be in the way, and from there from role to role.

mod one_role;

use aws::{SessionDuration, SessionName, SessionPolicies, Timestamp};
use sts::Granted;

use crate::exchange::chain::Hop;
use crate::exchange::progress::{Progress, Tell};
use crate::exchange::sts_client::{CallError, Line};
use crate::exchange::token_source::{Found, FoundToken};
use crate::report::Report;
use crate::settings::SessionSettings;
pub(crate) use one_role::{TokenRole, check_not_expired, go_on};

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExchangeError {
    /// STS would only say the same.
    #[error("the token from {place} expired at {at}, it is now {now}")]
    Expired {
        /// The variable or file.
        place: String,
        /// The token's `exp`.
        at: Timestamp,
        /// This machine's clock.
        now: Timestamp,
    },
    /// STS gave none.
    #[error(transparent)]
    Call(CallError),
}

/// The exchange worked.
pub(crate) struct Exchanged {
    /// What STS gave for the last role.
    pub(crate) granted: Granted,
    /// Where the token that it took came from.
    pub(crate) place: String,
}

/// The exchange failed.
pub(crate) struct Failed<'a> {
    /// Why.
    pub(crate) error: ExchangeError,
    /// How often STS was asked.
    pub(crate) attempts: u32,
    /// At which role.
    pub(crate) step: Step<'a>,
}

/// The role that could not be assumed, and with what it was tried.
pub(crate) enum Step<'a> {
    /// The first one, with a token.
    Token {
        /// What was asked for.
        asked: TokenRole<'a>,
        /// The token, for its claims.
        found: Box<FoundToken>,
        /// Where the token with the other form of `sub` came from, if STS denied that too.
        also_denied: Option<String>,
    },
    /// One further down the chain, with credentials.
    Hop {
        /// What was asked for there.
        hop: &'a Hop,
        /// Under this name.
        session_name: &'a SessionName,
        /// Whose credentials: the ARN of the session before.
        caller: String,
    },
}

/// One exchange: what is asked, and of whom.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    /// What the user wants.
    pub(crate) settings: &'a SessionSettings,
    /// The way to STS.
    pub(crate) line: Line<'a>,
}

impl<'a> Exchange<'a> {
    /// Swaps the token for credentials, and those for the credentials of the chain's roles.
    pub(crate) fn run(&self, found: &Found, report: &Report) -> Result<Exchanged, Box<Failed<'a>>> {
        let tell = |progress: &Progress<'_>| progress.print(report);
        self.line.https.block_on(self.role_by_role(found, &tell, report))
    }

    async fn role_by_role(
        &self,
        found: &Found,
        tell: Tell<'_>,
        report: &Report,
    ) -> Result<Exchanged, Box<Failed<'a>>> {
        let Self { settings, line } = *self;
        let mut exchanged = first_role(settings).assume(found, line, tell).await?;
        for hop in &settings.chain {
            report.event(&format!("assumed {}", exchanged.granted.role_session_arn));
            exchanged.granted = go_on(&exchanged.granted, hop, &settings.session_name, line, tell).await?;
        }
        Ok(exchanged)
    }
}

/// What is asked for with the token: the credentials that are handed on, or those that ask for the next role.
fn first_role(settings: &SessionSettings) -> TokenRole<'_> {
    const UNLIMITED: &SessionPolicies = &SessionPolicies::NONE;
    let is_last = settings.chain.is_empty();
    TokenRole {
        role: &settings.role,
        session_name: &settings.session_name,
        duration: if is_last { settings.duration } else { SessionDuration::SHORTEST },
        policies: if is_last { &settings.policies } else { UNLIMITED },
    }
}

impl ExchangeError {
    /// STS does not let the caller in.
    pub(crate) fn is_access_denied(&self) -> bool {
        matches!(self, Self::Call(error) if error.is_access_denied())
    }
}
