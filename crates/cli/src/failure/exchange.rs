//! `assume` without its credentials: which step failed, with which claims, and what the role's owner can do.

use sts::{Asked, AskedFromRole, AskedWithToken};

use super::{ExitStatus, Failure};
use crate::call::CallError;
use crate::flow::{ExchangeError, Failed, Step, first_request};
use crate::settings::AssumeSettings;

impl Failure {
    /// No credentials came from STS.
    pub(crate) fn of_exchange(failed: &Failed<'_>, settings: &AssumeSettings) -> Self {
        let Failed { error, attempts, step } = failed;
        let failure = match error {
            ExchangeError::Expired { .. } => Self::of(ExitStatus::Token, error).hint(
                "take a fresh one with `--token-source mint`, or assume the role earlier in the job: the token is \
                 issued before the job starts and ends about an hour later",
            ),
            ExchangeError::Call(call) => Self::of_call(call, &settings.network, asked(step, settings)),
        };
        let mut failure = failure.after(*attempts, &settings.network);
        match step {
            Step::Token { found, also_denied } => {
                if let Some(place) = also_denied {
                    failure.causes.push(format!("STS denied {place} as well, whose `sub` has no branch"));
                }
                if !matches!(error, ExchangeError::Call(CallError::Transport { .. })) {
                    let claims = found.token.claims();
                    let token = format!(
                        "iss `{}`, aud `{}`, sub `{}` (from {})",
                        claims.issuer, claims.audience, claims.subject, found.place
                    );
                    failure.details.insert(0, ("token:", token));
                }
                failure.while_doing(format!("cannot assume `{}`", settings.role))
            }
            Step::Hop { hop, caller } => {
                failure.while_doing(format!("cannot go on to `{}` from `{caller}`", hop.role))
            }
        }
    }
}

/// What STS was asked, for the explanation of its answer.
fn asked<'a>(step: &'a Step<'_>, settings: &'a AssumeSettings) -> Asked<'a> {
    match step {
        Step::Token { found, also_denied } => Asked::WithToken(AskedWithToken {
            request: first_request(settings, &found.token),
            place: &found.place,
            also_denied: also_denied.as_deref(),
        }),
        Step::Hop { hop, caller } => {
            Asked::FromRole(AskedFromRole { request: hop.request(&settings.session_name), caller })
        }
    }
}
