//! Tests the network path to STS up to a TLS connection, and times each step. Separate from the
//! [client](crate::io::http::https), whose error covers a whole request. No request is sent to STS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use sts::Endpoint;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::io::clock::Stopwatch;
use crate::io::http::localhost;
use crate::io::http::route::{ProxyHop, Route};
use crate::io::http::transport_error::TransportError;
use crate::io::http::tunnel::{self, Stream};
use crate::io::runtime::Runtime;

/// One step: DNS, TCP, the proxy's tunnel or TLS.
pub(crate) struct ProbeStep {
    /// What is tested.
    pub(crate) name: &'static str,
    /// How long it took.
    pub(crate) took: Duration,
    /// What was reached; or why not, in the last step.
    pub(crate) outcome: Result<String, TransportError>,
}

/// Connects to the endpoint step by step, until one fails.
pub(crate) fn run(
    endpoint: &Endpoint,
    route: &Route<'_>,
    limit: Duration,
    tls: ClientConfig,
) -> Vec<ProbeStep> {
    let mut probe = Probe { limit, tls: Arc::new(tls), steps: Vec::new() };
    match Runtime::new() {
        Ok(runtime) => {
            // The last step has the error.
            let _ = runtime.block_on(probe.connect_to_endpoint(endpoint, route));
        }
        Err(error) => {
            let outcome = Err(TransportError::not_set_up(error));
            probe.steps.push(ProbeStep { name: "network", took: Duration::ZERO, outcome });
        }
    }
    probe.steps
}

/// A step has failed; its error is recorded.
struct StepFailed;

struct Probe {
    limit: Duration,
    tls: Arc<ClientConfig>,
    steps: Vec<ProbeStep>,
}

impl Probe {
    async fn connect_to_endpoint(
        &mut self,
        endpoint: &Endpoint,
        route: &Route<'_>,
    ) -> Result<(), StepFailed> {
        let (name, port) = endpoint.name_and_port();
        let stream = match route {
            Route::Proxied { proxy, .. } => self.connect_through(proxy, name, port).await?,
            Route::Direct | Route::Bypassed { .. } | Route::Unusable { .. } => {
                self.connect(name, port).await?
            }
        };
        if endpoint.is_https() {
            self.encrypt("tls", name, stream).await?;
        }
        Ok(())
    }

    async fn connect_through(
        &mut self,
        proxy: &ProxyHop,
        name: &str,
        port: u16,
    ) -> Result<Box<dyn Stream>, StepFailed> {
        let mut stream = self.connect(&proxy.host, proxy.port).await?;
        if proxy.is_https {
            let encrypted = self.encrypt("proxy-tls", &proxy.host, stream).await;
            if let Some(ProbeStep { outcome, .. }) = self.steps.last_mut() {
                *outcome = outcome.clone().map_err(TransportError::of_proxy);
            }
            stream = encrypted?;
        }
        let tunnel = async {
            tunnel::open(&mut stream, proxy, name, port).await?;
            Ok(((), format!("the proxy connects to {name}:{port}")))
        };
        self.step("proxy", tunnel).await?;
        Ok(stream)
    }

    async fn connect(&mut self, host: &str, port: u16) -> Result<Box<dyn Stream>, StepFailed> {
        let from_io = |error: io::Error| TransportError::from_io(&error);
        let look_up = async {
            let addresses = localhost::addresses_of(host, port).await;
            let addresses = addresses.map_err(|error| TransportError::from_lookup(&error))?;
            let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            Ok((addresses, format!("{host} is {}", shown.join(", "))))
        };
        let addresses = self.step("dns", look_up).await?;
        let connect = async {
            let stream = TcpStream::connect(addresses.as_slice()).await.map_err(from_io)?;
            let peer = stream.peer_addr().map_err(from_io)?;
            Ok((stream, format!("connected to {peer}")))
        };
        let stream = self.step("tcp", connect).await?;
        Ok(Box::new(stream))
    }

    async fn encrypt(
        &mut self,
        step: &'static str,
        host: &str,
        stream: Box<dyn Stream>,
    ) -> Result<Box<dyn Stream>, StepFailed> {
        let tls = Arc::clone(&self.tls);
        let handshake = async {
            let stream = tunnel::encrypt(host, stream, tls).await?;
            let version = match stream.get_ref().1.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                _ => "TLS 1.3",
            };
            Ok((stream, format!("{version}, the certificate is valid for {host}")))
        };
        let stream = self.step(step, handshake).await?;
        Ok(Box::new(stream))
    }

    /// Runs one step, and records its time and outcome.
    async fn step<T>(
        &mut self,
        name: &'static str,
        action: impl Future<Output = Result<(T, String), TransportError>>,
    ) -> Result<T, StepFailed> {
        let watch = Stopwatch::start();
        let outcome = timeout(self.limit, action).await.unwrap_or(Err(TransportError::Timeout(self.limit)));
        let took = watch.elapsed();
        let (reached, outcome) = match outcome {
            Ok((reached, description)) => (Ok(reached), Ok(description)),
            Err(error) => (Err(StepFailed), Err(error)),
        };
        self.steps.push(ProbeStep { name, took, outcome });
        reached
    }
}
