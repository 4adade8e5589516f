//! The endpoint of STS: by Region and partition (facts/aws.md 3.1), or as the user names it.

use core::net::IpAddr;
use std::fmt;

use aws::{Partition, Region};
use url::{Host, Url};

/// A URL that a token may be posted to: https anywhere, http to this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Which of a Region's hosts to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Variant {
    /// A host with FIPS 140 validated cryptography.
    pub fips: bool,
    /// A host with IPv4 and IPv6 addresses.
    pub dual_stack: bool,
}

/// Why a text is not an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEndpoint {
    /// Not a URL with a host.
    #[error("invalid STS endpoint `{0}`; expected a URL like `https://sts.eu-west-1.amazonaws.com`")]
    NotAUrl(String),
    /// The token would be sent unencrypted.
    #[error("invalid STS endpoint `{0}`; expected https, as a token goes over plain http to loopback only")]
    NotHttps(String),
    /// A password, a query or a fragment.
    #[error("invalid STS endpoint on `{0}`; expected a URL without user name, password, query and fragment")]
    Extras(String),
}

/// The commercial Regions whose FIPS host AWS lists. Its rules give names for the others too, which may not
/// exist (facts/aws.md 3.1).
pub const LISTED_FIPS_REGIONS: [&str; 4] = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"];

impl Endpoint {
    /// The Region's own endpoint. Never the global one: its session tokens are not valid in every Region.
    pub fn of_region(region: &Region, variant: Variant) -> Result<Self, InvalidEndpoint> {
        let partition = region.partition();
        let prefix = match variant {
            Variant { fips: true, dual_stack: false } if partition.always_fips => "sts",
            Variant { fips: true, .. } => "sts-fips",
            Variant { fips: false, .. } => "sts",
        };
        let suffix = if variant.dual_stack { partition.dual_stack_suffix } else { partition.dns_suffix };
        Self::from_url(&format!("https://{prefix}.{region}.{suffix}"))
    }

    /// An endpoint that the user names: a private one, a proxy, a test server.
    pub fn from_url(text: &str) -> Result<Self, InvalidEndpoint> {
        let url = Url::parse(text).map_err(|_| InvalidEndpoint::NotAUrl(text.escape_debug().to_string()))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        if host.is_empty() || !matches!(url.scheme(), "http" | "https") {
            return Err(InvalidEndpoint::NotAUrl(text.escape_debug().to_string()));
        }
        let extras = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if extras {
            return Err(InvalidEndpoint::Extras(host));
        }
        let endpoint = Self(url);
        if endpoint.0.scheme() == "http" && !endpoint.is_loopback() {
            return Err(InvalidEndpoint::NotHttps(text.escape_debug().to_string()));
        }
        Ok(endpoint)
    }

    /// Whether the host is a FIPS host that AWS does not list.
    pub fn is_unlisted_fips(&self) -> bool {
        let host = self.host();
        let region = host.strip_prefix("sts-fips.").and_then(|rest| rest.split('.').next());
        region.is_some_and(|region| {
            Partition::of_region(region) == Some(Partition::commercial())
                && !LISTED_FIPS_REGIONS.contains(&region)
        })
    }

    /// The Region that AWS's own host is in, a private one of a VPC included; `None` for every other host. The global
    /// host requires signatures for the commercial partition's implicit Region (facts/aws.md 3.1, 4.2).
    pub fn region(&self) -> Option<Region> {
        let host = self.0.host_str()?;
        if host == "sts.amazonaws.com" {
            return Some(Region::implicit(Partition::commercial()));
        }
        let (of_vpc, rest) = match host.split_once(".sts.") {
            Some((id, rest)) if id.starts_with("vpce-") && !id.contains('.') => ("vpce.", rest),
            Some(_) => return None,
            None => ("", host.strip_prefix("sts.").or_else(|| host.strip_prefix("sts-fips."))?),
        };
        let (region, suffix) = rest.split_once('.')?;
        let region: Region = region.parse().ok()?;
        let Partition { dns_suffix, dual_stack_suffix, .. } = region.partition();
        let suffix = suffix.strip_prefix(of_vpc)?;
        [*dns_suffix, *dual_stack_suffix].contains(&suffix).then_some(region)
    }

    /// Whether only AWS can respond there, as far as TLS shows it: a host of AWS's own, over https, on its port.
    pub fn is_of_aws(&self) -> bool {
        self.is_https() && self.0.port().is_none() && self.region().is_some()
    }

    /// Whether the host is this machine: a loopback address, or the name `localhost` (RFC 6761, 6.3), which a client must
    /// connect to loopback addresses whatever it resolves to.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// The URL to post to.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Host and port, for messages and for the `Host` header that a signature covers. The scheme's default port is in
    /// neither.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// What a connection needs: the name or address, without brackets, and the port.
    pub fn name_and_port(&self) -> (&str, u16) {
        let name = self.0.host_str().unwrap_or_default();
        let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        (name, self.0.port_or_known_default().unwrap_or(443))
    }

    /// Whether connections use TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
