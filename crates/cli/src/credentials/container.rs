//! A container endpoint on this machine, asked as botocore asks it (facts/aws.md 8.1).

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
use crate::exchange::retry::{FailedAttempt, Pauses, Retries, RetryPolicy, after_attempts, retry};
use crate::io::clock::{self, Deadline};
use crate::io::environment::{Environment, vars};
use crate::io::files::text_file;
use crate::io::http::https::Reply;
use crate::io::http::loopback_client::LoopbackHttp;
use crate::io::http::transport_error::TransportError;
use crate::io::untrusted_text;

const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_ATTEMPT: Duration = Duration::from_secs(2);

/// Why the variables lead to no endpoint that is asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidEndpoint {
    /// No client could use it.
    #[error("it is not a URL like http://127.0.0.1:8080/path")]
    NotAUrl,
    /// Another machine, or this one by TLS.
    #[error("it leads to `{0}`, and is followed by http to 127.0.0.1, [::1] or localhost only")]
    Elsewhere(String),
    /// The file was named, so it should be there.
    #[error("`{}` (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) can't be read", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: text_file::ReadError,
    },
    /// AWS's tools stop there.
    #[error("the token of {0} holds a line break or another character that no header can")]
    Token(&'static str),
}

/// Why the endpoint gave no keys. Of its answer only the reason is shown that it gives, without the authorization.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndpointError {
    /// Nobody is there, or nobody in time.
    #[error("it was not reached{after}")]
    Transport {
        /// How often it was asked, if more than once.
        after: String,
        /// What happened.
        source: TransportError,
    },
    /// It says no.
    #[error("it answered with HTTP status {status}{words}{after}")]
    Status {
        /// The status.
        status: u16,
        /// Its code and message, if any, in brackets.
        words: String,
        /// How often it was asked, if more than once.
        after: String,
    },
    /// It says something else.
    #[error("its answer can't be taken")]
    Answer(#[source] InvalidCredentialsJson),
}

/// One attempt without keys.
enum Unanswered {
    Transport { host: String, source: TransportError },
    Status { host: String, reply: Reply },
    Invalid(InvalidCredentialsJson),
}

impl FailedAttempt for Unanswered {
    /// Whatever it is, botocore retries it, unless there is a whole response (facts/aws.md 8.1).
    fn class(&self) -> Class {
        match self {
            Self::Transport { .. } | Self::Status { .. } => Class::Transient,
            Self::Invalid(_) => Class::Permanent,
        }
    }

    fn reason(&self) -> String {
        match self {
            Self::Transport { host, source } => format!("`{host}`: {source}"),
            Self::Status { host, reply } => format!("`{host}` answered with HTTP status {}", reply.status),
            Self::Invalid(flaw) => flaw.to_string(),
        }
    }
}

/// An endpoint that is called. Its URL may hold a secret, so this has no `Debug`.
pub(super) struct ContainerEndpoint {
    url: Url,
    authorization: Option<Secret>,
}

impl ContainerEndpoint {
    /// What AWS's variables lead to; `None` where they are not set.
    pub(super) fn of_environment(environment: &Environment) -> Result<Option<Self>, CredentialsError> {
        if environment.set(vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI).is_some() {
            // It comes first, and leads to an address that only a container of AWS's has.
            return Err(CredentialsError::NotFollowedVariable(vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI));
        }
        let Some(text) = environment.set(vars::AWS_CONTAINER_CREDENTIALS_FULL_URI) else { return Ok(None) };
        Self::read(text.trim(), environment).map(Some).map_err(CredentialsError::NoEndpoint)
    }

    fn read(url: &str, environment: &Environment) -> Result<Self, InvalidEndpoint> {
        Ok(Self { url: url_on_this_machine(url)?, authorization: authorization(environment)? })
    }

