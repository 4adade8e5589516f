//! Finds the endpoint of `serve`, which may be starting at the same time: waits for its descriptor, then calls it once as
//! AWS's tools will.

use std::time::Duration;

use aws::AccountId;
use export::{EndpointDescriptor, container_credentials};
use reqwest::Url;
use serde_json::Value;

use crate::exchange::progress::{OnProgress, Progress};
use crate::io::clock::{self, Deadline, Stopwatch};
use crate::io::http::https::HttpResponse;
use crate::io::http::loopback_client::LoopbackHttp;
use crate::io::http::transport_error::TransportError;
use crate::renewal::descriptor_file::{DescriptorFile, DescriptorReadError};

/// The interval between two reads of the descriptor.
const POLL_INTERVAL: Duration = Duration::from_millis(200);
/// As long as botocore waits for a response (facts/aws.md 8.1).
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);
/// A wait that takes longer is reported to the user.
const QUIET_WAIT: Duration = Duration::from_secs(1);
/// A longer reason is cut.
const LONGEST_REASON: usize = 500;

/// Why the next steps cannot use an endpoint.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndpointSearchError {
    /// No descriptor.
    #[error("no `serve` with these settings has written its endpoint descriptor within {:.1} s", .0.as_secs_f64())]
    NotFound(Duration),
    /// A descriptor that cannot be read.
    #[error("its endpoint descriptor cannot be used")]
    Descriptor(#[source] DescriptorReadError),
    /// No response.
    #[error("it was not reached at `{host}`, which its endpoint descriptor names")]
    NotReached {
        /// Address and port.
        host: String,
        /// What happened.
        #[source]
        source: TransportError,
    },
    /// It has no credentials, or another server has its port.
    #[error("it responded with HTTP status {status}: {reason}")]
    Refused {
        /// The status.
        status: u16,
        /// The reason that the response gives.
        reason: String,
    },
    /// A response that AWS tools cannot read.
    #[error("its response has no credentials in the format that AWS tools read")]
    NotCredentials,
    /// Credentials for another account.
    #[error("its credentials are for account {found}, not for {expected}")]
    OtherAccount {
        /// The account of the endpoint's credentials.
        found: AccountId,
        /// The role's account.
        expected: AccountId,
    },
}

/// Waits for an endpoint with credentials of this account, until the deadline of the exchange.
pub(crate) async fn run(
    file: &DescriptorFile,
    account: &AccountId,
    deadline: Deadline,
    on_progress: OnProgress<'_>,
) -> Result<EndpointDescriptor, EndpointSearchError> {
    let started = Stopwatch::start();
    let mut reported = false;
    loop {
        let error = match file.read() {
            Ok(Some(descriptor)) => match check(&descriptor, account, deadline).await {
                Ok(()) => return Ok(descriptor),
                // Waiting does not help: the endpoint keeps its account.
                Err(error @ EndpointSearchError::OtherAccount { .. }) => return Err(error),
                Err(error) => error,
            },
            Ok(None) => EndpointSearchError::NotFound(started.elapsed()),
            Err(error) => EndpointSearchError::Descriptor(error),
        };
        if deadline.left() <= POLL_INTERVAL {
            return Err(error);
        }
        if !reported && started.elapsed() >= QUIET_WAIT {
            on_progress(&Progress::Waiting { target: "the endpoint of `serve`".to_owned() });
            reported = true;
        }
        clock::pause(POLL_INTERVAL).await;
    }
}

/// The endpoint of another process that has credentials of this account now, if there is one.
pub(crate) async fn serving(file: &DescriptorFile, account: &AccountId) -> Option<EndpointDescriptor> {
    let descriptor = file.read().ok()??;
    let deadline = Deadline::after(RESPONSE_TIMEOUT);
    check(&descriptor, account, deadline).await.is_ok().then_some(descriptor)
}

async fn check(
    descriptor: &EndpointDescriptor,
    expected: &AccountId,
    deadline: Deadline,
) -> Result<(), EndpointSearchError> {
    let not_reached = |source| EndpointSearchError::NotReached { host: descriptor.host(), source };
    let url = Url::parse(&descriptor.uri())
        .map_err(|error| not_reached(TransportError::Broken(error.to_string())))?;
    let http = LoopbackHttp::new().map_err(not_reached)?;
    let left = deadline.left().min(RESPONSE_TIMEOUT);
    let response =
        http.get(&url, Some(descriptor.authorization()), left, || {}).await.map_err(not_reached)?;
    if response.status != 200 {
        return Err(EndpointSearchError::Refused {
            status: response.status,
            reason: reason(&response, descriptor),
        });
    }
    let found =
        container_credentials::account_of(&response.body).ok_or(EndpointSearchError::NotCredentials)?;
    if found == *expected {
        return Ok(());
    }
    Err(EndpointSearchError::OtherAccount { found, expected: expected.clone() })
}

/// The reason in the response, without the authorization, which another process on this port may repeat.
fn reason(response: &HttpResponse, descriptor: &EndpointDescriptor) -> String {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    match body.get("message").and_then(Value::as_str) {
        Some(text) => {
            let text = text.replace(descriptor.authorization().expose(), "…");
            text.chars().take(LONGEST_REASON).collect()
        }
        None => "no reason given".to_owned(),
    }
}
