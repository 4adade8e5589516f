//! HTTPS requests over rustls, one or many at a time: without redirects, without reading the environment, with a limit
//! on the size of a response, and with a deadline that includes the DNS lookup.

use std::collections::BTreeSet;
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws::Secret;
use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, NoProxy, Proxy, Response, Url};
use sts::{Endpoint, FORM_CONTENT_TYPE};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::io::http::localhost::Resolver;
use crate::io::http::reusing_client::ReusingClient;
use crate::io::http::route::ConfiguredProxy;
use crate::io::http::transport_error::TransportError;
use crate::io::http::tunnel_check::TunnelCheck;

/// A response.
pub(crate) struct HttpResponse {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The `Content-Type` header.
    pub(crate) content_type: Option<String>,
    /// The `x-amzn-RequestId` header.
    pub(crate) request_id: Option<String>,
    /// The `Date` header.
    pub(crate) date: Option<String>,
    /// The seconds of the `Retry-After` header.
    pub(crate) retry_after: Option<Duration>,
    /// The body, which is cleared on drop because it holds credentials.
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// A client with its connections.
pub(crate) struct Https {
    client: ReusingClient,
    tunnel: Option<TunnelCheck>,
    /// The hosts that have responded.
    responded: Mutex<BTreeSet<String>>,
}

/// Set for each request: as a setting of the client it would be sent to a proxy too, and all names of that request's
/// headers in lower case, which not every proxy reads.
const PROGRAM: &str = concat!("circleci-aws-oidc/", env!("CARGO_PKG_VERSION"));

/// A response of STS has 2 to 8 KB.
const LARGEST_BODY: usize = 1024 * 1024;

/// The room for a response that does not say its size.
const USUAL_BODY: usize = 16 * 1024;

/// STS itself waits 5 s for an identity provider's keys; a request that takes longer than this gets no response.
pub(super) const LONGEST_REQUEST: Duration = Duration::from_secs(20);

/// A connection ends before its request, so that a host without a response can be told from one without a connection.
const LONGEST_CONNECT: Duration = Duration::from_secs(19);

/// A wait that takes longer is reported to the user.
const QUIET_WAIT: Duration = Duration::from_secs(1);

impl Https {
    /// Sets up the client. Nothing is sent yet.
    pub(crate) fn new(
        proxy: Option<&ConfiguredProxy>,
        connect_timeout: Duration,
        tls: &rustls::ClientConfig,
    ) -> Result<Self, TransportError> {
        let broken = |error: &dyn std::error::Error| TransportError::Broken(error.to_string());
        let connect_timeout = connect_timeout.min(LONGEST_CONNECT);
        let tunnel = proxy.map(|proxy| TunnelCheck::new(proxy, tls, connect_timeout));
        let proxy = proxy.map(client_proxy).transpose()?;
        let tls = tls.clone();
        let settings = move || {
            let builder = ClientBuilder::new()
                .tls_backend_preconfigured(tls.clone())
                .no_proxy()
                .dns_resolver(Resolver)
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .http1_only()
                // A connection lives as long as one command, and each request has a limit of its own.
                .tcp_keepalive(None)
                .tcp_keepalive_interval(None)
                .tcp_keepalive_retries(None)
                .connect_timeout(connect_timeout);
            proxy.iter().cloned().fold(builder, ClientBuilder::proxy)
        };
        let client = ReusingClient::new(settings).map_err(|error| broken(&error))?;
        Ok(Self { client, tunnel, responded: Mutex::default() })
    }

