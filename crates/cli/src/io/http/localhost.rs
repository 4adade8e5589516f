//! The name `localhost`, which stands for loopback addresses whatever a hosts file or a DNS server says (RFC 6761, 6.3):
//! a token or credentials may be sent there over plain http.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Name, Resolve, Resolving};
use tokio::net::lookup_host;

use crate::io::http::no_connection::LookupError;

/// The only name that counts as loopback.
const LOCALHOST: &str = "localhost";

/// Its addresses.
const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// The addresses to connect to.
pub(super) async fn addresses_of(host: &str, port: u16) -> Result<Vec<SocketAddr>, LookupError> {
    if host == LOCALHOST {
        return Ok(LOOPBACK.map(|address| SocketAddr::new(address, port)).to_vec());
    }
    Ok(lookup_host((host, port)).await?.collect())
}

/// The same for a client. Its own resolver leaves no trace of what failed but a text.
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The client takes the port from the URL.
            let addresses = addresses_of(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as Box<dyn Iterator<Item = SocketAddr> + Send>)
        })
    }
}
