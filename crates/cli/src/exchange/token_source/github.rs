//! GitHub's token endpoint: a job with `id-token: write` asks there for a token of the audience that it names
//! (facts/aws.md 11.2). Asked over the same TLS, by the same rules and within the same time as STS.

use aws::Secret;
use oidc::Token;
use reqwest::Url;
use sts::Endpoint;
use sts::retry::{Class, pause_before_next};

use crate::exchange::token_source::{FoundToken, Search, TokenError};
use crate::io::clock;
use crate::io::environment::{Environment, vars};
use crate::io::http::https::{Https, Reply};
use crate::io::http::tls;
use crate::io::http::transport_error::TransportError;
use crate::report::Report;

/// What AWS's identity providers for GitHub are set up with by convention.
const AUDIENCE: &str = "sts.amazonaws.com";

/// Where its tokens come from, in words.
const PLACE: &str = "GitHub's token endpoint";

/// Why the endpoint gave no token. Neither its answer nor the job's own bearer token is ever shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GithubError {
    /// The job may not ask.
    #[error("{0} is not set")]
    NotPermitted(&'static str),
    /// Not a place that the bearer token may be sent to.
    #[error("ACTIONS_ID_TOKEN_REQUEST_URL is no https URL; plain http goes to loopback only")]
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

/// Asks for a token of the audience that is wanted.
pub(super) fn fetch(search: &Search<'_>, report: &mut Report) -> Result<FoundToken, TokenError> {
    let (url, bearer) = permission(search.environment).map_err(TokenError::Github)?;
    let audience = search.audience.map_or(AUDIENCE, |wanted| wanted.as_str());
    let question = Question::new(url.trim(), bearer.trim(), audience).map_err(TokenError::Github)?;
    let text = question.ask(search, report).map_err(TokenError::Github)?;
    let token = Token::parse(text.expose())
        .map_err(|flaw| TokenError::Invalid { place: format!("the answer of {PLACE}"), flaw })?;
    Ok(FoundToken { token, place: PLACE.to_owned() })
}

/// What is sent, and to whom.
struct Question {
    url: Url,
    /// The same without its query: for the rules about hosts, which STS's endpoint has too.
    endpoint: Endpoint,
    authorization: Secret,
}

impl Question {
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

    /// Asks until there is a token, or nothing left to hope for.
    fn ask(&self, search: &Search<'_>, report: &mut Report) -> Result<Secret, GithubError> {
        let host = self.endpoint.host();
        let network = search.network.towards(self.endpoint.clone(), search.environment);
        let via = network.via();
        let unreached =
            |source, after| GithubError::Transport { host: host.clone(), via: via.clone(), after, source };
        let https =
            Https::new(&network, search.roots.clone()).map_err(|source| unreached(source, String::new()))?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let answer = https.get(&self.url, &self.authorization, search.deadline.left(), || {
                report.event(&format!("waiting for `{host}`{via}"));
            });
            let class = class(&answer);
            let (words, error) = match answer {
                Ok(reply) if reply.status == 200 => {
                    return token_in(&reply).ok_or_else(|| GithubError::Foreign { host: host.clone() });
                }
                Ok(Reply { status, .. }) => (
                    format!("answered with HTTP status {status}"),
                    GithubError::Status { host: host.clone(), status, after: after(attempts) },
                ),
                Err(source) => (format!("gave {source}"), unreached(source, after(attempts))),
            };
            let left = search.deadline.left();
            let pause =
                pause_before_next(class, attempts, network.max_attempts, left, tls::random_fraction());
            let Some(pause) = pause else { return Err(error) };
            let seconds = pause.as_secs_f64();
            report.event(&format!("attempt {attempts}: `{host}` {words}; the next one in {seconds:.1} s"));
            clock::wait(pause);
        }
    }
}

fn after(attempts: u32) -> String {
    if attempts > 1 { format!(", after {attempts} attempts") } else { String::new() }
}

fn class(answer: &Result<Reply, TransportError>) -> Class {
    match answer {
        Ok(Reply { status: 429, .. }) => Class::Throttled,
        Ok(Reply { status: 500.., .. }) => Class::Transient,
        Ok(_) => Class::Permanent,
        Err(error) => error.class(),
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
            let question = Question::new(url, "b", audience).unwrap();
            assert_eq!(question.url.as_str(), asked);
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
            assert!(matches!(Question::new(url, "b", AUDIENCE), Err(GithubError::Url)), "{url}");
        }
        for bearer in ["a b", "a\nb", "é"] {
            assert!(matches!(
                Question::new("https://g.example/", bearer, AUDIENCE),
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