    /// Requests the keys, three times at most.
    pub(super) async fn keys(
        &self,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<StaticCredentials, CredentialsError> {
        let host = shown(&self.url);
        let policy = RetryPolicy {
            retries: Retries::Transient,
            max_attempts: ATTEMPTS,
            pauses: Pauses::Fixed(PAUSE),
            deadline,
        };
        let keys = match LoopbackHttp::new() {
            Ok(http) => {
                let attempt = async || self.attempt(&http, &host, deadline, on_progress).await;
                retry(|_| policy, on_progress, attempt).await
            }
            Err(source) => Err((Unanswered::Transport { host: host.clone(), source }, 1)),
        };
        keys.map_err(|(unanswered, attempts)| {
            let source = self.error(unanswered, after_attempts(attempts));
            CredentialsError::Endpoint { host, source }
        })
    }

    async fn attempt(
        &self,
        http: &LoopbackHttp,
        host: &str,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<StaticCredentials, Unanswered> {
        let left = deadline.left().min(LONGEST_ATTEMPT);
        let on_wait = || on_progress(&Progress::Waiting { whom: format!("`{host}`") });
        match http.get(&self.url, self.authorization.as_ref(), left, on_wait).await {
            Ok(Reply { status: 200, body, .. }) => {
                credentials_json::of_endpoint(&body, clock::now()).map_err(Unanswered::Invalid)
            }
            Ok(reply) => Err(Unanswered::Status { host: host.to_owned(), reply }),
            Err(source) => Err(Unanswered::Transport { host: host.to_owned(), source }),
        }
    }

    fn error(&self, unanswered: Unanswered, after: String) -> EndpointError {
        match unanswered {
            Unanswered::Transport { source, .. } => EndpointError::Transport { after, source },
            Unanswered::Status { reply, .. } => {
                EndpointError::Status { status: reply.status, words: self.words(&reply), after }
            }
            Unanswered::Invalid(flaw) => EndpointError::Answer(flaw),
        }
    }

    /// What the answer says of the reason. It may quote what it was sent.
    fn words(&self, reply: &Reply) -> String {
        let fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&reply.body).unwrap_or_default();
        let words = ["code", "message"].map(|name| {
            let text = Zeroizing::new(
                fields.get(name).and_then(|text| text.as_str()).unwrap_or_default().to_owned(),
            );
            let text = match &self.authorization {
                Some(secret) => Zeroizing::new(text.replace(secret.expose(), "…")),
                None => text,
            };
            untrusted_text::first_line(text.as_bytes())
        });
        match words {
            [code, message] if code.is_empty() && message.is_empty() => String::new(),
            [code, message] if code.is_empty() || message.is_empty() => format!(" ({code}{message})"),
            [code, message] => format!(" ({code}: {message})"),
        }
    }
}

/// Where http is enough: what is sent there leaves this machine on no way.
fn url_on_this_machine(text: &str) -> Result<Url, InvalidEndpoint> {
    let url = Url::parse(text).map_err(|_| InvalidEndpoint::NotAUrl)?;
    if url.cannot_be_a_base() || !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidEndpoint::NotAUrl);
    }
    let Some(host) = url.host_str() else { return Err(InvalidEndpoint::NotAUrl) };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_here = address.map_or(host == "localhost", |address| address.is_loopback());
    if url.scheme() == "http" && is_here {
        Ok(url)
    } else {
        Err(InvalidEndpoint::Elsewhere(format!("{}://{}", url.scheme(), shown(&url))))
    }
}

/// Host and port: the path may hold a secret.
fn shown(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The whole header, as AWS's tools send it; the file comes before the variable.
fn authorization(environment: &Environment) -> Result<Option<Secret>, InvalidEndpoint> {
    let file = vars::AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
    let variable = vars::AWS_CONTAINER_AUTHORIZATION_TOKEN;
    let (name, token) = match (environment.set(file), environment.set(variable)) {
        (Some(path), _) => (file, token_of_file(Path::new(path))?),
        (None, Some(token)) => (variable, Secret::new(token.to_owned())),
        (None, None) => return Ok(None),
    };
    if token.expose().bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        Ok(Some(token))
    } else {
        Err(InvalidEndpoint::Token(name))
    }
}

fn token_of_file(path: &Path) -> Result<Secret, InvalidEndpoint> {
    let unreadable = |source| InvalidEndpoint::TokenFile { path: path.to_owned(), source };
    let text = text_file::read(path).map_err(unreadable)?;
    text.map(Secret::new).ok_or_else(|| unreadable(text_file::ReadError::Missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_on_this_machine_is_followed() {
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
            ("https://127.0.0.1:1/secret", "it leads to `https://127.0.0.1:1`, and"),
            ("http://169.254.170.2/secret", "it leads to `http://169.254.170.2`, and"),
            ("http://[fd00:ec2::23]/secret", "it leads to `http://[fd00:ec2::23]`, and"),
            ("http://localhost.example/secret", "it leads to `http://localhost.example`, and"),
            ("ftp://localhost/secret", "it leads to `ftp://localhost`, and"),
            ("http://user@localhost/secret", "it is not a URL"),
            ("http://:secret@localhost/", "it is not a URL"),
            ("file:///secret", "it is not a URL"),
            ("localhost:80/secret", "it is not a URL"),
            ("/secret", "it is not a URL"),
        ] {
            let said = url_on_this_machine(text).unwrap_err().to_string();
            assert!(said.starts_with(error) && !said.contains("secret"), "{text}: {said}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_refused() {
        for (token, is_good) in
            [("Basic a b", true), ("a\n", false), ("a\rb", false), ("é", false), ("a\0", false)]
        {
            let environment = Environment::from([(vars::AWS_CONTAINER_AUTHORIZATION_TOKEN, token)]);
            assert_eq!(authorization(&environment).is_ok(), is_good, "{token:?}");
        }
    }
}
