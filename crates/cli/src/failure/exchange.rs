//! `assume` without its credentials: which step failed, with which claims, and what the role's owner can do.

use sts::{Asked, AskedFromRole, AskedWithToken};

use super::{ExitStatus, Failure};
use crate::exchange::flow::{ExchangeError, Failed, Step};
use crate::exchange::network::Network;
use crate::exchange::sts_client::CallError;
use crate::exchange::token_source::FoundToken;

const EXPIRED: &str = "take a fresh one with `--token-source mint`, or assume the role earlier in the job: the token \
                       is issued before the job starts and ends about an hour later";

impl Failure {
    /// No credentials came from STS.
    pub(crate) fn of_exchange(failed: &Failed<'_>, network: &Network) -> Self {
        let Failed { error, attempts, step } = failed;
        let failure = match error {
            ExchangeError::Expired { .. } => Self::of(ExitStatus::Token, error).hint(EXPIRED),
            ExchangeError::Call(call) => Self::of_call(call, network, asked(step)),
        };
        let mut failure = failure.after(*attempts, network);
        match step {
            Step::Token { asked, found, also_denied } => {
                if let Some(place) = also_denied {
                    failure.causes.push(format!("STS denied {place} as well, whose `sub` has no branch"));
                }
                if !matches!(error, ExchangeError::Call(CallError::Transport { .. })) {
                    failure.details.insert(0, ("token:", claims_in_words(found)));
                }
                failure.while_doing(format!("cannot assume `{}`", asked.role))
            }
            Step::Hop { hop, caller, .. } => {
                failure.while_doing(format!("cannot go on to `{}` from `{caller}`", hop.role))
            }
        }
    }

    /// The token would be refused for every role.
    pub(crate) fn of_expired(error: &ExchangeError, found: &FoundToken) -> Self {
        let details = vec![("token:", claims_in_words(found))];
        Self { details, ..Self::of(ExitStatus::Token, error).hint(EXPIRED) }
    }
}

/// What a refusal has to be compared with.
fn claims_in_words(found: &FoundToken) -> String {
    let claims = found.token.claims();
    format!(
        "iss `{}`, aud `{}`, sub `{}` (from {})",
        claims.issuer, claims.audience, claims.subject, found.place
    )
}

/// What STS was asked, for the explanation of its answer.
fn asked<'a>(step: &'a Step<'_>) -> Asked<'a> {
    match step {
        Step::Token { asked, found, also_denied } => Asked::WithToken(AskedWithToken {
            request: asked.request(&found.token),
            place: &found.place,
            also_denied: also_denied.as_deref(),
        }),
        Step::Hop { hop, session_name, caller } => {
            Asked::FromRole(AskedFromRole { request: hop.request(session_name), caller })
        }
    }
}
