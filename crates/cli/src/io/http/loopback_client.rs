//! Plain HTTP to an endpoint on this machine. Separate from the [client](crate::io::http::https) for STS: this one uses no
//! proxy, whatever the environment sets, and reaches no other machine.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use aws::Secret;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use crate::io::http::https::{HttpResponse, response_to, sensitive, with_limits};
use crate::io::http::localhost::Resolver;
use crate::io::http::transport_error::TransportError;

/// Credentials have 2 KB.
const LARGEST_BODY: usize = 64 * 1024;

/// A client for loopback addresses, on its caller's runtime.
pub(crate) struct LoopbackHttp(Client);

impl LoopbackHttp {
    /// Sets up the client. Nothing is sent yet.
    pub(crate) fn new() -> Result<Self, TransportError> {
        let broken = |error: &dyn std::error::Error| TransportError::Broken(error.to_string());
        // The library requires a TLS configuration, which this client does not use; it trusts no certificate.
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(&error))?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let client = ClientBuilder::new()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .dns_resolver(Resolver)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .user_agent(concat!("circleci-aws-oidc/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| broken(&error))?;
        Ok(Self(client))
    }

    /// Sends the request and reads the whole response, within `left`. Calls `on_wait` once if that takes long.
    pub(crate) async fn get(
        &self,
        url: &Url,
        authorization: Option<&Secret>,
        left: Duration,
        on_wait: impl FnOnce(),
    ) -> Result<HttpResponse, TransportError> {
        let mut request = self.0.get(url.clone()).header(ACCEPT, "application/json");
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, sensitive(authorization)?);
        }
        let response = pin!(async { response_to(request.send().await, LARGEST_BODY).await });
        with_limits(left, on_wait, response).await
    }
}
