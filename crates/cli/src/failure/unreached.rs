//! STS was not reached: possible causes, as far as the network path shows them, and what to change.

use super::details::PossibleCause;
use super::no_connection::named_by;
use super::{ExitStatus, Failure};
use crate::exchange::network::Network;
use crate::io::http::certificate_flaw::Mismatch;
use crate::io::http::route::Route;
use crate::io::http::transport_error::TransportError;

impl Failure {
    /// No connection to STS.
    pub(crate) fn of_transport(error: &TransportError, network: &Network) -> Self {
        Self::of(ExitStatus::NotReached, error).unreached(error, network)
    }

    /// Adds causes and a hint about the network path to STS.
    pub(super) fn unreached(self, error: &TransportError, network: &Network) -> Self {
        let host = network.endpoint.host();
        match error {
            TransportError::Timeout(_) | TransportError::CutOff(_) => self
                .with_cause(
                    "no-response",
                    &format!("`{host}`, or what is between this job and it, does not respond in time"),
                )
                .hint(format!("check that this job may reach `{host}`: {}", route_words(network))),
            TransportError::NoConnection(why) => self.no_connection(why.obstacle, network),
            // 5xx: the proxy itself has found no way to the host.
            TransportError::ProxyRefused { code: 500.., .. } => self.no_way(network),
            TransportError::Certificate(_) => self.hint(format!(
                "if a proxy or a private endpoint with its own CA terminates TLS for `{host}`, name the CA's PEM file with \
                 `--ca-bundle` or AWS_CA_BUNDLE"
            )),
            TransportError::NotValid { mismatch, .. } => self.hint(not_valid_hint(*mismatch, network)),
            TransportError::ProxyNotValid { mismatch, .. } => self.hint(proxy_not_valid_hint(*mismatch, network)),
            TransportError::Algorithm(_) => self.hint(format!(
                "give `{host}`, or the proxy or CA that issues its certificate, a key and a signature of those"
            )),
            TransportError::Tls(_) => {
                self.hint(format!("check that `{host}` supports TLS 1.2 or 1.3: {}", route_words(network)))
            }
            TransportError::ProxyRefused { code, .. } => self.proxy_refused(*code, network),
            TransportError::ProxyTls(_) => {
                let variable = network.proxy.as_ref().map_or("HTTPS_PROXY", |proxy| proxy.variable.as_str());
                self.hint(format!(
                    "write `http://` in {variable} if the proxy itself speaks no TLS; if it does, name its CA's PEM file \
                     with `--ca-bundle` or AWS_CA_BUNDLE"
                ))
            }
            TransportError::ProxyWithoutHttp { has_tls } => {
                let (name, port) = network.endpoint.name_and_port();
                let otherwise = format!("; if not, check that it allows CONNECT to `{name}:{port}`");
                let hint = speaks_tls(network) + if *has_tls { "" } else { &otherwise };
                self.with_cause("proxy-blocks", &format!("the proxy does not connect this job to `{host}`"))
                    .hint(hint)
            }
            TransportError::Broken(_) | TransportError::TooLarge(_) => self.hint(responding_server(network)),
            TransportError::Proxy(_) | TransportError::NotSetUp(_) => self,
        }
    }

    pub(super) fn with_cause(mut self, id: &str, text: &str) -> Self {
        self.details.causes.push(PossibleCause::new(id, text));
        self
    }

    fn proxy_refused(self, code: u16, network: &Network) -> Self {
        let (name, port) = network.endpoint.name_and_port();
        let variable = network.proxy.as_ref().map_or("HTTPS_PROXY", |proxy| proxy.variable.as_str());
        let blocks = format!("the proxy in {variable} does not connect this job to `{name}:{port}`");
        let (failure, hint) = match code {
            400 if network.proxy.as_ref().is_some_and(|proxy| !proxy.is_https()) => {
                (self.with_cause("proxy-blocks", &blocks), speaks_tls(network))
            }
            401 | 407 => (self, format!("set {variable} to `http://USER:PASSWORD@HOST:PORT`")),
            _ => (
                self.with_cause("proxy-blocks", &blocks),
                format!("ask the proxy's owner to allow CONNECT to `{name}:{port}`"),
            ),
        };
        failure.hint(format!("{hint}: {}", route_words(network)))
    }