    /// Posts a form, with the headers of its signature if any, and reads the whole response, within `left`. Calls
    /// `on_wait` once if that takes long.
    pub(crate) async fn post(
        &self,
        endpoint: &Endpoint,
        form: &Zeroizing<String>,
        headers: &[(&'static str, Secret)],
        left: Duration,
        on_wait: impl FnOnce(),
    ) -> Result<HttpResponse, TransportError> {
        let exchange = pin!(self.exchange(endpoint, form, headers));
        let response = with_limits(left, on_wait, exchange).await?;
        self.responded.lock().unwrap_or_else(PoisonError::into_inner).insert(endpoint.host());
        Ok(response)
    }

    /// Gets JSON of a URL of this endpoint, with this `Authorization` header, under the same limits.
    pub(crate) async fn get(
        &self,
        endpoint: &Endpoint,
        url: &Url,
        authorization: &Secret,
        left: Duration,
        on_wait: impl FnOnce(),
    ) -> Result<HttpResponse, TransportError> {
        let request = self.client.requests().get(url.clone()).header(USER_AGENT, PROGRAM);
        let request = request.header(ACCEPT, "application/json");
        let request = request.header(AUTHORIZATION, sensitive(authorization)?);
        let response = pin!(async {
            self.require_tunnel(endpoint).await?;
            response_to(self.client.send(request).await, LARGEST_BODY).await
        });
        with_limits(left, on_wait, response).await
    }

    /// Whether this host has responded to a request.
    pub(crate) fn has_response_of(&self, endpoint: &Endpoint) -> bool {
        self.responded.lock().unwrap_or_else(PoisonError::into_inner).contains(&endpoint.host())
    }

    async fn require_tunnel(&self, endpoint: &Endpoint) -> Result<(), TransportError> {
        match &self.tunnel {
            // In its own allocation, which only those with a proxy pay for.
            Some(tunnel) => Box::pin(tunnel.require(endpoint)).await,
            None => Ok(()),
        }
    }

    async fn exchange(
        &self,
        endpoint: &Endpoint,
        form: &Zeroizing<String>,
        headers: &[(&'static str, Secret)],
    ) -> Result<HttpResponse, TransportError> {
        self.require_tunnel(endpoint).await?;
        let mut request = self
            .client
            .requests()
            .post(endpoint.as_str())
            .header(USER_AGENT, PROGRAM)
            .header(CONTENT_TYPE, FORM_CONTENT_TYPE)
            .body(Bytes::from_owner(form.clone()));
        for (name, value) in headers {
            request = request.header(*name, sensitive(value)?);
        }
        response_to(self.client.send(request).await, LARGEST_BODY).await
    }
}

/// Applies the time limits to an exchange, and calls `on_wait` if it takes long. It borrows the exchange: a future that was
/// moved here would take its memory twice, for each of many requests.
pub(super) async fn with_limits(
    left: Duration,
    on_wait: impl FnOnce(),
    mut exchange: Pin<&mut impl Future<Output = Result<HttpResponse, TransportError>>>,
) -> Result<HttpResponse, TransportError> {
    let limit = left.min(LONGEST_REQUEST);
    let whole = async {
        if let Ok(response) = timeout(QUIET_WAIT, exchange.as_mut()).await {
            return response;
        }
        on_wait();
        exchange.await
    };
    let late =
        if left < LONGEST_REQUEST { TransportError::CutOff(left) } else { TransportError::Timeout(limit) };
    timeout(limit, whole).await.unwrap_or(Err(late))
}

fn client_proxy(proxy: &ConfiguredProxy) -> Result<Proxy, TransportError> {
    let unusable = || TransportError::Proxy(proxy.variable.clone());
    let url = proxy.full_url().ok_or_else(unusable)?;
    Ok(Proxy::all(&url)
        .map_err(|_| unusable())?
        .no_proxy(proxy.no_proxy.as_deref().and_then(NoProxy::from_string)))
}

/// A header value that libraries do not log.
pub(super) fn sensitive(value: &Secret) -> Result<HeaderValue, TransportError> {
    let mut value =
        HeaderValue::from_str(value.expose()).map_err(|error| TransportError::Broken(error.to_string()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Reads the whole response to a request that was sent, of at most `largest` bytes.
pub(super) async fn response_to(
    sent: Result<Response, reqwest::Error>,
    largest: usize,
) -> Result<HttpResponse, TransportError> {
    let failed = |error: reqwest::Error| TransportError::from_reqwest(&error);
    let mut response = sent.map_err(failed)?;
    let status = response.status().as_u16();
    let header = |name| text_of(response.headers(), name);
    let (content_type, request_id, date) =
        (header("content-type"), header("x-amzn-requestid"), header("date"));
    let retry_after = header("retry-after").and_then(|text| seconds_of(&text));
    let body = body_of(&mut response, largest).await?;
    Ok(HttpResponse { status, content_type, request_id, date, retry_after, body })
}

/// The number of seconds in a `Retry-After`, which may be larger than any deadline. A date is not read: the two clocks may
/// differ by more than the pause.
fn seconds_of(text: &str) -> Option<Duration> {
    let digits = Some(text.trim()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.filter(|text| !text.is_empty()).map(|text| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

async fn body_of(response: &mut Response, largest: usize) -> Result<Zeroizing<Vec<u8>>, TransportError> {
    // Large enough: a growing buffer would leave uncleared copies behind. Not larger: all of it is cleared.
    let size = response.content_length().and_then(|size| usize::try_from(size).ok()).unwrap_or(USUAL_BODY);
    let mut body = Zeroizing::new(Vec::with_capacity(size.min(largest)));
    while let Some(chunk) = response.chunk().await.map_err(|error| TransportError::from_reqwest(&error))? {
        if body.len() + chunk.len() > largest {
            return Err(TransportError::TooLarge(largest));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_however_long_it_is_and_only_as_a_number() {
        for (text, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("", None),
            ("-5", None),
            ("3.5", None),
            ("Sun, 29 Nov 2026 22:00:00 GMT", None),
        ] {
            assert_eq!(seconds_of(text), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
