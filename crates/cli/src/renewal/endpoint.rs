//! Which requests get credentials: those that have the authorization and look like those of AWS's tools. Every process of
//! this machine can send requests, even a web page through a browser.

use std::sync::Arc;

use aws::{Secret, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use export::{EndpointDescriptor, InvalidEndpointDescriptor};
use hyper::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue, ORIGIN, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use ring::hmac;
use zeroize::Zeroizing;

use super::credential_store::CredentialStore;
use super::refusal_log::RefusalLog;
use crate::io::http::loopback_server::JsonResponse;
use crate::io::http::tls;
use crate::io::secrets;
use crate::io::untrusted_text;

/// Browsers send the first, proxies the others; AWS's tools send none.
const FORBIDDEN_HEADERS: [HeaderName; 3] =
    [ORIGIN, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("forwarded")];

/// In characters, of a header that is printed.
const LONGEST_VALUE: usize = 80;

const ADDRESS: &[u8] = b"127.0.0.1";

/// Why there is no endpoint.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndpointSetupError {
    /// The system's source of randomness is empty.
    #[error("the system has no random bytes for the authorization")]
    NoRandomBytes,
    /// A bug of this program.
    #[error("the endpoint descriptor is invalid")]
    InvalidDescriptor(#[source] InvalidEndpointDescriptor),
}

/// An endpoint with its authorization and credentials.
pub(crate) struct Endpoint {
    descriptor: EndpointDescriptor,
    /// For a comparison in constant time.
    key: hmac::Key,
    expected: hmac::Tag,
    store: Arc<CredentialStore>,
    refusals: Arc<RefusalLog>,
}

/// Status, code and message.
type Refusal = (StatusCode, &'static str, String);

impl Endpoint {
    /// An endpoint on this port, with a new authorization.
    pub(crate) fn new(
        job: &str,
        port: u16,
        store: Arc<CredentialStore>,
        refusals: Arc<RefusalLog>,
    ) -> Result<Self, EndpointSetupError> {
        let random =
            || tls::random_bytes::<32>().map(Zeroizing::new).ok_or(EndpointSetupError::NoRandomBytes);
        let authorization = Secret::new(URL_SAFE_NO_PAD.encode(*random()?));
        secrets::remember(authorization.expose());
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*random()?);
        let expected = hmac::sign(&key, authorization.expose().as_bytes());
        let descriptor = EndpointDescriptor::new(job, port, authorization)
            .map_err(EndpointSetupError::InvalidDescriptor)?;
        Ok(Self { descriptor, key, expected, store, refusals })
    }

    /// The URI and authorization, for clients.
    pub(crate) fn descriptor(&self) -> &EndpointDescriptor {
        &self.descriptor
    }

    /// The response to a request, from memory.
    pub(crate) fn respond(&self, request: &Request<()>, now: Timestamp) -> JsonResponse {
        match self.check(request, now) {
            Ok(response) => response,
            Err((status, code, message)) => {
                // Without credentials the reason is that of the renewal, which is printed already.
                if status != StatusCode::SERVICE_UNAVAILABLE {
                    self.refusals.add(|| refusal_line(status, &message, request));
                }
                let body = serde_json::json!({"code": code, "message": message}).to_string();
                JsonResponse { status, body: body.into() }
            }
        }
    }

    fn check(&self, request: &Request<()>, now: Timestamp) -> Result<JsonResponse, Refusal> {
        let headers = request.headers();
        let only = |name| {
            let mut values = headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none()).map(HeaderValue::as_bytes)
        };
        let forbidden = |message: String| (StatusCode::FORBIDDEN, "Forbidden", message);
        // With DNS rebinding, a web page can reach 127.0.0.1 under its own host name. AWS's C runtime leaves the port out.
        let host = self.descriptor.host();
        if !only(HOST).is_some_and(|given| given == host.as_bytes() || given == ADDRESS) {
            return Err(forbidden(format!("the Host header must be {host} or 127.0.0.1")));
        }
        if let Some(name) = FORBIDDEN_HEADERS.iter().find(|name| headers.contains_key(*name)) {
            return Err(forbidden(format!("requests with the header `{name}` are refused")));
        }
        let is_authorized = |given: &[u8]| hmac::verify(&self.key, given, self.expected.as_ref()).is_ok();
        if !only(AUTHORIZATION).is_some_and(is_authorized) {
            let message = "the Authorization header is missing or wrong";
            return Err((StatusCode::UNAUTHORIZED, "Unauthorized", message.to_owned()));
        }
        if request.uri().path() != self.descriptor.path() {
            let message = format!("the only path is `{}`", self.descriptor.path());
            return Err((StatusCode::NOT_FOUND, "NotFound", message));
        }
        if request.method() != Method::GET {
            return Err((
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "the only method is GET".to_owned(),
            ));
        }
        match self.store.response_at(now) {
            Ok(body) => Ok(JsonResponse { status: StatusCode::OK, body }),
            Err(reason) => Err((StatusCode::SERVICE_UNAVAILABLE, "CredentialsExpired", reason)),
        }
    }
}

