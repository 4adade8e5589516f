//! GitHub's token endpoint: a job with `id-token: write` requests a token there, of the audience that it names
//! (facts/aws.md 11.2). Over the same TLS, by the same rules and within the same time as STS.

use aws::Secret;
use oidc::{Token, TokenOrigin};
use reqwest::Url;
use sts::Endpoint;
use sts::retry::Class;

use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::retry::{FailedAttempt, Pauses, Retries, RetryPolicy, after_attempts, retry};
use crate::exchange::token_source::{FoundToken, TokenError, TokenSearch};
use crate::io::environment::{Environment, vars};
use crate::io::http::https::{Https, Reply};
use crate::io::http::transport_error::TransportError;

/// What AWS's identity providers for GitHub are set up with by convention.
const AUDIENCE: &str = "sts.amazonaws.com";

/// Why the endpoint gave no token. Neither its answer nor the job's own bearer token is ever shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GithubError {
    /// The job may not ask.
    #[error("{0} is not set")]
    NotPermitted(&'static str),
    /// Not a place that the bearer token may be sent to.
    #[error("ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL; plain http goes to loopback only")]
    Url,
    /// A bearer token that no header can hold.
    #[error("ACTIONS_ID_TOKEN_REQUEST_TOKEN holds a character that no token has")]
    Bearer,
    /// An answer without a token.
    #[error("`{host}` answered with HTTP status {status}{after}")]
    Status {
        /// Host and port.
        host: String,
        /// The status.
        status: u16,
        /// How often it was asked, if more than once.
        after: String,
    },
    /// Something else answers there.
    #[error("`{host}` answered with something that is not GitHub's JSON with a `value`")]
    Foreign {
        /// Host and port.
        host: String,
    },
    /// No answer.
    #[error("`{host}` was not reached{via}{after}")]
    Transport {
        /// Host and port.
        host: String,
        /// The proxy, if any.
        via: String,
        /// How often it was asked, if more than once.
        after: String,
        /// What happened.
        #[source]
        source: TransportError,
    },
}

/// Where a job that may ask does so, and with which bearer token.
pub(super) fn permission(environment: &Environment) -> Result<(&str, &str), GithubError> {
    let variable = |name| environment.set(name).ok_or(GithubError::NotPermitted(name));
    Ok((variable(vars::ACTIONS_ID_TOKEN_REQUEST_URL)?, variable(vars::ACTIONS_ID_TOKEN_REQUEST_TOKEN)?))
}

/// Requests a token of the expected audience.
pub(super) async fn fetch(
    search: &TokenSearch<'_>,
    on_progress: OnProgress<'_>,
) -> Result<FoundToken, TokenError> {
    let (url, bearer) = permission(search.environment).map_err(TokenError::Github)?;
    let audience = search.request.audience.as_ref().map_or(AUDIENCE, |expected| expected.as_str());
    let endpoint = TokenEndpoint::new(url.trim(), bearer.trim(), audience).map_err(TokenError::Github)?;
    let text = endpoint.fetch(search, on_progress).await.map_err(TokenError::Github)?;
    let origin = TokenOrigin::Github;
    match Token::parse(text.expose()) {
        Ok(token) => Ok(FoundToken { token, origin }),
        Err(flaw) => Err(TokenError::Invalid { origin, flaw }),
    }
}

/// What is sent, and where.
struct TokenEndpoint {
    url: Url,
    /// The same without its query: for the rules about hosts, which STS's endpoint has too.
    endpoint: Endpoint,
    authorization: Secret,
}

/// One attempt without a token.
enum Unanswered {
    Status { host: String, status: u16 },
    Foreign { host: String },
    Transport { host: String, source: TransportError },
}

impl FailedAttempt for Unanswered {
    fn class(&self) -> Class {
        match self {
            Self::Status { status: 429, .. } => Class::Throttled,
            Self::Status { status: 500.., .. } => Class::Transient,
            Self::Status { .. } | Self::Foreign { .. } => Class::Permanent,
            Self::Transport { source, .. } => source.class(),
        }
    }

    fn reason(&self) -> String {
        match self {
            Self::Status { host, status } => format!("`{host}` answered with HTTP status {status}"),
            Self::Foreign { host } => format!("`{host}` answered with something else than a token"),
            Self::Transport { host, source } => format!("`{host}` gave {source}"),
        }
    }
}

