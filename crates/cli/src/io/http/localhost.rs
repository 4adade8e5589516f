//! The name `localhost`, which stands for loopback addresses whatever a hosts file or a DNS server says (RFC 6761, 6.3):
//! a token or credentials may be sent there over plain http.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The only name that counts as loopback.
pub(super) const LOCALHOST: &str = "localhost";

/// Its addresses. A client takes the port from the URL.
pub(super) const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];
