//! A tunnel through a proxy: CONNECT, as the [client](crate::io::http::https) sends it, and what the proxy says to it.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use zeroize::Zeroizing;

use crate::io::http::route::ProxyHop;
use crate::io::http::transport_error::TransportError;

/// A connection, with or without TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

/// The largest head of a proxy's response.
const LONGEST_HEAD: usize = 8 * 1024;
/// How an alert of TLS begins, by which a server says that it did not expect HTTP.
const TLS_ALERT: [u8; 2] = [0x15, 0x03];
/// A longer status line is cut.
const LONGEST_STATUS: usize = 80;

/// TLS on a connection.
pub(super) async fn encrypt(
    host: &str,
    stream: Box<dyn Stream>,
    tls: Arc<ClientConfig>,
) -> Result<TlsStream<Box<dyn Stream>>, TransportError> {
    let name =
        ServerName::try_from(host.to_owned()).map_err(|error| TransportError::Tls(error.to_string()))?;
    let encrypted = TlsConnector::from(tls).connect(name, stream).await;
    encrypted.map_err(|error| TransportError::from_io(&error))
}

/// Sends CONNECT on a connection to the proxy.
pub(super) async fn open(
    stream: &mut Box<dyn Stream>,
    proxy: &ProxyHop,
    name: &str,
    port: u16,
) -> Result<(), TransportError> {
    let head = connect(stream, proxy, name, port).await.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof if !proxy.is_https => {
            TransportError::ProxyWithoutHttp { has_tls: false }
        }
        _ => TransportError::from_io(&error),
    })?;
    if head == TLS_ALERT {
        return Err(TransportError::ProxyWithoutHttp { has_tls: true });
    }
    let head = String::from_utf8_lossy(&head);
    let status: String = head.lines().next().unwrap_or_default().chars().take(LONGEST_STATUS).collect();
    let code = status.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    if code == 200 {
        return Ok(());
    }
    Err(TransportError::ProxyRefused { code, has_login: proxy.authorization.is_some(), status })
}

/// Returns the head of the response.
async fn connect(
    stream: &mut Box<dyn Stream>,
    proxy: &ProxyHop,
    name: &str,
    port: u16,
) -> io::Result<Vec<u8>> {
    let target = if name.contains(':') { format!("[{name}]:{port}") } else { format!("{name}:{port}") };
    let mut request = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
    if let Some(authorization) = &proxy.authorization {
        request.extend(["Proxy-Authorization: ", authorization.expose(), "\r\n"]);
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut head = Vec::new();
    // Some proxies end lines with LF alone, which the client accepts too.
    while !head.ends_with(b"\n\r\n") && !head.ends_with(b"\n\n") && head != TLS_ALERT {
        if head.len() == LONGEST_HEAD {
            return Err(io::Error::other("the head of the proxy's response has no end"));
        }
        head.push(stream.read_u8().await?);
    }
    Ok(head)
}
