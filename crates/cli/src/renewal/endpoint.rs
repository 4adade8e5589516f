//! Which requests get credentials: those that have the authorization and look like those of AWS's tools. Every process of
//! this machine can send requests, even a web page through a browser.

use std::sync::Arc;

use aws::{Secret, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use export::{EndpointDescriptor, InvalidEndpointDescriptor};
use hyper::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, Request, StatusCode};
use ring::hmac;
use zeroize::Zeroizing;

use super::credential_store::CredentialStore;
use crate::io::http::loopback_server::JsonResponse;
use crate::io::http::tls;
use crate::io::secrets;

/// Browsers send the first, proxies the others; AWS's tools send none.
const FORBIDDEN_HEADERS: [HeaderName; 3] =
    [ORIGIN, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("forwarded")];

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
}

/// Status, code and message.
type Refusal = (StatusCode, &'static str, String);

impl Endpoint {
    /// An endpoint on this port, with a new authorization.
    pub(crate) fn new(job: &str, port: u16, store: Arc<CredentialStore>) -> Result<Self, EndpointSetupError> {
        let random =
            || tls::random_bytes::<32>().map(Zeroizing::new).ok_or(EndpointSetupError::NoRandomBytes);
        let authorization = Secret::new(URL_SAFE_NO_PAD.encode(*random()?));
        secrets::remember(authorization.expose());
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*random()?);
        let expected = hmac::sign(&key, authorization.expose().as_bytes());
        let descriptor = EndpointDescriptor::new(job, port, authorization)
            .map_err(EndpointSetupError::InvalidDescriptor)?;
        Ok(Self { descriptor, key, expected, store })
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
        // With DNS rebinding, a web page can reach 127.0.0.1 under its own host name.
        if only(HOST) != Some(self.descriptor.host().as_bytes()) {
            return Err(forbidden(format!("the Host header must be {}", self.descriptor.host())));
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

#[cfg(test)]
mod tests {
    use super::super::credential_store::tests::session;
    use super::*;

    type Headers<'a> = &'a [(&'a str, &'a str)];

    fn endpoint() -> Endpoint {
        let store = Arc::new(CredentialStore::of(&session("2026-11-22T14:00:00Z")));
        Endpoint::new("job", 4711, store).unwrap()
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
        assert_eq!(body["code"].is_string() && body["message"].is_string(), response.status != 200, "{body}");
        response.status.as_u16()
    }

    #[test]
    fn only_a_complete_request_of_an_aws_tool_gets_credentials() {
        let cases: [(&str, &str, Headers<'_>, u16); 18] = [
            ("GET", "/credentials", &[], 200),
            ("GET", "/credentials", &[("accept", "application/json"), ("user-agent", "x")], 200),
            ("GET", "/credentials", &[("authorization", "")], 401),
            ("GET", "/credentials", &[("authorization", "KEYx")], 401),
            ("GET", "/credentials", &[("authorization", "Bearer KEY")], 401),
            ("GET", "/credentials", &[("authorization", "KEY"), ("authorization", "KEY")], 401),
            ("GET", "/credentials", &[("host", "")], 403),
            ("GET", "/credentials", &[("host", "127.0.0.1")], 403),
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
