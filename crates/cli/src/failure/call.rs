//! A failed call to STS: whether STS refused it or was not reached, and through which proxy. The same for every
//! command; the caller adds what was requested.

use sts::retry::Class;
use sts::{IdentityRequest, Refusal, RefusedCall, RefusedRequest, StsError, explain};

use super::denial::details_and_hint;
use super::details::{Details, RefusalFacts};
use super::unreached::responding_server;
use super::{ExitStatus, Failure};
use crate::credentials::FoundCredentials;
use crate::exchange::network::Network;
use crate::exchange::retry::Attempts;
use crate::exchange::sts_client::CallError;
use crate::io::clock;

impl Failure {
    /// STS did not return the identity of these credentials.
    pub(crate) fn of_identity(
        error: &CallError,
        attempts: Attempts,
        found: &FoundCredentials,
        network: &Network,
    ) -> Self {
        let request = RefusedRequest::Identity(IdentityRequest {
            access_key_id: &found.credentials.access_key_id,
            with_session_token: found.credentials.session_token.is_some(),
            with_older_variable: found.with_older_variable,
        });
        let mut failure = Self::of_call(error, network, request);
        if error.is_unknown_key() && attempts.made > 1 {
            failure.causes.push(format!(
                "gave up after {} attempts, because STS may need some seconds to know new keys",
                attempts.made
            ));
        } else {
            failure = failure.with_attempts(attempts, network);
        }
        failure.while_doing(format!("the identity of these credentials is unknown: {}", found.source))
    }

    /// A failed call, with the facts about the refusal, if it is one, or about the network path.
    pub(super) fn of_call(error: &CallError, network: &Network, request: RefusedRequest<'_>) -> Self {
        match error {
            CallError::Sts(StsError::Refused(refusal)) => {
                let permanent = refusal.class() == Class::Permanent;
                let status = if permanent { ExitStatus::Refused } else { ExitStatus::NotReached };
                let failure = Self::of(status, error);
                let call = RefusedCall { request, region: &network.signing_region, now: clock::now() };
                let (code, request_id) = (refusal.code.clone(), refusal.request_id.clone());
                let facts = Some(RefusalFacts { code, request_id });
                let (details, hint) = match explain(refusal, &call) {
                    Some(explanation) => {
                        let (details, hint) = details_and_hint(explanation, &call.request);
                        (Details { is_denial: error.is_access_denied(), ..details }, hint)
                    }
                    None => (Details::default(), hint_for_unknown(refusal, network)),
                };
                let details = Details { refusal: facts, ..details };
                Self { details: details.into(), ..failure }.hint(hint)
            }
            CallError::Sts(StsError::Unreadable(_)) => {
                Self::of(ExitStatus::NotReached, error).hint(responding_server(network))
            }
            CallError::Transport { source, .. } => {
                Self::of(ExitStatus::NotReached, error).unreached(source, network)
            }
        }
    }

    /// Adds the number of attempts, if there were several, and why there is no further one.
    pub(super) fn with_attempts(mut self, attempts: Attempts, network: &Network) -> Self {
        self.causes.extend(attempts.cause(network.max_attempts, network.deadline));
        self
    }
}

/// The next action for a code that the catalogue does not have.
fn hint_for_unknown(refusal: &Refusal, network: &Network) -> String {
    match refusal.request_id {
        Some(_) => format!(
            "search AWS's documentation for the code `{}`; AWS's support finds the request by its id",
            refusal.code
        ),
        None => responding_server(network),
    }
}
