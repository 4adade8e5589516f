//! A container credentials endpoint on this machine, called as botocore calls it (facts/aws.md 8.1).

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws::Secret;
use export::StaticCredentials;
use export::credentials_json::{self, InvalidCredentialsJson};
use reqwest::Url;
use sts::retry::Class;
use zeroize::Zeroizing;

use super::CredentialsError;
use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::retry::{Attempts, FailedAttempt, Pauses, Retries, RetryPolicy, retry};
use crate::io::clock::{self, Deadline};
use crate::io::environment::{Environment, vars};
use crate::io::files::text_file;
use crate::io::http::https::HttpResponse;
use crate::io::http::loopback_client::LoopbackHttp;
use crate::io::http::transport_error::TransportError;
use crate::io::secrets;
use crate::io::untrusted_text;

const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_ATTEMPT: Duration = Duration::from_secs(2);

/// Why the variables name no endpoint that can be called.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidContainerEndpoint {
    /// The URL is invalid. It is not shown because it may hold a secret.
    #[error("invalid URL; expected one like http://127.0.0.1:8080/path")]
    NotAUrl,
    /// Another machine, or TLS.
    #[error("unsupported endpoint `{0}`; expected http to 127.0.0.1, [::1] or localhost")]
    NotLoopback(String),
    /// The variable names the file.
    #[error("`{}` (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be read", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: text_file::ReadError,
    },
    /// AWS's tools refuse it too.
    #[error("the token of {0} holds a line break or another character that a header cannot hold")]
    Token(&'static str),
}

/// Why the endpoint returned no credentials. Of its response only the code and message are shown, without the
/// authorization.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ContainerEndpointError {
    /// No response.
    #[error("it was not reached{after}")]
    Transport {
        /// The number of attempts, if more than one.
        after: String,
        /// What happened.
        source: TransportError,
    },
    /// An HTTP error.
    #[error("it responded with HTTP status {status}{reason}{after}")]
    Status {
        /// The status.
        status: u16,
        /// Its code and message, if any, in parentheses.
        reason: String,
        /// The number of attempts, if more than one.
        after: String,
    },
    /// A response without credentials.
    #[error("its response is not usable")]
    Response(#[source] InvalidCredentialsJson),
}

/// Why one attempt failed.
enum AttemptError {
    Transport { host: String, source: TransportError },
    Status { host: String, response: HttpResponse },
    Invalid(InvalidCredentialsJson),
}

impl FailedAttempt for AttemptError {
    /// botocore retries every failure except a complete response (facts/aws.md 8.1).
    fn class(&self) -> Class {
        match self {
            Self::Transport { .. } | Self::Status { .. } => Class::Transient,
            Self::Invalid(_) => Class::Permanent,
        }
    }

    fn reason(&self) -> String {
        match self {
            Self::Transport { host, source } => format!("`{host}`: {source}"),
            Self::Status { host, response } => {
                format!("`{host}` responded with HTTP status {}", response.status)
            }
            Self::Invalid(flaw) => flaw.to_string(),
        }
    }
}

/// An endpoint. Its URL may hold a secret, so this has no `Debug`.
pub(super) struct ContainerEndpoint {
    url: Url,
    authorization: Option<Secret>,
}

impl ContainerEndpoint {
    /// The endpoint that AWS's variables name; `None` if they are not set.
    pub(super) fn of_environment(environment: &Environment) -> Result<Option<Self>, CredentialsError> {
        if environment.non_blank(vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI).is_some() {
            // It has precedence, and its address exists only in AWS's containers.
            return Err(CredentialsError::UnsupportedVariable(vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI));
        }
        let Some(text) = environment.non_blank(vars::AWS_CONTAINER_CREDENTIALS_FULL_URI) else {
            return Ok(None);
        };
        Self::read(text.trim(), environment).map(Some).map_err(CredentialsError::InvalidEndpoint)
    }

    fn read(url: &str, environment: &Environment) -> Result<Self, InvalidContainerEndpoint> {
        Ok(Self { url: url_on_this_machine(url)?, authorization: authorization(environment)? })
    }

