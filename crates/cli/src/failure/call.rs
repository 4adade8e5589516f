//! A call to STS without a result: whether STS refused or was not reached, and through which proxy. The same for every
//! command; what was requested is the caller's to say.

use sts::retry::Class;
use sts::{IdentityRequest, RefusedCall, RefusedRequest, StsError, explain};

use super::denial::explained;
use super::unreached::route_words;
use super::{ExitStatus, Failure};
use crate::credentials::FoundCredentials;
use crate::exchange::network::Network;
use crate::exchange::sts_client::CallError;
use crate::io::clock;

impl Failure {
    /// STS did not say whose credentials these are.
    pub(crate) fn of_identity(
        error: &CallError,
        attempts: u32,
        found: &FoundCredentials,
        network: &Network,
    ) -> Self {
        let request = RefusedRequest::Identity(IdentityRequest {
            access_key_id: &found.credentials.access_key_id,
            with_session_token: found.credentials.session_token.is_some(),
            with_older_variable: found.with_older_variable,
        });
        let mut failure = Self::of_call(error, network, request);
        if error.is_unknown_key() && attempts > 1 {
            failure.causes.push(format!("gave up after {attempts} attempts, as new keys may need a moment"));
        } else {
            failure = failure.after(attempts, network);
        }
        failure.while_doing(format!("cannot tell whose credentials these are: {}", found.source))
    }

    /// No result, with what is known of the refusal, if it is one, or of the network path.
    pub(super) fn of_call(error: &CallError, network: &Network, request: RefusedRequest<'_>) -> Self {
        match error {
            CallError::Sts(StsError::Refused(refusal)) => {
                let permanent = refusal.class() == Class::Permanent;
                let status = if permanent { ExitStatus::Refused } else { ExitStatus::NotReached };
                let failure = Self::of(status, error);
                let call = RefusedCall { request, region: &network.signing_region, now: clock::now() };
                match explain(refusal, &call) {
                    Some(explanation) => {
                        let (details, hint) = explained(explanation, &call.request);
                        Self { details: details.into(), ..failure }.hint(hint)
                    }
                    None => failure,
                }
            }
            CallError::Sts(StsError::Unreadable(_)) => Self::of(ExitStatus::NotReached, error).hint(format!(
                "find out what answers at `{}`: {}",
                network.endpoint,
                route_words(network)
            )),
            CallError::Transport { source, .. } => {
                Self::of(ExitStatus::NotReached, error).unreached(source, network)
            }
        }
    }

    /// Adds how often it was tried, if more than once.
    pub(super) fn after(mut self, attempts: u32, network: &Network) -> Self {
        if attempts > 1 {
            self.causes.push(format!(
                "gave up after {attempts} attempts (at most {}, within {} s)",
                network.max_attempts,
                network.deadline.as_secs()
            ));
        }
        self
    }
}
