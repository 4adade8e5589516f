//! `assume` without its credentials: which step failed, with which claims, and what the role's owner can do.

use oidc::SubjectForm;
use sts::{Refusal, hint_for, hint_for_role};

use super::{ExitStatus, Failure};
use crate::call::CallError;
use crate::flow::{ExchangeError, Failed, Step};
use crate::io::clock;
use crate::settings::AssumeSettings;

impl Failure {
    /// No credentials came from STS.
    pub(crate) fn of_exchange(failed: &Failed, settings: &AssumeSettings) -> Self {
        let Failed { error, attempts, step } = failed;
        let failure = match error {
            ExchangeError::Expired { .. } => Self::of(ExitStatus::Token, error).hint(
                "assume the role earlier in the job: the token is issued before the job starts and ends about \
                 an hour later",
            ),
            ExchangeError::Call(call) => {
                Self::of_call(call, &settings.network, |refusal| refusal_hint(refusal, step, settings))
            }
        };
        let mut failure = failure.after(*attempts, &settings.network);
        match step {
            Step::Token { found, also_denied } => {
                if let Some(place) = also_denied {
                    failure.causes.push(format!("STS denied {place} as well, whose `sub` has no branch"));
                }
                if !matches!(error, ExchangeError::Call(CallError::Transport { .. })) {
                    let claims = found.token.claims();
                    failure.token = Some(format!(
                        "iss `{}`, aud `{}`, sub `{}` (from {})",
                        claims.issuer, claims.audience, claims.subject, found.place
                    ));
                }
                failure.while_doing(format!("cannot assume `{}`", settings.role))
            }
            Step::Hop { role, caller } => {
                failure.while_doing(format!("cannot go on to `{role}` from `{caller}`"))
            }
        }
    }
}

fn refusal_hint(refusal: &Refusal, step: &Step, settings: &AssumeSettings) -> Option<String> {
    match step {
        Step::Token { found, also_denied } => {
            let claims = found.token.claims();
            let suspect = match also_denied {
                Some(_) => SubjectForm::Other,
                None => SubjectForm::of(&claims.subject),
            };
            hint_for(refusal, &settings.role, claims, suspect)
        }
        Step::Hop { role, caller } => hint_for_role(refusal, role, caller, clock::now()),
    }
}