    /// It is not known which part of the path keeps the job from the host.
    pub(super) fn no_way(self, network: &Network) -> Self {
        let host = network.endpoint.host();
        let listed = sts::LISTED_FIPS_REGIONS.join(", ");
        let (failure, hint) = if network.endpoint.is_unlisted_fips() {
            let cause = format!("`{host}` may not exist: AWS lists FIPS hosts of STS for {listed} only");
            let hint = "unset AWS_USE_FIPS_ENDPOINT, or name one of those as `region`".to_owned();
            (self.with_cause("fips-host-missing", &cause), hint)
        } else {
            let hint = format!("check that this job may reach `{host}`: {}", route_words(network));
            (self, hint)
        };
        let failure = match &network.proxy {
            Some(route) => failure.with_cause(
                "proxy-blocks",
                &format!("the proxy in {} is down, or does not connect this job to `{host}`", route.variable),
            ),
            None => failure.with_cause(
                "connection-ended",
                &format!(
                    "`{host}`, or what is between this job and it, ends the connection before it is made"
                ),
            ),
        };
        failure.hint(hint)
    }
}

/// A CA bundle would not help: what does not fit is the server, or a time.
fn not_valid_hint(mismatch: Mismatch, network: &Network) -> String {
    let host = network.endpoint.host();
    let path = route_words(network);
    match mismatch {
        Mismatch::Name if network.endpoint_name.is_some() => {
            return format!(
                "check the host in {}, and which server responds at `{host}`: {path}",
                named_by(network)
            );
        }
        Mismatch::Name => {
            return format!("check which server this job's DNS or proxy has for `{host}`: {path}");
        }
        Mismatch::Time => {}
    }
    format!(
        "check this machine's clock; if it is right, the certificate of the server at `{host}` has to be replaced: {path}"
    )
}

fn proxy_not_valid_hint(mismatch: Mismatch, network: &Network) -> String {
    let variable = network.proxy.as_ref().map_or("HTTPS_PROXY", |proxy| proxy.variable.as_str());
    match mismatch {
        Mismatch::Name => format!("write the proxy's host in {variable} as its certificate names it"),
        Mismatch::Time => format!(
            "check this machine's clock; if it is right, the certificate of the proxy in {variable} has to be replaced"
        ),
    }
}

/// What to change where an http proxy does not understand HTTP.
fn speaks_tls(network: &Network) -> String {
    let variable = network.proxy.as_ref().map_or("HTTPS_PROXY", |proxy| proxy.variable.as_str());
    format!("write `https://` in {variable} if the proxy itself speaks TLS")
}

/// What to check where a response is not one of STS.
pub(super) fn responding_server(network: &Network) -> String {
    format!("check which server responds at `{}`: {}", network.endpoint, route_words(network))
}

/// How the requests reach the endpoint.
pub(super) fn route_words(network: &Network) -> String {
    match Route::of(network.proxy.as_ref(), &network.endpoint) {
        Route::Direct => "requests go there directly, because no proxy is set".to_owned(),
        Route::Bypassed { variable } => {
            format!(
                "requests go there directly, because NO_PROXY names the host, not through the proxy in {variable}"
            )
        }
        Route::Proxied { variable, .. } | Route::Unusable { variable } => {
            format!("requests go through the proxy in {variable}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::environment::Environment;
    use crate::settings::Inputs;
    use crate::settings::flags::Flags;
    use crate::settings::network::{StsLocation, network};

    #[test]
    fn a_certificate_for_other_names_leads_to_what_names_the_host() {
        let proxy = ("HTTPS_PROXY", "http://user:hunter2@proxy.example:3128");
        let none = ("OTHER", "");
        for (variables, begins) in [
            (
                [none, none],
                "check which server this job's DNS or proxy has for `sts.eu-west-1.amazonaws.com`: ",
            ),
            (
                [proxy, none],
                "check which server this job's DNS or proxy has for `sts.eu-west-1.amazonaws.com`: ",
            ),
            (
                [("AWS_ENDPOINT_URL", "https://sts.example"), none],
                "check the host in AWS_ENDPOINT_URL, and which server responds at `sts.example`: ",
            ),
            (
                [("CIRCLECI_AWS_OIDC_STS_ENDPOINT", "https://sts.example"), proxy],
                "check the host in CIRCLECI_AWS_OIDC_STS_ENDPOINT, and which server responds at `sts.example`: ",
            ),
        ] {
            let environment = Environment::from(variables);
            let inputs = Inputs { flags: &Flags::default(), environment: &environment };
            let region = "eu-west-1".parse().unwrap();
            let network = network(inputs, StsLocation::Region(&region), &mut Vec::new()).unwrap();
            let error = TransportError::NotValid { words: String::new(), mismatch: Mismatch::Name };
            let hint = Failure::of_transport(&error, &network).hint.unwrap();
            assert_eq!(hint, format!("{begins}{}", route_words(&network)));
            assert!(!hint.contains("hunter2") && !hint.contains("ca-bundle"), "{hint}");
        }
    }
}