/// What is said of a request in the log: the refusal, and who it may have been.
fn refusal_line(status: StatusCode, message: &str, request: &Request<()>) -> String {
    let given = |name| {
        let value = request.headers().get(name).map(HeaderValue::as_bytes).unwrap_or_default();
        untrusted_text::first_line(value).chars().take(LONGEST_VALUE).collect::<String>()
    };
    let given = [("Host", given(HOST)), ("User-Agent", given(USER_AGENT))];
    let given: Vec<String> = given
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name} `{value}`"))
        .collect();
    let given = if given.is_empty() { String::new() } else { format!(" ({})", given.join(", ")) };
    format!("refused a request with HTTP status {}: {message}{given}", status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::super::credential_store::tests::session;
    use super::*;

    type Headers<'a> = &'a [(&'a str, &'a str)];

    fn endpoint() -> Endpoint {
        let store = Arc::new(CredentialStore::of(&session("2026-11-22T14:00:00Z")));
        Endpoint::new("job", 4711, store, Arc::default()).unwrap()
    }

    /// The status for a request of an AWS tool with these headers changed; an empty value leaves one out.
    fn status(method: &str, path: &str, other: Headers<'_>) -> u16 {
        let endpoint = endpoint();
        let authorization = endpoint.descriptor().authorization().expose().to_owned();
        let mut headers = vec![("host", "127.0.0.1:4711"), ("authorization", "KEY")];
        headers.retain(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
        headers.extend(other.iter().filter(|(_, value)| !value.is_empty()));
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, value.replace("KEY", &authorization));
        }
        let response = endpoint.respond(&request.body(()).unwrap(), "2026-11-22T13:00:00Z".parse().unwrap());
        let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["AccessKeyId"] == "ASIA1", response.status == 200, "{body}");
        assert_eq!(endpoint.refusals.take().len(), usize::from(response.status != 200));
        assert_eq!(body["code"].is_string() && body["message"].is_string(), response.status != 200, "{body}");
        response.status.as_u16()
    }

    #[test]
    fn only_a_complete_request_of_an_aws_tool_gets_credentials() {
        let cases: [(&str, &str, Headers<'_>, u16); 21] = [
            ("GET", "/credentials", &[], 200),
            ("GET", "/credentials", &[("accept", "application/json"), ("user-agent", "x")], 200),
            ("GET", "/credentials", &[("authorization", "")], 401),
            ("GET", "/credentials", &[("authorization", "KEYx")], 401),
            ("GET", "/credentials", &[("authorization", "Bearer KEY")], 401),
            ("GET", "/credentials", &[("authorization", "KEY"), ("authorization", "KEY")], 401),
            ("GET", "/credentials", &[("host", "")], 403),
            ("GET", "/credentials", &[("host", "127.0.0.1")], 200),
            ("GET", "/credentials", &[("host", "127.0.0.1:4712")], 403),
            ("GET", "/credentials", &[("host", "127.0.0.1.")], 403),
            ("GET", "/credentials", &[("host", "localhost")], 403),
            ("GET", "/credentials", &[("host", "localhost:4711")], 403),
            ("GET", "/credentials", &[("host", "attacker.example:4711")], 403),
            ("GET", "/credentials", &[("host", "127.0.0.1:4711"), ("host", "a.example")], 403),
            ("GET", "/credentials", &[("origin", "null")], 403),
            ("GET", "/credentials", &[("x-forwarded-for", "10.0.0.1")], 403),
            ("GET", "/credentials", &[("forwarded", "for=10.0.0.1")], 403),
            ("GET", "/", &[], 404),
            ("GET", "/credentials/", &[], 404),
            ("POST", "/credentials", &[], 405),
            ("HEAD", "/credentials", &[], 405),
        ];
        for (method, path, headers, expected) in cases {
            assert_eq!(status(method, path, headers), expected, "{method} {path} {headers:?}");
        }
    }

    #[test]
    fn a_refusal_is_logged_with_what_the_client_calls_itself_and_without_what_it_authorizes_itself_with() {
        let endpoint = endpoint();
        let authorization = endpoint.descriptor().authorization().expose().to_owned();
        let request = Request::builder()
            .uri("/credentials")
            .header("host", "a.example")
            .header("authorization", &authorization)
            .header("user-agent", format!("tool/1 {authorization}"))
            .body(())
            .unwrap();
        endpoint.respond(&request, "2026-11-22T13:00:00Z".parse().unwrap());
        assert_eq!(
            endpoint.refusals.take(),
            ["refused a request with HTTP status 403: the Host header must be 127.0.0.1:4711 or 127.0.0.1 \
              (Host `a.example`, User-Agent `tool/1 …`)"]
        );
    }

    #[test]
    fn without_the_authorization_paths_and_methods_are_not_revealed() {
        assert_eq!(status("DELETE", "/elsewhere", &[("authorization", "")]), 401);
    }

    #[test]
    fn each_server_has_an_authorization_of_its_own_of_256_bits() {
        let [one, other] = [endpoint(), endpoint()].map(|endpoint| endpoint.descriptor().clone());
        assert_ne!(one.authorization(), other.authorization());
        assert_eq!(URL_SAFE_NO_PAD.decode(one.authorization().expose()).unwrap().len(), 32);
    }
}
