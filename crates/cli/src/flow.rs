//! The story: a token that is fresh, a question to STS, patience where it helps, and once more with the other
//! form of the token where only its `sub` may be in the way.

use aws::Timestamp;
use sts::retry::pause_before_next;
use sts::{Answer, AssumeRoleWithWebIdentity, Granted, StsError};

use crate::io::clock::{self, Deadline};
use crate::io::https::Https;
use crate::io::tls;
use crate::io::transport_error::TransportError;
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
    /// An answer, but no credentials.
    #[error(transparent)]
    Sts(StsError),
    /// No answer.
    #[error("STS was not reached at `{host}`{via}")]
    Transport {
        /// Host and port.
        host: String,
        /// The proxy, if any.
        via: String,
        /// What happened.
        #[source]
        source: TransportError,
    },
}

/// The exchange worked.
pub(crate) struct Exchanged {
    /// What STS gave.
    pub(crate) granted: Granted,
    /// Where the token that it took came from.
    pub(crate) place: String,
}

/// The exchange failed.
pub(crate) struct Failed {
    /// Why.
    pub(crate) error: ExchangeError,
    /// The token that was shown, for its claims.
    pub(crate) found: FoundToken,
    /// How often STS was asked with it.
    pub(crate) attempts: u32,
    /// Where the token with the other form of `sub` came from, if STS denied that too.
    pub(crate) also_denied: Option<String>,
}

/// One exchange: what is asked, of whom, until when.
pub(crate) struct Exchange<'a> {
    /// What the user wants.
    pub(crate) settings: &'a AssumeSettings,
    /// The connection.
    pub(crate) https: &'a Https,
    /// When to give up.
    pub(crate) deadline: Deadline,
}

impl Exchange<'_> {
    /// Swaps the token for credentials.
    pub(crate) fn run(&self, found: Found, report: &mut Report) -> Result<Exchanged, Box<Failed>> {
        let Found { first, second } = found;
        if first.is_v1() {
            report
                .note("CIRCLE_OIDC_TOKEN is used: its `sub` ends after `user/…`, without origin and branch");
        }
        let mut failed = match self.ask(first, report) {
            Ok(exchanged) => return Ok(exchanged),
            Err(failed) => failed,
        };
        match second {
            Some(second) if failed.is_access_denied() => {
                report.note(&format!(
                    "STS denies the `sub` of {}: trying {}, whose `sub` has no branch",
                    failed.found.place, second.place
                ));
                let place = second.place.clone();
                match self.ask(second, report) {
                    Ok(exchanged) => {
                        report.note(
                            "the role trusts the V1 `sub`: `token-source: circleci-v1` spares a request",
                        );
                        Ok(exchanged)
                    }
                    Err(later) if later.is_access_denied() => {
                        failed.also_denied = Some(place);
                        Err(failed)
                    }
                    Err(later) => Err(later),
                }
            }
            _ => Err(failed),
        }
    }

    /// One token, as many attempts as can help.
    fn ask(&self, found: FoundToken, report: &mut Report) -> Result<Exchanged, Box<Failed>> {
        let now = clock::now();
        let claims = found.token.claims();
        if claims.expired_at(now) {
            let error = ExchangeError::Expired { place: found.place.clone(), at: claims.expires_at, now };
            return Err(Box::new(Failed { error, found, attempts: 0, also_denied: None }));
        }
        let form = AssumeRoleWithWebIdentity {
            role: &self.settings.role,
            session_name: &self.settings.session_name,
            duration: self.settings.duration,
            token: &found.token,
        }
        .to_form();
        let allowed = self.settings.network.max_attempts;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.attempt(&form, &found, report) {
                Ok(granted) => return Ok(Exchanged { granted, place: found.place }),
                Err(error) => error,
            };
            let left = self.deadline.left();
            let Some(pause) =
                pause_before_next(error.class(), attempts, allowed, left, tls::random_fraction())
            else {
                return Err(Box::new(Failed { error, found, attempts, also_denied: None }));
            };
            report.event(&format!(
                "attempt {attempts} of {allowed}: {}; the next one in {:.1} s",
                error.in_short(),
                pause.as_secs_f64()
            ));
            clock::wait(pause);
        }
    }

    fn attempt(
        &self,
        form: &zeroize::Zeroizing<String>,
        found: &FoundToken,
        report: &mut Report,
    ) -> Result<Granted, ExchangeError> {
        let network = &self.settings.network;
        let host = network.endpoint.host();
        let via = network.proxy.as_ref().map(|route| format!(" {}", route.words())).unwrap_or_default();
        let reply = self
            .https
            .post(&network.endpoint, form, self.deadline.left(), || {
                report.event(&format!("waiting for `{host}`{via}"));
            })
            .map_err(|source| ExchangeError::Transport { host: host.clone(), via: via.clone(), source })?;
        let answer = Answer {
            status: reply.status,
            content_type: reply.content_type.as_deref(),
            request_id: reply.request_id.as_deref(),
            body: &reply.body,
        };
        answer.granted().map_err(|error| match error {
            // An endpoint may send back what it was sent.
            StsError::Refused(refusal) => {
                ExchangeError::Sts(StsError::Refused(refusal.without(found.token.expose())))
            }
            other @ StsError::Unreadable(_) => ExchangeError::Sts(other),
        })
    }
}

impl ExchangeError {
    fn class(&self) -> sts::retry::Class {
        match self {
            Self::Expired { .. } => sts::retry::Class::Permanent,
            Self::Sts(error) => error.class(),
            Self::Transport { source, .. } => source.class(),
        }
    }

    /// Without the chain: for a line about a retry.
    fn in_short(&self) -> String {
        match self {
            Self::Transport { source, .. } => source.to_string(),
            Self::Sts(StsError::Refused(refusal)) => format!("STS answered `{}`", refusal.code),
            other => other.to_string(),
        }
    }
}

impl Failed {
    fn is_access_denied(&self) -> bool {
        matches!(&self.error, ExchangeError::Sts(StsError::Refused(refusal)) if refusal.code == "AccessDenied")
    }
}
