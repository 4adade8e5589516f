//! Requests over rustls, alone or side by side. No redirect, no second reader of the environment, a limit to what
//! is read, and a deadline over everything, the look-up of the host name included.

use std::time::Duration;

use aws::Secret;
use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, NoProxy, Proxy, RequestBuilder, Response, Url};
use sts::{Endpoint, FORM_CONTENT_TYPE};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::io::http::route::ProxyRoute;
use crate::io::http::transport_error::TransportError;

/// What came back.
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The `Content-Type` header.
    pub(crate) content_type: Option<String>,
    /// The `x-amzn-RequestId` header.
    pub(crate) request_id: Option<String>,
    /// The `Date` header.
    pub(crate) date: Option<String>,
    /// The body. Credentials are in it, so it clears itself.
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// A client.
pub(crate) struct Https(Client);

/// An answer of STS has 2 to 8 KB.
const LARGEST_BODY: usize = 1024 * 1024;

/// STS itself waits 5 s for an identity provider's keys; a request that takes this long has been lost.
const LONGEST_REQUEST: Duration = Duration::from_secs(20);

/// From then on the user is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

impl Https {
    /// Sets up the client. Nothing is sent yet.
    pub(crate) fn new(
        proxy: Option<&ProxyRoute>,
        connect_timeout: Duration,
        tls: rustls::ClientConfig,
    ) -> Result<Self, TransportError> {
        let broken = |error: &dyn std::error::Error| TransportError::Broken(error.to_string());
        let mut builder = ClientBuilder::new()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .connect_timeout(connect_timeout)
            .user_agent(concat!("circleci-aws-oidc/", env!("CARGO_PKG_VERSION")));
        if let Some(route) = proxy {
            builder = builder.proxy(client_proxy(route)?);
        }
        builder.build().map(Self).map_err(|error| broken(&error))
    }

    /// Posts a form, with headers if it is signed, and reads the whole answer, within `left`. Calls `on_wait` once
    /// when it takes long.
    pub(crate) async fn post(
        &self,
        endpoint: &Endpoint,
        form: &Zeroizing<String>,
        headers: &[(&'static str, Secret)],
        left: Duration,
        on_wait: impl FnOnce(),
    ) -> Result<Reply, TransportError> {
        within(left, on_wait, self.exchange(endpoint, form, headers)).await
    }

    /// Gets what `authorization` gives access to, as JSON, under the same limits.
    pub(crate) async fn get(
        &self,
        url: &Url,
        authorization: &Secret,
        left: Duration,
        on_wait: impl FnOnce(),
    ) -> Result<Reply, TransportError> {
        let request = self.0.get(url.clone()).header(ACCEPT, "application/json");
        let request = request.header(AUTHORIZATION, sensitive(authorization)?);
        within(left, on_wait, response_to(request, LARGEST_BODY)).await
    }

    async fn exchange(
        &self,
        endpoint: &Endpoint,
        form: &Zeroizing<String>,
        headers: &[(&'static str, Secret)],
    ) -> Result<Reply, TransportError> {
        let mut request = self
            .0
            .post(endpoint.as_str())
            .header(CONTENT_TYPE, FORM_CONTENT_TYPE)
            .body(Bytes::from_owner(form.clone()));
        for (name, value) in headers {
            request = request.header(*name, sensitive(value)?);
        }
        response_to(request, LARGEST_BODY).await
    }
}

/// The same limits for every exchange: so much time, and a word to the user when it takes long.
pub(super) async fn within(
    left: Duration,
    on_wait: impl FnOnce(),
    exchange: impl Future<Output = Result<Reply, TransportError>>,
) -> Result<Reply, TransportError> {
    let limit = left.min(LONGEST_REQUEST);
    let mut exchange = std::pin::pin!(exchange);
    let whole = async {
        if let Ok(reply) = timeout(PATIENCE, &mut exchange).await {
            return reply;
        }
        on_wait();
        exchange.await
    };
    timeout(limit, whole).await.unwrap_or(Err(TransportError::Slow(limit)))
}

fn client_proxy(route: &ProxyRoute) -> Result<Proxy, TransportError> {
    let unusable = || TransportError::Proxy(route.variable.clone());
    // Like curl: a proxy without a scheme is an http one.
    let url = if route.url.contains("://") { route.url.clone() } else { format!("http://{}", route.url) };
    let proxy = Proxy::all(&url).map_err(|_| unusable())?;
    Ok(proxy.no_proxy(route.except.as_deref().and_then(NoProxy::from_string)))
}

/// A header that no log of a library shows.
pub(super) fn sensitive(value: &Secret) -> Result<HeaderValue, TransportError> {
    let mut value =
        HeaderValue::from_str(value.expose()).map_err(|error| TransportError::Broken(error.to_string()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Sends it and reads the whole answer, which may have so many bytes.
pub(super) async fn response_to(request: RequestBuilder, largest: usize) -> Result<Reply, TransportError> {
    let failed = |error: reqwest::Error| TransportError::from_reqwest(&error);
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let header = |name| text_of(response.headers(), name);
    let (content_type, request_id, date) =
        (header("content-type"), header("x-amzn-requestid"), header("date"));
    let body = body_of(&mut response, largest).await?;
    Ok(Reply { status, content_type, request_id, date, body })
}

async fn body_of(response: &mut Response, largest: usize) -> Result<Zeroizing<Vec<u8>>, TransportError> {
    // Room for the usual answer at once: a growing buffer would leave uncleared copies behind.
    let mut body = Zeroizing::new(Vec::with_capacity(16 * 1024));
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