impl TokenEndpoint {
    fn new(url: &str, bearer: &str, audience: &str) -> Result<Self, GithubError> {
        let mut url = Url::parse(url).map_err(|_| GithubError::Url)?;
        let mut bare = url.clone();
        bare.set_query(None);
        let endpoint = Endpoint::given(bare.as_str()).map_err(|_| GithubError::Url)?;
        url.query_pairs_mut().append_pair("audience", audience);
        if !bearer.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(GithubError::Bearer);
        }
        Ok(Self { url, endpoint, authorization: Secret::new(format!("Bearer {bearer}")) })
    }

    /// Requests a token until there is one, or no attempt left.
    async fn fetch(
        &self,
        search: &TokenSearch<'_>,
        on_progress: OnProgress<'_>,
    ) -> Result<Secret, GithubError> {
        let host = self.endpoint.host();
        let network = search.network.towards(self.endpoint.clone(), search.environment);
        let via = network.via();
        let roots = search.roots.clone();
        let https = Https::new(network.proxy.as_ref(), network.connect_timeout, roots);
        let https = https.map_err(|source| {
            let (host, via, after) = (host.clone(), via.clone(), String::new());
            GithubError::Transport { host, via, after, source }
        })?;
        let policy = RetryPolicy {
            retries: Retries::Transient,
            max_attempts: network.max_attempts,
            pauses: Pauses::Jittered,
            deadline: search.deadline,
        };
        let attempt = async || {
            let on_wait = || on_progress(&Progress::Waiting { whom: format!("`{host}`{via}") });
            let left = search.deadline.left();
            match https.get(&self.url, &self.authorization, left, on_wait).await {
                Ok(reply) if reply.status == 200 => {
                    token_in(&reply).ok_or_else(|| Unanswered::Foreign { host: host.clone() })
                }
                Ok(Reply { status, .. }) => Err(Unanswered::Status { host: host.clone(), status }),
                Err(source) => Err(Unanswered::Transport { host: host.clone(), source }),
            }
        };
        retry(|_| policy, on_progress, attempt).await.map_err(|(unanswered, attempts)| {
            let after = after_attempts(attempts);
            match unanswered {
                Unanswered::Status { host, status } => GithubError::Status { host, status, after },
                Unanswered::Foreign { host } => GithubError::Foreign { host },
                Unanswered::Transport { host, source } => {
                    GithubError::Transport { host, via: via.clone(), after, source }
                }
            }
        })
    }
}

fn token_in(reply: &Reply) -> Option<Secret> {
    let mut answer: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&reply.body).ok()?;
    match answer.remove("value") {
        Some(serde_json::Value::String(text)) => Some(Secret::new(text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audience_is_added_to_the_query() {
        for (url, audience, asked) in [
            (
                "https://g.example/t?api-version=2.0",
                AUDIENCE,
                "https://g.example/t?api-version=2.0&audience=sts.amazonaws.com",
            ),
            (
                "http://127.0.0.1:1/t",
                "https://a.example/?x&y",
                "http://127.0.0.1:1/t?audience=https%3A%2F%2Fa.example%2F%3Fx%26y",
            ),
        ] {
            let endpoint = TokenEndpoint::new(url, "b", audience).unwrap();
            assert_eq!(endpoint.url.as_str(), asked);
        }
    }

    #[test]
    fn the_bearer_token_is_sent_in_the_clear_to_this_machine_only() {
        for url in [
            "http://g.example/t?a=b",
            "http://10.0.0.1/",
            "ftp://g.example/",
            "g.example",
            "https://u:p@g.example/",
        ] {
            assert!(matches!(TokenEndpoint::new(url, "b", AUDIENCE), Err(GithubError::Url)), "{url}");
        }
        for bearer in ["a b", "a\nb", "é"] {
            assert!(matches!(
                TokenEndpoint::new("https://g.example/", bearer, AUDIENCE),
                Err(GithubError::Bearer)
            ));
        }
    }

    #[test]
    fn only_a_text_under_value_is_a_token() {
        let reply = |body: &str| Reply {
            status: 200,
            content_type: None,
            request_id: None,
            date: None,
            body: zeroize::Zeroizing::new(body.as_bytes().to_vec()),
        };
        assert_eq!(token_in(&reply(r#"{"count":1,"value":"a.b.c"}"#)).unwrap().expose(), "a.b.c");
        for body in ["", "[]", "{}", r#"{"value":1}"#, "<html>"] {
            assert!(token_in(&reply(body)).is_none(), "{body}");
        }
    }
}
