//! Calls STS, and retries if that can help.

use std::time::Duration;

use aws::Secret;
use sts::retry::Class;
use sts::{Response, StsError};
use zeroize::Zeroizing;

use crate::exchange::network::Network;
use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::record::{Attempt, AttemptOutcome, CallSubject, Fact};
use crate::exchange::retry::{
    Attempts, FailedAttempt, Pauses, Reach, Retries, RetryPolicy, UNREACHED, retry,
};
use crate::io::clock::Deadline;
use crate::io::http::https::Https;
use crate::io::http::transport_error::TransportError;
use crate::io::secrets;

/// A request: a form, and the headers of its signature, if any.
pub(crate) struct StsRequest<'a> {
    /// What it is about, for a record.
    pub(crate) call: CallSubject<'a>,
    /// The body.
    pub(crate) form: &'a Zeroizing<String>,
    /// Signs each attempt, because a signature contains the time.
    pub(crate) sign: &'a dyn Fn() -> Vec<(&'static str, Secret)>,
    /// The secret to remove from errors, in case the response repeats it.
    pub(crate) secret: &'a str,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// STS refused, or its response is not readable.
    #[error(transparent)]
    Sts(StsError),
    /// No response.
    #[error("STS was not reached at `{host}`{proxy}")]
    Transport {
        /// Host and port.
        host: String,
        /// The proxy, if any.
        proxy: String,
        /// What happened.
        #[source]
        source: TransportError,
    },
}

/// A client with its deadline.
#[derive(Clone, Copy)]
pub(crate) struct StsClient<'a> {
    /// Host, proxy and limits.
    pub(crate) network: &'a Network,
    /// The connection.
    pub(crate) https: &'a Https,
    /// When to give up.
    pub(crate) deadline: Deadline,
}

impl StsClient<'_> {
    /// Calls STS, with retries; an error comes with its attempts.
    pub(crate) async fn call<T>(
        &self,
        request: &StsRequest<'_>,
        read: impl Fn(&Response<'_>) -> Result<T, StsError>,
        on_progress: OnProgress<'_>,
    ) -> Result<T, (CallError, Attempts)> {
        self.call_under(|_| self.policy(), request, read, on_progress).await
    }

    /// The same, under a policy that depends on the failure.
    pub(crate) async fn call_under<T>(
        &self,
        policy_for: impl Fn(&CallError) -> RetryPolicy,
        request: &StsRequest<'_>,
        read: impl Fn(&Response<'_>) -> Result<T, StsError>,
        on_progress: OnProgress<'_>,
    ) -> Result<T, (CallError, Attempts)> {
        let endpoint = self.network.endpoint.to_string();
        on_progress(&Progress::Fact(Fact::Call { call: request.call, endpoint }));
        let attempt = async |limit| {
            let (outcome, attempt) = self.attempt(request, &read, limit, on_progress).await;
            on_progress(&Progress::Fact(Fact::Attempt(attempt)));
            outcome
        };
        let called = retry(|failed: &FailedCall| policy_for(&failed.error), on_progress, attempt).await;
        called.map_err(|(failed, attempts)| (failed.error, attempts))
    }

    /// The retry policy for calls to STS.
    pub(crate) fn policy(&self) -> RetryPolicy {
        RetryPolicy {
            retries: Retries::Transient,
            max_attempts: self.network.max_attempts,
            pauses: Pauses::Jittered,
            deadline: self.deadline,
            unreached: (!self.https.has_response_of(&self.network.endpoint)).then_some(UNREACHED),
        }
    }

    async fn attempt<T>(
        &self,
        request: &StsRequest<'_>,
        read: impl Fn(&Response<'_>) -> Result<T, StsError>,
        limit: Duration,
        on_progress: OnProgress<'_>,
    ) -> (Result<T, FailedCall>, Attempt) {
        let endpoint = &self.network.endpoint;
        let host = endpoint.host();
        let proxy = self.network.proxy_suffix();
        let on_wait = || on_progress(&Progress::Waiting { target: format!("`{host}`{proxy}") });
        let signature = (request.sign)();
        let left = self.deadline.left().min(limit);
        let sent = self.https.post(endpoint, request.form, &signature, left, on_wait);
        let reply = match sent.await {
            Ok(reply) => reply,
            Err(source) => {
                let error = CallError::Transport { host: host.clone(), proxy: proxy.clone(), source };
                let attempt = Attempt::failed(&error, None);
                return (Err(FailedCall { error, retry_after: None }), attempt);
            }
        };
        secrets::remember_response(&reply.body);
        let response = Response {
            status: reply.status,
            content_type: reply.content_type.as_deref(),
            request_id: reply.request_id.as_deref(),
            date: reply.date.as_deref(),
            body: &reply.body,
        };
        let request_id = response.request_id_of_header();
        match read(&response) {
            Ok(result) => (Ok(result), Attempt { outcome: AttemptOutcome::Succeeded, request_id }),
            Err(error) => {
                let error = CallError::Sts(match error {
                    StsError::Refused(refusal) => StsError::Refused(refusal.without(request.secret)),
                    other @ StsError::Unreadable(_) => other,
                });
                let attempt = Attempt::failed(&error, request_id);
                (Err(FailedCall { error, retry_after: reply.retry_after }), attempt)
            }
        }
    }
}

impl CallError {
    /// Whether STS denied the request with `AccessDenied`.
    pub(crate) fn is_access_denied(&self) -> bool {
        matches!(self, Self::Sts(StsError::Refused(refusal)) if refusal.code == "AccessDenied")
    }

    /// Whether STS does not know the access key, or not yet.
    pub(crate) fn is_unknown_key(&self) -> bool {
        matches!(self, Self::Sts(StsError::Refused(refusal)) if refusal.code == "InvalidClientTokenId")
    }
}

/// A call that failed, and what the server says about the next one.
struct FailedCall {
    error: CallError,
    retry_after: Option<Duration>,
}

impl FailedAttempt for FailedCall {
    fn class(&self) -> Class {
        match &self.error {
            CallError::Sts(error) => error.class(),
            CallError::Transport { source, .. } => source.class(),
        }
    }

    fn reason(&self) -> String {
        match &self.error {
            CallError::Transport { source, .. } => source.to_string(),
            CallError::Sts(StsError::Refused(refusal)) => format!("STS responded with `{}`", refusal.code),
            CallError::Sts(other) => other.to_string(),
        }
    }

    fn reach(&self) -> Reach {
        match &self.error {
            CallError::Transport { source, .. } => Reach::of_transport(source),
            CallError::Sts(_) => Reach::Host,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::http::tls;

    #[test]
    fn a_host_that_has_not_responded_yet_is_given_up_before_the_deadline() {
        let minute = Duration::from_secs(60);
        let network = Network {
            endpoint: sts::Endpoint::from_url("https://sts.example").unwrap(),
            endpoint_name: None,
            signing_region: "eu-west-1".parse().unwrap(),
            proxy: None,
            ca_bundle: None,
            connect_timeout: minute,
            deadline: minute,
            max_attempts: None,
        };
        let config = tls::trust(None, &mut Vec::new()).unwrap().config().unwrap();
        let https = Https::new(None, minute, &config).unwrap();
        let client = StsClient { network: &network, https: &https, deadline: Deadline::after(minute) };
        assert_eq!(client.policy().unreached, Some(UNREACHED));
    }
}
