//! One call to STS, with patience where it helps: an answer, or why there is none after all attempts.

use std::time::Duration;

use aws::Secret;
use sts::retry::{Class, pause_before_next};
use sts::{Answer, StsError};
use zeroize::Zeroizing;

use crate::exchange::network::Network;
use crate::exchange::progress::{Progress, Tell};
use crate::io::clock::{self, Deadline};
use crate::io::http::https::Https;
use crate::io::http::tls;
use crate::io::http::transport_error::TransportError;

/// What is sent: a form, and the headers that sign it if it needs credentials.
pub(crate) struct Call<'a> {
    /// The body.
    pub(crate) form: &'a Zeroizing<String>,
    /// Made anew for each attempt, as a signature holds the time.
    pub(crate) sign: &'a dyn Fn() -> Vec<(&'static str, Secret)>,
    /// What the endpoint must not have us show, should it send it back.
    pub(crate) secret: &'a str,
}

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// An answer, but no result.
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

/// The way to STS, until when.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Host, route and limits.
    pub(crate) network: &'a Network,
    /// The connection.
    pub(crate) https: &'a Https,
    /// When to give up.
    pub(crate) deadline: Deadline,
}

impl Line<'_> {
    /// Asks until there is a result, or nothing left to hope for; then says how often it asked.
    pub(crate) async fn asked<T>(
        &self,
        call: &Call<'_>,
        read: impl Fn(&Answer<'_>) -> Result<T, StsError>,
        tell: Tell<'_>,
    ) -> Result<T, (CallError, u32)> {
        self.asked_after(call, read, |error, made| self.pause(error, made), tell).await
    }

    /// The same, with a say of the caller's in which error is worth a pause and another attempt. It counts the
    /// attempts so far.
    pub(crate) async fn asked_after<T>(
        &self,
        call: &Call<'_>,
        read: impl Fn(&Answer<'_>) -> Result<T, StsError>,
        pause_after: impl Fn(&CallError, u32) -> Option<Duration>,
        tell: Tell<'_>,
    ) -> Result<T, (CallError, u32)> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.attempt(call, &read, tell).await {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };
            let Some(pause) = pause_after(&error, attempts) else { return Err((error, attempts)) };
            tell(&Progress::Again { attempts, reason: error.in_short(), pause });
            clock::pause(pause).await;
        }
    }

    /// The pause after this error, if it may pass.
    pub(crate) fn pause(&self, error: &CallError, made: u32) -> Option<Duration> {
        let left = self.deadline.left();
        pause_before_next(error.class(), made, self.network.max_attempts, left, tls::random_fraction())
    }

    async fn attempt<T>(
        &self,
        call: &Call<'_>,
        read: impl Fn(&Answer<'_>) -> Result<T, StsError>,
        tell: Tell<'_>,
    ) -> Result<T, CallError> {
        let endpoint = &self.network.endpoint;
        let host = endpoint.host();
        let via = self.network.via();
        let reply = self
            .https
            .post(endpoint, call.form, &(call.sign)(), self.deadline.left(), || {
                tell(&Progress::Waiting { whom: format!("`{host}`{via}") });
            })
            .await
            .map_err(|source| CallError::Transport { host: host.clone(), via: via.clone(), source })?;
        let answer = Answer {
            status: reply.status,
            content_type: reply.content_type.as_deref(),
            request_id: reply.request_id.as_deref(),
            date: reply.date.as_deref(),
            body: &reply.body,
        };
        read(&answer).map_err(|error| match error {
            StsError::Refused(refusal) => CallError::Sts(StsError::Refused(refusal.without(call.secret))),
            other @ StsError::Unreadable(_) => CallError::Sts(other),
        })
    }
}

impl CallError {
    /// STS's answer to a caller that the role does not trust.
    pub(crate) fn is_access_denied(&self) -> bool {
        matches!(self, Self::Sts(StsError::Refused(refusal)) if refusal.code == "AccessDenied")
    }

    /// STS's answer to keys that it does not know, or not yet.
    pub(crate) fn is_unknown_key(&self) -> bool {
        matches!(self, Self::Sts(StsError::Refused(refusal)) if refusal.code == "InvalidClientTokenId")
    }

    fn class(&self) -> Class {
        match self {
            Self::Sts(error) => error.class(),
            Self::Transport { source, .. } => source.class(),
        }
    }

    /// Without the chain of causes: for a line about a retry.
    fn in_short(&self) -> String {
        match self {
            Self::Transport { source, .. } => source.to_string(),
            Self::Sts(StsError::Refused(refusal)) => format!("STS answered `{}`", refusal.code),
            Self::Sts(other) => other.to_string(),
        }
    }
}
