//! Whether a proxy connects to a host: one CONNECT before the first request. The client of requests does not tell what a
//! proxy has responded, and would send the same again for each role.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use sts::Endpoint;
use sts::retry::Class;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::io::http::localhost;
use crate::io::http::no_connection::NoConnection;
use crate::io::http::route::{ConfiguredProxy, ProxyHop, Route};
use crate::io::http::transport_error::TransportError;
use crate::io::http::tunnel::{self, Stream};

/// The proxy of a client, and what it has said about each host.
pub(super) struct TunnelCheck {
    proxy: ConfiguredProxy,
    tls: Arc<ClientConfig>,
    limit: Duration,
    known: Mutex<BTreeMap<String, Result<(), TransportError>>>,
}

impl TunnelCheck {
    /// Nothing is sent yet.
    pub(super) fn new(proxy: &ConfiguredProxy, tls: &ClientConfig, limit: Duration) -> Self {
        let known = Mutex::default();
        Self { proxy: proxy.clone(), tls: Arc::new(tls.clone()), limit, known }
    }

    /// Opens a tunnel to a host, once for all requests to it. A refusal that a retry cannot change is remembered.
    pub(super) async fn require(&self, endpoint: &Endpoint) -> Result<(), TransportError> {
        let Route::Proxied { proxy, .. } = Route::of(Some(&self.proxy), endpoint) else { return Ok(()) };
        let mut known = self.known.lock().await;
        let host = endpoint.host();
        if let Some(outcome) = known.get(&host) {
            return outcome.clone();
        }
        let outcome = self.open(&proxy, endpoint).await;
        if outcome.as_ref().err().is_none_or(|error| error.class() == Class::Permanent) {
            known.insert(host, outcome.clone());
        }
        outcome
    }

    async fn open(&self, proxy: &ProxyHop, endpoint: &Endpoint) -> Result<(), TransportError> {
        let connecting = async {
            let addresses = localhost::addresses_of(&proxy.host, proxy.port).await;
            let addresses = addresses.map_err(|error| TransportError::from_lookup(&error))?;
            let stream = TcpStream::connect(addresses.as_slice()).await;
            stream.map_err(|error| TransportError::from_io(&error))
        };
        let too_slow = |_| Err(TransportError::NoConnection(NoConnection::too_slow()));
        let mut stream: Box<dyn Stream> =
            Box::new(timeout(self.limit, connecting).await.unwrap_or_else(too_slow)?);
        if proxy.is_https {
            let encrypting = tunnel::encrypt(&proxy.host, stream, Arc::clone(&self.tls));
            stream = Box::new(self.limited(encrypting).await.map_err(TransportError::of_proxy)?);
        }
        let (name, port) = endpoint.name_and_port();
        self.limited(tunnel::open(&mut stream, proxy, name, port)).await
    }

    async fn limited<T>(
        &self,
        step: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        timeout(self.limit, step).await.unwrap_or(Err(TransportError::Timeout(self.limit)))
    }
}
