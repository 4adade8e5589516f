//! A call to STS that brought nothing: whether STS refused or was not reached, and by which route it was asked.
//! The same for every command; what a refusal means is the caller's to say.

use aws::Timestamp;
use sts::retry::Class;
use sts::{Refusal, StsError, hint_for_signed};

use super::{ExitStatus, Failure};
use crate::call::CallError;
use crate::io::transport_error::TransportError;
use crate::network::Network;

impl Failure {
    /// STS did not say whose the credentials in `source` are; `now` is when it was asked.
    pub(crate) fn of_identity(
        error: &CallError,
        attempts: u32,
        source: &str,
        network: &Network,
        now: Timestamp,
    ) -> Self {
        let mut failure = Self::of_call(error, network, |refusal| hint_for_signed(refusal, now));
        if error.is_unknown_key() && attempts > 1 {
            failure.causes.push(format!("asked {attempts} times, as new keys may need a moment"));
        } else {
            failure = failure.after(attempts, network);
        }
        failure.while_doing(format!("cannot tell whose credentials these are: {source}"))
    }

    /// No result, with a hint about the refusal if it is one.
    pub(super) fn of_call(
        error: &CallError,
        network: &Network,
        refusal_hint: impl FnOnce(&Refusal) -> Option<String>,
    ) -> Self {
        let (status, hint) = match error {
            CallError::Sts(StsError::Refused(refusal)) => {
                let permanent = refusal.class() == Class::Permanent;
                let status = if permanent { ExitStatus::Refused } else { ExitStatus::NotReached };
                (status, refusal_hint(refusal))
            }
            CallError::Sts(StsError::Unreadable(_)) => {
                let hint = format!("ask who answers at `{}`: {}", network.endpoint, route_words(network));
                (ExitStatus::NotReached, Some(hint))
            }
            CallError::Transport { source, .. } => (ExitStatus::NotReached, transport_hint(source, network)),
        };
        Self { hint, ..Self::of(status, error) }
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

fn transport_hint(error: &TransportError, network: &Network) -> Option<String> {
    let host = network.endpoint.host();
    Some(match error {
        TransportError::Slow(_) | TransportError::NoConnection(_) => {
            format!("check that this job may reach `{host}`: {}", route_words(network))
        }
        TransportError::Certificate(_) => format!(
            "if a proxy or a private endpoint with a CA of its own answers for `{host}`, name the CA's PEM file with \
             `--ca-bundle` or AWS_CA_BUNDLE"
        ),
        TransportError::Tls(_) => {
            format!("check that `{host}` speaks TLS 1.2 or 1.3: {}", route_words(network))
        }
        TransportError::Broken(_) | TransportError::TooLarge(_) | TransportError::Proxy(_) => return None,
    })
}

fn route_words(network: &Network) -> String {
    match &network.proxy {
        Some(route) => format!("it goes {}", route.words()),
        None => "it goes straight there, as no proxy is set".to_owned(),
    }
}
