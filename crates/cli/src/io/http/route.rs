//! The network path of a connection, by the rules of the client itself: directly, through a proxy, or directly because
//! `NO_PROXY` names the host.

use std::fmt;
use std::net::IpAddr;

use aws::Secret;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;
use sts::Endpoint;

use crate::io::environment::{Environment, vars};

/// The proxy that the environment sets. Its URL may hold a password, so `Debug` does not show it.
#[derive(Clone)]
pub(crate) struct ConfiguredProxy {
    /// The URL.
    pub(crate) url: String,
    /// The variable that holds it.
    pub(crate) variable: String,
    /// The value of `NO_PROXY`: hosts that are reached directly.
    pub(crate) no_proxy: Option<String>,
}

impl fmt::Debug for ConfiguredProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proxy of {}", self.variable)
    }
}

impl ConfiguredProxy {
    /// The proxy for this endpoint; `None` for a loopback address.
    pub(crate) fn for_endpoint(endpoint: &Endpoint, environment: &Environment) -> Option<Self> {
        if endpoint.is_loopback() {
            return None;
        }
        let (variable, url) = chosen(environment).filter(|(name, url)| !is_ignored(name, url))?;
        let no_proxy = environment.first_non_blank(&vars::NO_PROXY).map(|(_, hosts)| with_addresses(hosts));
        Some(Self { url: url.trim().to_owned(), variable: variable.to_owned(), no_proxy })
    }

    /// The URL with its scheme: as in curl, a proxy without one is an http proxy. `None` if it is not the URL of an http or
    /// https proxy.
    pub(crate) fn full_url(&self) -> Option<String> {
        let Self { url, .. } = self;
        let full = if url.contains("://") { url.clone() } else { format!("http://{url}") };
        // The client would use the default port in place of one that is too large.
        let parsed = Url::parse(&full).ok()?;
        (matches!(parsed.scheme(), "http" | "https") && parsed.has_host()).then_some(full)
    }

    /// Whether the proxy itself speaks TLS, by its URL.
    pub(crate) fn is_https(&self) -> bool {
        self.full_url().is_some_and(|url| url.starts_with("https://"))
    }

    /// For the user. Only the client's matching decides whether `NO_PROXY` applies.
    pub(crate) fn description(&self) -> String {
        let no_proxy = if self.no_proxy.is_some() { ", unless NO_PROXY names the host" } else { "" };
        format!("through the proxy in {}{no_proxy}", self.variable)
    }
}

/// The variable that would set a proxy, if it names one that AWS tools do not use: SOCKS, for all programs of the job.
/// Directly is how these tools reach AWS.
pub(crate) fn ignored_variable(environment: &Environment) -> Option<&str> {
    chosen(environment).filter(|(name, url)| is_ignored(name, url)).map(|(name, _)| name)
}

/// The entries of `NO_PROXY` that match no host, by the rules of the client.
pub(crate) fn unknown_exceptions(environment: &Environment) -> Vec<&str> {
    let (_, entries) = environment.first_non_blank(&vars::NO_PROXY).unwrap_or_default();
    let is_unknown = |entry: &&str| {
        let has_port = entry.matches(':').count() == 1;
        let has_wildcard = entry.contains('*') && *entry != "*";
        let is_no_network = entry.split_once('/').is_some_and(|(address, size)| !is_network(address, size));
        // Commas alone separate entries, and the host of a URL has neither brackets nor a final dot here.
        let is_no_name =
            entry.contains(char::is_whitespace) || entry.starts_with('[') || entry.ends_with('.');
        has_port || has_wildcard || is_no_network || is_no_name
    };
    entries.split(',').map(str::trim).filter(is_unknown).collect()
}

fn is_network(address: &str, size: &str) -> bool {
    let bits = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    size.parse::<u8>().is_ok_and(|size| size <= bits)
}

fn chosen(environment: &Environment) -> Option<(&str, &str)> {
    environment.first_non_blank(&vars::HTTPS_PROXY)
}

fn is_ignored(variable: &str, url: &str) -> bool {
    let is_for_all_programs = variable.eq_ignore_ascii_case("all_proxy");
    is_for_all_programs && url.trim().to_ascii_lowercase().starts_with("socks")
}

/// With `*` no host is reached through the proxy; the client takes it for names alone.
fn with_addresses(entries: &str) -> String {
    let covers_all = entries.split(',').any(|entry| entry.trim() == "*");
    if covers_all { format!("{entries},0.0.0.0/0,::/0") } else { entries.to_owned() }
}

/// How an endpoint is reached.
pub(crate) enum Route<'a> {
    /// No proxy is set, or the endpoint is on loopback.
    Direct,
    /// A proxy is set, and `NO_PROXY` names the host.
    Bypassed {
        /// The variable that sets the proxy.
        variable: &'a str,
    },
    /// Through a proxy.
    Proxied {
        /// The variable that sets it.
        variable: &'a str,
        /// The proxy.
        proxy: ProxyHop,
    },
    /// The proxy's URL is not usable.
    Unusable {
        /// The variable that sets it.
        variable: &'a str,
    },
}

/// The parts of a proxy's URL.
pub(crate) struct ProxyHop {
    /// Host name or address, without brackets.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// Whether the connection to it uses TLS.
    pub(crate) is_https: bool,
    /// The `Proxy-Authorization` header, from the user and password of the URL.
    pub(crate) authorization: Option<Secret>,
}

impl<'a> Route<'a> {
    /// The route to an endpoint with this proxy.
    pub(crate) fn of(proxy: Option<&'a ConfiguredProxy>, endpoint: &Endpoint) -> Self {
        let Some(proxy) = proxy else { return Self::Direct };
        let variable = proxy.variable.as_str();
        let Ok(target) = endpoint.as_str().parse() else { return Self::Unusable { variable } };
        if proxy.full_url().is_none() {
            return Self::Unusable { variable };
        }
        let without_exceptions = Matcher::builder().all(proxy.url.as_str()).build();
        let Some(hop) = without_exceptions.intercept(&target) else { return Self::Unusable { variable } };
        let (scheme, host) = (hop.uri().scheme_str(), hop.uri().host().unwrap_or_default());
        let default_port = match scheme {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Self::Unusable { variable },
        };
        let no_proxy = proxy.no_proxy.as_deref().unwrap_or_default();
        if Matcher::builder().all(proxy.url.as_str()).no(no_proxy).build().intercept(&target).is_none() {
            return Self::Bypassed { variable };
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
        Self::Proxied { variable, proxy }
    }
}

impl ProxyHop {
    /// Its URL without user and password.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        let Self { host, port, .. } = self;
        if host.contains(':') {
            format!("{scheme}://[{host}]:{port}")
        } else {
            format!("{scheme}://{host}:{port}")
        }
    }
}
