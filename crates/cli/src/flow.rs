//! The story: a token that is fresh, a question to STS, once more with the other form of the token where only its
//! `sub` may be in the way, and from there from role to role.

use aws::{Credentials, SessionDuration, SessionPolicies, Timestamp};
use oidc::Token;
use sts::{AssumeRoleWithWebIdentity, Granted, Operation, SigningKeys, signed_headers};

use crate::call::{Call, CallError, Line};
use crate::chain::Hop;
use crate::io::clock;
use crate::report::Report;
use crate::settings::AssumeSettings;
use crate::token_source::{Found, FoundToken};

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
        /// The token, for its claims.
        found: FoundToken,
        /// Where the token with the other form of `sub` came from, if STS denied that too.
        also_denied: Option<String>,
    },
    /// One further down the chain, with credentials.
    Hop {
        /// What was asked for there.
        hop: &'a Hop,
        /// Whose credentials: the ARN of the session before.
        caller: String,
    },
}

/// One exchange: what is asked, and of whom.
pub(crate) struct Exchange<'a> {
    /// What the user wants.
    pub(crate) settings: &'a AssumeSettings,
    /// The way to STS.
    pub(crate) line: Line<'a>,
}

impl<'a> Exchange<'a> {
    /// Swaps the token for credentials, and those for the credentials of the chain's roles.
    pub(crate) fn run(&self, found: Found, report: &mut Report) -> Result<Exchanged, Box<Failed<'a>>> {
        let mut exchanged = self.swap(found, report)?;
        for hop in &self.settings.chain {
            report.event(&format!("assumed {}", exchanged.granted.role_session_arn));
            let before = exchanged.granted;
            exchanged.granted = self.go_on(&before, hop, report).map_err(|(error, attempts)| {
                let step = Step::Hop { hop, caller: before.role_session_arn };
                Box::new(Failed { error: ExchangeError::Call(error), attempts, step })
            })?;
        }
        Ok(exchanged)
    }

    fn swap(&self, found: Found, report: &mut Report) -> Result<Exchanged, Box<Failed<'a>>> {
        let Found { first, second } = found;
        if first.is_v1() {
            report
                .note("CIRCLE_OIDC_TOKEN is used: its `sub` ends after `user/…`, without origin and branch");
        }
        let mut failed = match self.show(first, report) {
            Ok(exchanged) => return Ok(exchanged),
            Err(failed) => failed,
        };
        let (Some(second), Step::Token { found: first, also_denied }) = (second, &mut failed.step) else {
            return Err(failed);
        };
        if !failed.error.is_access_denied() {
            return Err(failed);
        }
        let place = second.place.clone();
        report.note(&format!(
            "STS denies the `sub` of {}: trying {place}, whose `sub` has no branch",
            first.place
        ));
        match self.show(second, report) {
            Ok(exchanged) => {
                report.note("the role trusts the V1 `sub`: `token-source: circleci-v1` spares a request");
                Ok(exchanged)
            }
            Err(later) if later.error.is_access_denied() => {
                *also_denied = Some(place);
                Err(failed)
            }
            Err(later) => Err(later),
        }
    }

    /// One token.
    fn show(&self, found: FoundToken, report: &mut Report) -> Result<Exchanged, Box<Failed<'a>>> {
        let now = clock::now();
        let claims = found.token.claims();
        let failed = |error, attempts, found| {
            Box::new(Failed { error, attempts, step: Step::Token { found, also_denied: None } })
        };
        if claims.expired_at(now) {
            let error = ExchangeError::Expired { place: found.place.clone(), at: claims.expires_at, now };
            return Err(failed(error, 0, found));
        }
        let form = first_request(self.settings, &found.token).to_form();
        let call = Call { form: &form, sign: &Vec::new, secret: found.token.expose() };
        match self.line.ask(&call, |answer| answer.granted(Operation::AssumeRoleWithWebIdentity), report) {
            Ok(granted) => Ok(Exchanged { granted, place: found.place }),
            Err((error, attempts)) => Err(failed(ExchangeError::Call(error), attempts, found)),
        }
    }

    /// From one role to the next.
    fn go_on(&self, before: &Granted, hop: &Hop, report: &mut Report) -> Result<Granted, (CallError, u32)> {
        let form = hop.request(&self.settings.session_name).to_form();
        let network = self.line.network;
        let credentials: &Credentials = &before.credentials;
        let sign = || {
            let keys = SigningKeys::from(credentials);
            signed_headers(keys, &network.signing_region, &network.endpoint.host(), &form, clock::now())
        };
        let call = Call { form: &form, sign: &sign, secret: credentials.session_token.expose() };
        self.line.ask(&call, |answer| answer.granted(Operation::AssumeRole), report)
    }
}

/// What is asked for with the token: the credentials that are handed on, or those that ask for the next role.
pub(crate) fn first_request<'a>(
    settings: &'a AssumeSettings,
    token: &'a Token,
) -> AssumeRoleWithWebIdentity<'a> {
    const UNLIMITED: &SessionPolicies = &SessionPolicies::NONE;
    let is_last = settings.chain.is_empty();
    AssumeRoleWithWebIdentity {
        role: &settings.role,
        session_name: &settings.session_name,
        duration: if is_last { settings.duration } else { SessionDuration::SHORTEST },
        token,
        policies: if is_last { &settings.policies } else { UNLIMITED },
    }
}

impl ExchangeError {
    fn is_access_denied(&self) -> bool {
        matches!(self, Self::Call(error) if error.is_access_denied())
    }
}
