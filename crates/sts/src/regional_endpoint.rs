//! The endpoint of one Region, which an operation needs that the global endpoint does not have: `GetScopedCredentials`
//! (facts/aws-2026.md 1.4). AWS's SDKs send it to the global endpoint without a word.

use aws::Region;

use crate::endpoint::Endpoint;

/// An endpoint that is not the global one, with the Region that signatures for it name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionalEndpoint<'a> {
    endpoint: &'a Endpoint,
    region: Region,
}

/// Why an endpoint is not a Region's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRegional {
    /// Nothing names a Region.
    #[error("no Region is set, and STS narrows credentials only at the endpoint of a Region")]
    NoRegion,
    /// The global endpoint, whatever Region is set.
    #[error("`{0}` is the global endpoint of STS, which does not narrow credentials")]
    Global(String),
}

impl NotRegional {
    /// The next action.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoRegion => {
                "name a Region, such as `eu-west-1`: the session stays the same in every Region"
            }
            Self::Global(_) => "name the endpoint of a Region, such as `https://sts.eu-west-1.amazonaws.com`",
        }
    }
}

const GLOBAL_HOST: &str = "sts.amazonaws.com";

impl<'a> RegionalEndpoint<'a> {
    /// `named` is the Region that the user named, in a setting or as part of the endpoint; never a default. A host of
    /// AWS's own requires signatures for its own Region, whatever was named.
    pub fn new(endpoint: &'a Endpoint, named: Option<&Region>) -> Result<Self, NotRegional> {
        let (host, _) = endpoint.name_and_port();
        if host.trim_end_matches('.') == GLOBAL_HOST {
            return Err(NotRegional::Global(endpoint.host()));
        }
        let named = named.ok_or(NotRegional::NoRegion)?;
        Ok(Self { endpoint, region: endpoint.region().unwrap_or_else(|| named.clone()) })
    }

    /// The Region in signatures.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Host and port, as [`Endpoint::host`].
    pub fn host(&self) -> String {
        self.endpoint.host()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_the_global_endpoint_nor_a_default_region_is_regional() {
        let global = |host: &str| Err(NotRegional::Global(host.to_owned()));
        for (url, named, expected) in [
            ("https://sts.eu-west-1.amazonaws.com", Some("eu-west-1"), Ok("eu-west-1")),
            ("https://sts-fips.us-east-1.amazonaws.com", Some("us-east-1"), Ok("us-east-1")),
            ("https://sts.cn-north-1.amazonaws.com.cn", Some("cn-north-1"), Ok("cn-north-1")),
            // Signed for the Region of the host.
            ("https://sts.us-east-1.amazonaws.com", Some("eu-west-1"), Ok("us-east-1")),
            ("https://vpce-1a.sts.eu-west-1.vpce.amazonaws.com", Some("eu-west-3"), Ok("eu-west-1")),
            ("https://127.0.0.1:4000", Some("eu-west-1"), Ok("eu-west-1")),
            ("https://127.0.0.1:4000", None, Err(NotRegional::NoRegion)),
            ("https://sts.us-east-1.amazonaws.com", None, Err(NotRegional::NoRegion)),
            ("https://sts.amazonaws.com", Some("us-east-1"), global("sts.amazonaws.com")),
            ("https://STS.amazonaws.com", Some("eu-west-1"), global("sts.amazonaws.com")),
            ("https://sts.amazonaws.com.", Some("eu-west-1"), global("sts.amazonaws.com.")),
            ("https://sts.amazonaws.com:8443", Some("eu-west-1"), global("sts.amazonaws.com:8443")),
            ("https://sts.amazonaws.com", None, global("sts.amazonaws.com")),
        ] {
            let endpoint = Endpoint::from_url(url).unwrap();
            let named: Option<Region> = named.map(|name| name.parse().unwrap());
            let regional = RegionalEndpoint::new(&endpoint, named.as_ref());
            let region = regional.as_ref().map(|regional| regional.region().as_str()).map_err(Clone::clone);
            assert_eq!(region, expected, "{url} {named:?}");
            let hint = expected.err().map_or("", |error| error.hint());
            assert_eq!(hint.starts_with("name "), region.is_err(), "{hint}");
        }
    }
}
