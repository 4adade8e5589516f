//! The network path of a connection, by the very rules that the client itself goes by: directly, through a proxy, or
//! past one that is set.

use std::fmt;

use aws::Secret;
use hyper_util::client::proxy::matcher::Matcher;
use sts::Endpoint;

use crate::io::environment::{Environment, vars};

/// A proxy that is set. Its URL may hold a password, so this has no `Debug` that shows it.
pub(crate) struct ProxyRoute {
    /// The URL.
    pub(crate) url: String,
    /// The variable that holds it.
    pub(crate) variable: String,
    /// Hosts that are reached directly, as the user lists them.
    pub(crate) except: Option<String>,
}

impl fmt::Debug for ProxyRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proxy of {}", self.variable)
    }
}

impl ProxyRoute {
    /// The proxy of the environment, for this endpoint. This machine itself is never reached through one.
    pub(crate) fn to(endpoint: &Endpoint, environment: &Environment) -> Option<Self> {
        if endpoint.is_loopback() {
            return None;
        }
        let (variable, url) = environment.first_set(&vars::HTTPS_PROXY)?;
        let except = environment.first_set(&vars::NO_PROXY).map(|(_, hosts)| hosts.to_owned());
        Some(Self { url: url.trim().to_owned(), variable: variable.to_owned(), except })
    }

    /// For the user. Whether a host is excepted is decided by the client's own matching.
    pub(crate) fn words(&self) -> String {
        let except = if self.except.is_some() { ", unless NO_PROXY names the host" } else { "" };
        format!("through the proxy in {}{except}", self.variable)
    }
}

/// The first hop.
pub(crate) enum Route<'a> {
    /// No proxy is set, or it is not for this machine itself.
    Straight,
    /// The list of exceptions names the host.
    Past {
        /// The variable that sets the proxy.
        variable: &'a str,
    },
    /// By a proxy.
    By {
        /// The variable that sets it.
        variable: &'a str,
        /// The proxy.
        proxy: ProxyHop,
    },
    /// The proxy's URL leads nowhere.
    Unusable {
        /// The variable that sets it.
        variable: &'a str,
    },
}

/// A proxy, taken apart.
pub(crate) struct ProxyHop {
    /// Name or address, without brackets.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// Whether it is spoken to over TLS.
    pub(crate) is_https: bool,
    /// The header that says who asks; from the user and password of the URL.
    pub(crate) authorization: Option<Secret>,
}

impl<'a> Route<'a> {
    /// The way to an endpoint where this proxy is set.
    pub(crate) fn of(proxy: Option<&'a ProxyRoute>, endpoint: &Endpoint) -> Self {
        let Some(route) = proxy else { return Self::Straight };
        let variable = route.variable.as_str();
        let Ok(target) = endpoint.as_str().parse() else { return Self::Unusable { variable } };
        let without_exceptions = Matcher::builder().all(route.url.as_str()).build();
        let Some(hop) = without_exceptions.intercept(&target) else { return Self::Unusable { variable } };
        let (scheme, host) = (hop.uri().scheme_str(), hop.uri().host().unwrap_or_default());
        let default_port = match scheme {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Self::Unusable { variable },
        };
        let except = route.except.as_deref().unwrap_or_default();
        if Matcher::builder().all(route.url.as_str()).no(except).build().intercept(&target).is_none() {
            return Self::Past { variable };
        }
        let proxy = ProxyHop {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: hop.uri().port_u16().unwrap_or(default_port),
            is_https: scheme == Some("https"),
            authorization: hop
                .basic_auth()
                .and_then(|value| value.to_str().ok())
                .map(|value| Secret::new(value.to_owned())),
        };
        Self::By { variable, proxy }
    }
}

impl ProxyHop {
    /// Without user and password.
    pub(crate) fn shown(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        let Self { host, port, .. } = self;
        if host.contains(':') {
            format!("{scheme}://[{host}]:{port}")
        } else {
            format!("{scheme}://{host}:{port}")
        }
    }
}