    /// Requests the credentials, in at most three attempts.
    pub(super) async fn credentials(
        &self,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<StaticCredentials, CredentialsError> {
        let host = host_of(&self.url);
        let policy = RetryPolicy {
            retries: Retries::Transient,
            max_attempts: Some(ATTEMPTS),
            pauses: Pauses::Fixed(PAUSE),
            deadline,
            unreached: None,
        };
        let result = match LoopbackHttp::new() {
            Ok(http) => {
                let attempt = async |_| self.attempt(&http, &host, deadline, on_progress).await;
                retry(|_| policy, on_progress, attempt).await
            }
            Err(source) => Err((AttemptError::Transport { host: host.clone(), source }, Attempts::NONE)),
        };
        result.map_err(|(failed, attempts)| {
            let source = self.error(failed, attempts.suffix());
            CredentialsError::Endpoint { host, source }
        })
    }

    async fn attempt(
        &self,
        http: &LoopbackHttp,
        host: &str,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<StaticCredentials, AttemptError> {
        let left = deadline.left().min(LONGEST_ATTEMPT);
        let on_wait = || on_progress(&Progress::Waiting { target: format!("`{host}`") });
        match http.get(&self.url, self.authorization.as_ref(), left, on_wait).await {
            Ok(HttpResponse { status: 200, body, .. }) => {
                credentials_json::of_endpoint(&body, clock::now()).map_err(AttemptError::Invalid)
            }
            Ok(response) => Err(AttemptError::Status { host: host.to_owned(), response }),
            Err(source) => Err(AttemptError::Transport { host: host.to_owned(), source }),
        }
    }

    fn error(&self, failed: AttemptError, after: String) -> ContainerEndpointError {
        match failed {
            AttemptError::Transport { source, .. } => ContainerEndpointError::Transport { after, source },
            AttemptError::Status { response, .. } => ContainerEndpointError::Status {
                status: response.status,
                reason: self.reason_in(&response),
                after,
            },
            AttemptError::Invalid(flaw) => ContainerEndpointError::Response(flaw),
        }
    }

    /// The code and message in the response, which may repeat the authorization.
    fn reason_in(&self, response: &HttpResponse) -> String {
        let fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&response.body).unwrap_or_default();
        let parts = ["code", "message"].map(|name| {
            let text = Zeroizing::new(
                fields.get(name).and_then(|text| text.as_str()).unwrap_or_default().to_owned(),
            );
            let text = match &self.authorization {
                Some(secret) => Zeroizing::new(secret.withheld_from(&text, "…")),
                None => text,
            };
            untrusted_text::first_line(text.as_bytes())
        });
        match parts {
            [code, message] if code.is_empty() && message.is_empty() => String::new(),
            [code, message] if code.is_empty() || message.is_empty() => format!(" ({code}{message})"),
            [code, message] => format!(" ({code}: {message})"),
        }
    }
}

/// Plain HTTP is allowed only within this machine.
fn url_on_this_machine(text: &str) -> Result<Url, InvalidContainerEndpoint> {
    let url = Url::parse(text).map_err(|_| InvalidContainerEndpoint::NotAUrl)?;
    if url.cannot_be_a_base() || !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidContainerEndpoint::NotAUrl);
    }
    let Some(host) = url.host_str() else { return Err(InvalidContainerEndpoint::NotAUrl) };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_loopback = address.map_or(host == "localhost", |address| address.is_loopback());
    if url.scheme() == "http" && is_loopback {
        Ok(url)
    } else {
        Err(InvalidContainerEndpoint::NotLoopback(format!("{}://{}", url.scheme(), host_of(&url))))
    }
}

/// Host and port only: the path may hold a secret.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The `Authorization` header, as AWS's tools send it; the file has precedence over the variable.
fn authorization(environment: &Environment) -> Result<Option<Secret>, InvalidContainerEndpoint> {
    let file = vars::AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
    let variable = vars::AWS_CONTAINER_AUTHORIZATION_TOKEN;
    let (name, token) = match (environment.non_blank(file), environment.non_blank(variable)) {
        (Some(path), _) => (file, token_of_file(Path::new(path))?),
        (None, Some(token)) => (variable, Secret::new(token.to_owned())),
        (None, None) => return Ok(None),
    };
    if token.expose().bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        Ok(Some(token))
    } else {
        Err(InvalidContainerEndpoint::Token(name))
    }
}

fn token_of_file(path: &Path) -> Result<Secret, InvalidContainerEndpoint> {
    let unreadable = |source| InvalidContainerEndpoint::TokenFile { path: path.to_owned(), source };
    let text = text_file::read(path).map_err(unreadable)?;
    let text = text.ok_or_else(|| unreadable(text_file::ReadError::Missing))?;
    secrets::remember(&text);
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_on_this_machine_is_called() {
        for text in [
            "http://127.0.0.1:1/a?b=c",
            "http://127.8.0.1/",
            "http://localhost:65535",
            "http://[::1]:8/x",
            "HTTP://LOCALHOST/",
        ] {
            assert!(url_on_this_machine(text).is_ok(), "{text}");
        }
        for (text, error) in [
            ("https://127.0.0.1:1/secret", "unsupported endpoint `https://127.0.0.1:1`;"),
            ("http://169.254.170.2/secret", "unsupported endpoint `http://169.254.170.2`;"),
            ("http://[fd00:ec2::23]/secret", "unsupported endpoint `http://[fd00:ec2::23]`;"),
            ("http://localhost.example/secret", "unsupported endpoint `http://localhost.example`;"),
            ("ftp://localhost/secret", "unsupported endpoint `ftp://localhost`;"),
            ("http://user@localhost/secret", "invalid URL;"),
            ("http://:secret@localhost/", "invalid URL;"),
            ("file:///secret", "invalid URL;"),
            ("localhost:80/secret", "invalid URL;"),
            ("/secret", "invalid URL;"),
        ] {
            let message = url_on_this_machine(text).unwrap_err().to_string();
            assert!(message.starts_with(error) && !message.contains("secret"), "{text}: {message}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_refused() {
        for (token, is_valid) in
            [("Basic a b", true), ("a\n", false), ("a\rb", false), ("é", false), ("a\0", false)]
        {
            let environment = Environment::from([(vars::AWS_CONTAINER_AUTHORIZATION_TOKEN, token)]);
            assert_eq!(authorization(&environment).is_ok(), is_valid, "{token:?}");
        }
    }
}
