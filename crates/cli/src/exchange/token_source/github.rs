//! GitHub's token endpoint, from which a job with `id-token: write` requests a token for an audience (facts/aws.md 11.2).
//! With the same TLS settings, retry rules and deadline as STS.

use std::time::Duration;

use aws::Secret;
use oidc::{Token, TokenOrigin};
use reqwest::Url;
use sts::Endpoint;
use sts::retry::Class;

use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::retry::{FailedAttempt, Pauses, Reach, Retries, RetryPolicy, UNREACHED, retry};
use crate::exchange::token_source::{FoundToken, GithubError, TokenError, TokenSearch};
use crate::io::environment::{Environment, vars};
use crate::io::http::https::{HttpResponse, Https};
use crate::io::http::transport_error::TransportError;
use crate::io::secrets;

/// The usual audience of AWS identity providers for GitHub.
const AUDIENCE: &str = "sts.amazonaws.com";

/// The URL and the bearer token with which the job may request a token.
pub(super) fn permission(environment: &Environment) -> Result<(&str, &str), GithubError> {
    let variable = |name| environment.non_blank(name).ok_or(GithubError::NotPermitted(name));
    Ok((variable(vars::ACTIONS_ID_TOKEN_REQUEST_URL)?, variable(vars::ACTIONS_ID_TOKEN_REQUEST_TOKEN)?))
}

/// Requests a token for the expected audience.
pub(super) async fn fetch(
    search: &TokenSearch<'_>,
    on_progress: OnProgress<'_>,
) -> Result<FoundToken, TokenError> {
    let (url, bearer) = permission(search.environment).map_err(TokenError::Github)?;
    let audience = search.request.audience.as_ref().map_or(AUDIENCE, |expected| expected.as_str());
    let endpoint = TokenEndpoint::new(url.trim(), bearer.trim(), audience).map_err(TokenError::Github)?;
    let text = endpoint.fetch(search, on_progress).await.map_err(TokenError::Github)?;
    let origin = TokenOrigin::Github;
    secrets::remember(text.expose());
    match Token::parse(text.expose()) {
        Ok(token) => Ok(FoundToken { token, origin }),
        Err(flaw) => Err(TokenError::Invalid { origin, flaw }),
    }
}

/// The request for a token.
struct TokenEndpoint {
    url: Url,
    /// The URL without its query: the rules for hosts are those of STS's endpoint.
    endpoint: Endpoint,
    authorization: Secret,
}

/// Why one attempt failed.
enum AttemptError {
    Status { host: String, status: u16, retry_after: Option<Duration> },
    NotAToken { host: String },
    Transport { host: String, source: TransportError },
}

impl FailedAttempt for AttemptError {
    fn class(&self) -> Class {
        match self {
            Self::Status { status, .. } => Class::of_status(*status),
            Self::NotAToken { .. } => Class::Permanent,
            Self::Transport { source, .. } => source.class(),
        }
    }

    fn reason(&self) -> String {
        match self {
            Self::Status { host, status, .. } => format!("`{host}` responded with HTTP status {status}"),
            Self::NotAToken { host } => format!("the response of `{host}` has no token"),
            Self::Transport { host, source } => format!("`{host}`: {source}"),
        }
    }

    fn reach(&self) -> Reach {
        match self {
            Self::Transport { source, .. } => Reach::of_transport(source),
            Self::Status { .. } | Self::NotAToken { .. } => Reach::Host,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::NotAToken { .. } | Self::Transport { .. } => None,
        }
    }
}

impl TokenEndpoint {
    fn new(url: &str, bearer: &str, audience: &str) -> Result<Self, GithubError> {
        let mut url = Url::parse(url).map_err(|_| GithubError::Url)?;
        let mut without_query = url.clone();
        without_query.set_query(None);
        let endpoint = Endpoint::from_url(without_query.as_str()).map_err(|_| GithubError::Url)?;
        url.query_pairs_mut().append_pair("audience", audience);
        if !bearer.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(GithubError::Bearer);
        }
        Ok(Self { url, endpoint, authorization: Secret::new(format!("Bearer {bearer}")) })
    }

    /// Requests a token, with retries.
    async fn fetch(
        &self,
        search: &TokenSearch<'_>,
        on_progress: OnProgress<'_>,
    ) -> Result<Secret, GithubError> {
        let host = self.endpoint.host();
        let variable = vars::ACTIONS_ID_TOKEN_REQUEST_URL;
        let network = search.network.with_endpoint(self.endpoint.clone(), variable, search.environment);
        let not_reached =
            |source, after| GithubError::Transport { network: Box::new(network.clone()), after, source };
        let proxy = network.proxy_suffix();
        let https = Https::new(network.proxy.as_ref(), network.connect_timeout, search.roots);
        let https = https.map_err(|source| not_reached(source, String::new()))?;
        let policy = RetryPolicy {
            retries: Retries::Transient,
            max_attempts: network.max_attempts,
            pauses: Pauses::Jittered,
            deadline: search.deadline,
            unreached: Some(UNREACHED),
        };
        let attempt = async |limit| {
            let on_wait = || on_progress(&Progress::Waiting { target: format!("`{host}`{proxy}") });
            let left = search.deadline.left().min(limit);
            match https.get(&self.endpoint, &self.url, &self.authorization, left, on_wait).await {
                Ok(response) if response.status == 200 => {
                    token_in(&response).ok_or_else(|| AttemptError::NotAToken { host: host.clone() })
                }
                Ok(HttpResponse { status, retry_after, .. }) => {
                    Err(AttemptError::Status { host: host.clone(), status, retry_after })
                }
                Err(source) => Err(AttemptError::Transport { host: host.clone(), source }),
            }
        };
        retry(|_| policy, on_progress, attempt).await.map_err(|(failed, attempts)| {
            let after = attempts.suffix();
            match failed {
                AttemptError::Status { host, status, retry_after } => {
                    GithubError::Status { host, status, retry_after, after }
                }
                AttemptError::NotAToken { host } => GithubError::NotAToken { host },
                AttemptError::Transport { source, .. } => not_reached(source, after),
            }
        })
    }
}

fn token_in(response: &HttpResponse) -> Option<Secret> {
    let mut fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&response.body).ok()?;
    match fields.remove("value") {
        Some(serde_json::Value::String(text)) => Some(Secret::new(text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audience_is_added_to_the_query() {
        for (url, audience, expected) in [
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
            assert_eq!(endpoint.url.as_str(), expected);
        }
    }

    #[test]
    fn the_bearer_token_is_sent_without_tls_to_loopback_only() {
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
        let response = |body: &str| HttpResponse {
            status: 200,
            content_type: None,
            request_id: None,
            date: None,
            retry_after: None,
            body: zeroize::Zeroizing::new(body.as_bytes().to_vec()),
        };
        assert_eq!(token_in(&response(r#"{"count":1,"value":"a.b.c"}"#)).unwrap().expose(), "a.b.c");
        for body in ["", "[]", "{}", r#"{"value":1}"#, "<html>"] {
            assert!(token_in(&response(body)).is_none(), "{body}");
        }
    }

    #[test]
    fn the_pause_that_the_endpoint_asks_for_is_told() {
        let retry_after = Some(Duration::from_secs(7));
        let host = "token.example".to_owned();
        assert_eq!(AttemptError::Status { host, status: 503, retry_after }.retry_after(), retry_after);
    }
}
