//! Finding the endpoint of a `serve` that was started at the same time: its announcement is waited for, then it is asked
//! once as AWS's tools will ask it.

use std::time::Duration;

use aws::AccountId;
use export::{EndpointDescriptor, container_credentials};
use reqwest::Url;
use serde_json::Value;

use crate::exchange::acquisition::Acquired;
use crate::exchange::progress::{OnProgress, Progress};
use crate::io::clock::{self, Stopwatch};
use crate::io::http::https::Reply;
use crate::io::http::loopback_client::LoopbackHttp;
use crate::io::http::transport_error::TransportError;
use crate::renewal::descriptor_file::{DescriptorFile, UnreadDescriptor};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(200);
/// What botocore allows for an answer (facts/aws.md 8.1).
const LONGEST_ANSWER: Duration = Duration::from_secs(2);
/// From then on the user is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// So much of its reason is passed on.
const LONGEST_REASON: usize = 500;

/// Why there is no endpoint that the next steps could be led to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndpointError {
    /// No announcement.
    #[error("no `serve` with these settings has announced itself within {:.1} s", .0.as_secs_f64())]
    Nobody(Duration),
    /// One that can't be read.
    #[error("its announcement can't be used")]
    EndpointDescriptor(#[source] UnreadDescriptor),
    /// Nobody at the announced port, or nobody in time.
    #[error("nobody answers at `{host}`, where it has announced itself")]
    Silent {
        /// Address and port.
        host: String,
        /// What happened.
        #[source]
        source: TransportError,
    },
    /// It has none, or it is not the one that was announced.
    #[error("it answered with HTTP status {status}: {reason}")]
    Refused {
        /// The status.
        status: u16,
        /// In its own words.
        reason: String,
    },
    /// Something that no AWS tool could take.
    #[error("its answer has no credentials in the form that AWS tools read")]
    NotCredentials,
    /// Somebody else's.
    #[error("its credentials are of account {found}, not of {wanted}")]
    Account {
        /// The endpoint's.
        found: AccountId,
        /// The role's.
        wanted: AccountId,
    },
}

/// Waits until there is one, up to the deadline of the exchange.
pub(crate) fn run(
    file: &DescriptorFile,
    acquired: &Acquired<'_>,
    on_progress: OnProgress<'_>,
) -> Result<EndpointDescriptor, EndpointError> {
    acquired.open.block_on(search(file, acquired, on_progress))
}

async fn search(
    file: &DescriptorFile,
    acquired: &Acquired<'_>,
    on_progress: OnProgress<'_>,
) -> Result<EndpointDescriptor, EndpointError> {
    let started = Stopwatch::start();
    let mut told = false;
    loop {
        let error = match file.read() {
            Ok(Some(announcement)) => match check(&announcement, acquired).await {
                Ok(()) => return Ok(announcement),
                // Nothing to wait for: it will not become another account's.
                Err(error @ EndpointError::Account { .. }) => return Err(error),
                Err(error) => error,
            },
            Ok(None) => EndpointError::Nobody(started.elapsed()),
            Err(error) => EndpointError::EndpointDescriptor(error),
        };
        if acquired.open.deadline().left() <= LOOK {
            return Err(error);
        }
        if !told && started.elapsed() >= PATIENCE {
            on_progress(&Progress::Waiting { whom: "the endpoint of `serve`".to_owned() });
            told = true;
        }
        clock::pause(LOOK).await;
    }
}

async fn check(announcement: &EndpointDescriptor, acquired: &Acquired<'_>) -> Result<(), EndpointError> {
    let silent = |source| EndpointError::Silent { host: announcement.host(), source };
    let url =
        Url::parse(&announcement.uri()).map_err(|error| silent(TransportError::Broken(error.to_string())))?;
    let http = LoopbackHttp::new().map_err(silent)?;
    let left = acquired.open.deadline().left().min(LONGEST_ANSWER);
    let reply = http.get(&url, Some(announcement.authorization()), left, || {}).await.map_err(silent)?;
    if reply.status != 200 {
        return Err(EndpointError::Refused { status: reply.status, reason: reason(&reply, announcement) });
    }
    let found = container_credentials::account_of(&reply.body).ok_or(EndpointError::NotCredentials)?;
    let wanted = acquired.session.account().clone();
    if found == wanted { Ok(()) } else { Err(EndpointError::Account { found, wanted }) }
}

/// What the answer says. Another process may listen there by now, and quote what it was sent.
fn reason(reply: &Reply, announcement: &EndpointDescriptor) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    match body.get("message").and_then(Value::as_str) {
        Some(text) => {
            let text = text.replace(announcement.authorization().expose(), "…");
            text.chars().take(LONGEST_REASON).collect()
        }
        None => "it gives no reason".to_owned(),
    }
}
