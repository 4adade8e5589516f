//! HTTP: the client for STS over rustls, the client and the server on loopback, and the network path to a host.

pub(crate) mod added_roots;
pub(crate) mod ca_bundle;
pub(crate) mod certificate_flaw;
pub(crate) mod https;
mod localhost;
pub(crate) mod loopback_client;
pub(crate) mod loopback_server;
pub(crate) mod no_connection;
mod p521;
pub(crate) mod probe;
mod reusing_client;
pub(crate) mod route;
pub(crate) mod tls;
pub(crate) mod transport_error;
mod tunnel;
mod tunnel_check;
