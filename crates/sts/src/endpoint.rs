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
mod tests {
    use super::*;

    #[test]
    fn a_host_of_aws_tells_its_region() {
        for (url, region) in [
            ("https://sts.amazonaws.com", Some("us-east-1")),
            ("https://sts.eu-west-1.amazonaws.com", Some("eu-west-1")),
            ("https://sts-fips.us-east-2.api.aws/", Some("us-east-2")),
            ("https://sts.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
            ("https://vpce-0a-1b.sts.eu-west-1.vpce.amazonaws.com", Some("eu-west-1")),
            ("https://vpce-0a-1b-eu-west-1a.sts.eu-west-1.vpce.amazonaws.com:443", Some("eu-west-1")),
            ("https://sts.eu-west-1.amazonaws.com.cn", None),
            ("https://sts.eu-west-1.amazonaws.com.example", None),
            ("https://vpce-0a.sts.eu-west-1.amazonaws.com", None),
            ("https://sts.eu-west-1.vpce.amazonaws.com", None),
            ("https://bucket.sts.eu-west-1.vpce.amazonaws.com", None),
            ("https://a.vpce-0a.sts.eu-west-1.vpce.amazonaws.com", None),
            // Names that AWS lets its customers choose.
            ("https://sts.s3.amazonaws.com", None),
            ("https://sts.s3.eu-west-1.amazonaws.com", None),
            ("https://sts.s3-eu-west-1.amazonaws.com", None),
            ("https://sts.eu-west-1.elb.amazonaws.com", None),
            ("https://vpce-0a.vpce-svc-0b.eu-west-1.vpce.amazonaws.com", None),
            ("https://sts.example", None),
            ("https://127.0.0.1:4566", None),
        ] {
            let found = Endpoint::from_url(url).unwrap().region();
            assert_eq!(found.as_ref().map(Region::as_str), region, "{url}");
        }
    }

    #[test]
    fn only_awss_own_hosts_over_https_on_their_port_are_of_aws() {
        for partition in Partition::all() {
            let region = Region::implicit(partition);
            for (fips, dual_stack) in [(false, false), (false, true), (true, false), (true, true)] {
                let endpoint = Endpoint::of_region(&region, Variant { fips, dual_stack }).unwrap();
                assert!(endpoint.is_of_aws(), "{endpoint}");
            }
            let private = format!("https://vpce-0a-1b.sts.{region}.vpce.{}", partition.dns_suffix);
            assert!(Endpoint::from_url(&private).unwrap().is_of_aws(), "{private}");
        }
        for (url, is_of_aws) in [
            ("https://sts.amazonaws.com", true),
            ("https://STS.eu-west-1.AMAZONAWS.com:443/", true),
            ("https://sts.eu-west-1.amazonaws.com:8443", false),
            ("https://sts.eu-west-1.amazonaws.com.", false),
            ("https://sts.eu-west-1.amazonaws.com.example", false),
            ("https://s3.eu-west-1.amazonaws.com", false),
            ("http://127.0.0.1:4566", false),
            ("https://localhost", false),
            ("https://52.94.0.1", false),
        ] {
            assert_eq!(Endpoint::from_url(url).unwrap().is_of_aws(), is_of_aws, "{url}");
        }
    }

    #[test]
    fn each_region_has_its_own_hosts() {
        let plain = Variant::default();
        let fips = Variant { fips: true, dual_stack: false };
        let dual = Variant { fips: false, dual_stack: true };
        let both = Variant { fips: true, dual_stack: true };
        for (region, variant, url) in [
            ("us-east-1", plain, "https://sts.us-east-1.amazonaws.com/"),
            ("eu-west-1", fips, "https://sts-fips.eu-west-1.amazonaws.com/"),
            ("eu-west-1", dual, "https://sts.eu-west-1.api.aws/"),
            ("us-west-2", both, "https://sts-fips.us-west-2.api.aws/"),
            ("cn-north-1", plain, "https://sts.cn-north-1.amazonaws.com.cn/"),
            ("cn-north-1", dual, "https://sts.cn-north-1.api.amazonwebservices.com.cn/"),
            ("us-gov-west-1", plain, "https://sts.us-gov-west-1.amazonaws.com/"),
            ("us-gov-west-1", fips, "https://sts.us-gov-west-1.amazonaws.com/"),
            ("us-gov-west-1", both, "https://sts-fips.us-gov-west-1.api.aws/"),
            ("us-iso-east-1", plain, "https://sts.us-iso-east-1.c2s.ic.gov/"),
            ("us-isob-east-1", plain, "https://sts.us-isob-east-1.sc2s.sgov.gov/"),
            ("eu-isoe-west-1", plain, "https://sts.eu-isoe-west-1.cloud.adc-e.uk/"),
            ("us-isof-south-1", plain, "https://sts.us-isof-south-1.csp.hci.ic.gov/"),
            ("eusc-de-east-1", plain, "https://sts.eusc-de-east-1.amazonaws.eu/"),
        ] {
            let region = region.parse().unwrap();
            assert_eq!(Endpoint::of_region(&region, variant).unwrap().as_str(), url);
        }
    }

    #[test]
    fn a_fips_host_that_aws_does_not_list_is_recognised() {
        for (host, unlisted) in [
            ("sts-fips.eu-west-1.amazonaws.com", true),
            ("sts-fips.eu-west-1.api.aws", true),
            ("sts-fips.us-east-2.amazonaws.com", false),
            ("sts-fips.us-gov-west-1.api.aws", false),
            ("sts.eu-west-1.amazonaws.com", false),
            ("sts-fips.example.test", false),
        ] {
            assert_eq!(
                Endpoint::from_url(&format!("https://{host}")).unwrap().is_unlisted_fips(),
                unlisted,
                "{host}"
            );
        }
    }

    #[test]
    fn a_connection_goes_to_a_name_and_a_port() {
        for (text, name, port) in [
            ("https://sts.x", "sts.x", 443),
            ("http://[::1]:80/", "::1", 80),
            ("https://127.0.0.1:8", "127.0.0.1", 8),
        ] {
            assert_eq!(Endpoint::from_url(text).unwrap().name_and_port(), (name, port));
        }
    }

    #[test]
    fn plain_http_goes_to_loopback_only() {
        for text in [
            "http://127.0.0.1:8080",
            "http://127.8.9.1",
            "http://[::1]:80/",
            "http://localhost:5000",
            "http://LOCALHOST",
            // Other ways to write 127.0.0.1, which are read as that address.
            "http://2130706433",
            "http://0x7f000001",
            "http://0177.0.0.1",
            "http://127.1",
        ] {
            assert!(Endpoint::from_url(text).unwrap().is_loopback(), "{text}");
        }
        for text in [
            "http://sts.amazonaws.com",
            "http://10.0.0.1",
            "http://167772161",
            "http://0.0.0.0",
            "http://[::]",
            "http://[::ffff:127.0.0.1]",
            "http://localhost.evil.example",
            "http://foo.localhost",
            "http://localhost.",
            "http://localhost.localdomain",
        ] {
            assert!(matches!(Endpoint::from_url(text), Err(InvalidEndpoint::NotHttps(_))), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_endpoint_is_refused() {
        for text in ["", "sts.amazonaws.com", "ftp://x", "file:///etc/passwd", "https://", "//x"] {
            assert!(matches!(Endpoint::from_url(text), Err(InvalidEndpoint::NotAUrl(_))), "{text}");
        }
        for text in ["https://u@x", "https://u:p@x", "https://x/?a=b", "https://x/#f"] {
            let error = Endpoint::from_url(text).unwrap_err();
            assert_eq!(error, InvalidEndpoint::Extras("x".to_owned()), "{text}");
        }
    }
}
