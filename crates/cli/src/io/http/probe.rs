//! The way to STS, walked as far as a TLS connection, each stretch timed. Apart from the [client](crate::io::http::https),
//! which says of a whole request only that it failed. Nothing is posted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use sts::Endpoint;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use crate::io::clock::Stopwatch;
use crate::io::http::route::{ProxyHop, Route};
use crate::io::http::transport_error::TransportError;
use crate::io::runtime::Runtime;

/// One stretch of the way.
pub(crate) struct Stretch {
    /// What is done there.
    pub(crate) name: &'static str,
    /// How long that took.
    pub(crate) took: Duration,
    /// What was reached, or why not; then it is the last one.
    pub(crate) outcome: Result<String, TransportError>,
}

/// Walks from here to a TLS connection with the endpoint, as far as it gets.
pub(crate) fn walk(
    endpoint: &Endpoint,
    route: &Route<'_>,
    limit: Duration,
    tls: ClientConfig,
) -> Vec<Stretch> {
    let mut walked = Walk { limit, tls: Arc::new(tls), stretches: Vec::new() };
    match Runtime::new() {
        Ok(runtime) => {
            // The last stretch has the error already.
            let _ = runtime.block_on(walked.go(endpoint, route));
        }
        Err(error) => {
            let outcome = Err(TransportError::Broken(error.to_string()));
            walked.stretches.push(Stretch { name: "network", took: Duration::ZERO, outcome });
        }
    }
    walked.stretches
}

/// A stretch has failed, and is written down.
struct Stopped;

struct Walk {
    limit: Duration,
    tls: Arc<ClientConfig>,
    stretches: Vec<Stretch>,
}

/// A connection, through whatever it leads.
trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

/// No proxy says more than this before the connection.
const LONGEST_HEAD: usize = 8 * 1024;

impl Walk {
    async fn go(&mut self, endpoint: &Endpoint, route: &Route<'_>) -> Result<(), Stopped> {
        let (name, port) = endpoint.name_and_port();
        let stream = match route {
            Route::By { proxy, .. } => self.through(proxy, name, port).await?,
            Route::Straight | Route::Past { .. } | Route::Unusable { .. } => self.connect(name, port).await?,
        };
        if endpoint.is_https() {
            self.encrypt("tls", name, stream).await?;
        }
        Ok(())
    }

    async fn through(&mut self, proxy: &ProxyHop, name: &str, port: u16) -> Result<Box<dyn Stream>, Stopped> {
        let mut stream = self.connect(&proxy.host, proxy.port).await?;
        if proxy.is_https {
            stream = self.encrypt("tls to the proxy", &proxy.host, stream).await?;
        }
        let tunnel = async {
            let answer = ask_for_tunnel(&mut stream, proxy, name, port).await;
            answer.map_err(|error| TransportError::from_io(&error))?;
            Ok(((), format!("the proxy connects to {name}:{port}")))
        };
        self.stretch("proxy", tunnel).await?;
        Ok(stream)
    }

    async fn connect(&mut self, host: &str, port: u16) -> Result<Box<dyn Stream>, Stopped> {
        let from_io = |error: io::Error| TransportError::from_io(&error);
        let look_up = async {
            let addresses: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(from_io)?.collect();
            let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            Ok((addresses, format!("{host} is {}", shown.join(", "))))
        };
        let addresses = self.stretch("dns", look_up).await?;
        let connect = async {
            let stream = TcpStream::connect(addresses.as_slice()).await.map_err(from_io)?;
            let peer = stream.peer_addr().map_err(from_io)?;
            Ok((stream, format!("connected to {peer}")))
        };
        let stream = self.stretch("tcp", connect).await?;
        Ok(Box::new(stream))
    }

    async fn encrypt(
        &mut self,
        stretch: &'static str,
        host: &str,
        stream: Box<dyn Stream>,
    ) -> Result<Box<dyn Stream>, Stopped> {
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let handshake = async {
            let name = ServerName::try_from(host.to_owned())
                .map_err(|error| TransportError::Tls(error.to_string()))?;
            let stream =
                connector.connect(name, stream).await.map_err(|error| TransportError::from_io(&error))?;
            let version = match stream.get_ref().1.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                _ => "TLS 1.3",
            };
            Ok((stream, format!("{version}, the certificate is good for {host}")))
        };
        let stream = self.stretch(stretch, handshake).await?;
        Ok(Box::new(stream))
    }

    /// Times one stretch and writes it down.
    async fn stretch<T>(
        &mut self,
        name: &'static str,
        step: impl Future<Output = Result<(T, String), TransportError>>,
    ) -> Result<T, Stopped> {
        let watch = Stopwatch::start();
        let outcome = timeout(self.limit, step).await.unwrap_or(Err(TransportError::Slow(self.limit)));
        let took = watch.elapsed();
        let (reached, outcome) = match outcome {
            Ok((reached, words)) => (Ok(reached), Ok(words)),
            Err(error) => (Err(Stopped), Err(error)),
        };
        self.stretches.push(Stretch { name, took, outcome });
        reached
    }
}

/// CONNECT, as the client asks for it too.
async fn ask_for_tunnel(
    stream: &mut Box<dyn Stream>,
    proxy: &ProxyHop,
    name: &str,
    port: u16,
) -> io::Result<()> {
    let target = if name.contains(':') { format!("[{name}]:{port}") } else { format!("{name}:{port}") };
    let mut request = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
    if let Some(authorization) = &proxy.authorization {
        request.extend(["Proxy-Authorization: ", authorization.expose(), "\r\n"]);
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == LONGEST_HEAD {
            return Err(io::Error::other("the proxy's answer has no end"));
        }
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.lines().next().unwrap_or_default();
    match status.split(' ').nth(1) {
        Some("200") => Ok(()),
        Some("407") => Err(io::Error::other("the proxy asks for a user and a password in its URL (407)")),
        _ => Err(io::Error::other(format!(
            "the proxy answered `{}`",
            status.chars().take(80).collect::<String>()
        ))),
    }
}
