//! A call to STS that brought nothing: whether STS refused or was not reached, and by which route it was asked.
//! The same for every command; what was asked is the caller's to say.

use sts::retry::Class;
use sts::{Asked, AskedForIdentity, Situation, StsError, explain};

use super::unreached::route_words;
use super::{ExitStatus, Failure};
use crate::credentials::Found;
use crate::exchange::network::Network;
use crate::exchange::sts_client::CallError;
use crate::io::clock;

impl Failure {
    /// STS did not say whose credentials these are.
    pub(crate) fn of_identity(error: &CallError, attempts: u32, found: &Found, network: &Network) -> Self {
        let asked = Asked::Identity(AskedForIdentity {
            access_key_id: &found.keys.access_key_id,
            with_session_token: found.keys.session_token.is_some(),
            with_older_variable: found.with_older_variable,
        });
        let mut failure = Self::of_call(error, network, asked);
        if error.is_unknown_key() && attempts > 1 {
            failure.causes.push(format!("asked {attempts} times, as new keys may need a moment"));
        } else {
            failure = failure.after(attempts, network);
        }
        failure.while_doing(format!("cannot tell whose credentials these are: {}", found.source))
    }

    /// No result, with what is known of the refusal, if it is one, or of the way.
    pub(super) fn of_call(error: &CallError, network: &Network, asked: Asked<'_>) -> Self {
        match error {
            CallError::Sts(StsError::Refused(refusal)) => {
                let permanent = refusal.class() == Class::Permanent;
                let status = if permanent { ExitStatus::Refused } else { ExitStatus::NotReached };
                let failure = Self::of(status, error);
                let situation = Situation { asked, region: &network.signing_region, now: clock::now() };
                match explain(refusal, &situation) {
                    Some(explanation) => failure.explained(explanation, &situation.asked),
                    None => failure,
                }
            }
            CallError::Sts(StsError::Unreadable(_)) => Self::of(ExitStatus::NotReached, error).hint(format!(
                "ask who answers at `{}`: {}",
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
