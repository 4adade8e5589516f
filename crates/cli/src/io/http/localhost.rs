//! The name `localhost`, which stands for loopback addresses whatever a hosts file or a DNS server says (RFC 6761, 6.3):
//! a token or credentials may be sent there over plain http.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::lookup_host;

/// The only name that counts as loopback.
pub(super) const LOCALHOST: &str = "localhost";

/// Its addresses. A client takes the port from the URL.
pub(super) const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// The addresses to connect to, as the client gets them.
pub(super) async fn addresses_of(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if host == LOCALHOST {
        return Ok(LOOPBACK.map(|address| SocketAddr::new(address.ip(), port)).to_vec());
    }
    Ok(lookup_host((host, port)).await?.collect())
}
