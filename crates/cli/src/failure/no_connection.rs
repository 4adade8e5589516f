//! No connection: what to look at differs with what keeps it from being made, and with whether a proxy is between.

use super::Failure;
use super::system;
use super::unreached::route_words;
use crate::exchange::network::Network;
use crate::io::http::no_connection::Obstacle;
use crate::io::http::route::{ProxyHop, Route};

impl Failure {
    /// Adds the cause and the hint for this obstacle on the path of these requests.
    pub(super) fn no_connection(self, obstacle: Obstacle, network: &Network) -> Self {
        if let Obstacle::OpenFiles(limit) = obstacle {
            return self.hint(system::open_files(limit));
        }
        match Route::of(network.proxy.as_ref(), &network.endpoint) {
            Route::Proxied { variable, proxy } => {
                self.proxy_not_connected(obstacle, variable, &proxy, network)
            }
            _ => self.host_not_connected(obstacle, network),
        }
    }

    fn host_not_connected(self, obstacle: Obstacle, network: &Network) -> Self {
        let (name, port) = network.endpoint.name_and_port();
        let path = route_words(network);
        match obstacle {
            Obstacle::UnknownName if !network.endpoint.is_unlisted_fips() => self
                .with_cause(
                    "name-not-found",
                    &format!("`{name}` does not exist, or this job's DNS does not know it"),
                )
                .hint(format!(
                    "check the spelling of {}, and that this job's DNS knows `{name}`: {path}",
                    named_by(network)
                )),
            Obstacle::Refused => self
                .with_cause(
                    "connection-refused",
                    &format!(
                        "nothing listens on port {port} of `{name}`, or a firewall rejects the connection"
                    ),
                )
                .hint(match network.endpoint_name {
                    Some(_) => format!(
                        "check the host and the port in {}, and whether a firewall rejects this job's connections: {path}",
                        named_by(network)
                    ),
                    None => format!(
                        "check to which address this job's DNS leads `{name}`, such as that of a VPC endpoint, and \
                         whether a firewall rejects this job's connections to port {port}: {path}"
                    ),
                }),
            Obstacle::Unreachable if !network.endpoint.is_unlisted_fips() => self
                .with_cause(
                    "no-route",
                    &format!("this job's network has no route to `{name}`, or only through a proxy"),
                )
                .hint(format!(
                    "check that this job's network lets it connect to port {port} of `{name}` (route, NAT, firewall): {path}"
                )),
            _ => self.no_way(network),
        }
    }

    fn proxy_not_connected(
        self,
        obstacle: Obstacle,
        variable: &str,
        proxy: &ProxyHop,
        network: &Network,
    ) -> Self {
        let ProxyHop { host, port, .. } = proxy;
        // Without user and password.
        let url = proxy.url();
        match obstacle {
            Obstacle::UnknownName => self
                .with_cause(
                    "proxy-not-found",
                    &format!("the proxy's host `{host}` does not exist, or this job's DNS does not know it"),
                )
                .hint(format!(
                    "check the spelling of the proxy in {variable}, `{url}`, and that this job's DNS knows its host"
                )),
            Obstacle::Refused => self
                .with_cause(
                    "proxy-refuses",
                    &format!("no proxy listens on port {port} of `{host}`, or a firewall rejects the connection"),
                )
                .hint(format!("check that the proxy in {variable}, `{url}`, runs, and its port")),
            Obstacle::Unreachable => self
                .with_cause("proxy-unreachable", &format!("this job's network has no route to the proxy `{host}`"))
                .hint(format!(
                    "check that this job's network lets it connect to the proxy in {variable}, `{url}` (route, firewall)"
                )),
            _ => self.no_way(network),
        }
    }
}

/// What the name of the host comes from.
pub(super) fn named_by(network: &Network) -> String {
    match network.endpoint_name {
        Some(flag) if flag.starts_with("--") => format!("`{flag}`"),
        Some(variable) => variable.to_owned(),
        None => format!("the Region `{}`", network.signing_region),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ExitStatus;
    use crate::io::environment::Environment;
    use crate::settings::Inputs;
    use crate::settings::flags::Flags;
    use crate::settings::network::{StsLocation, network};

    fn on_path_of(variables: [(&str, &str); 2], obstacle: Obstacle) -> String {
        let environment = Environment::from(variables);
        let inputs = Inputs { flags: &Flags::default(), environment: &environment };
        let region = "eu-west-9".parse().unwrap();
        let network = network(inputs, StsLocation::Region(&region), &mut Vec::new()).unwrap();
        let failure = Failure::new(ExitStatus::NotReached, "").no_connection(obstacle, &network);
        let causes: Vec<&str> = failure.details.causes.iter().map(|cause| cause.id.as_str()).collect();
        format!("{}: {}", causes.join(" "), failure.hint.unwrap())
    }

    #[test]
    fn each_obstacle_on_each_path_has_its_cause_and_hint() {
        let proxy = ("HTTPS_PROXY", "http://user:hunter2@proxy.example:3128");
        let none = ("OTHER", "");
        let fips = ("AWS_USE_FIPS_ENDPOINT", "true");
        for (variables, obstacle, begins) in [
            (
                [none, none],
                Obstacle::UnknownName,
                "name-not-found: check the spelling of the Region `eu-west-9`, and",
            ),
            (
                [none, none],
                Obstacle::Refused,
                "connection-refused: check to which address this job's DNS leads `sts.eu-w",
            ),
            (
                [none, none],
                Obstacle::Unreachable,
                "no-route: check that this job's network lets it connect to port 443 of",
            ),
            ([none, none], Obstacle::Other, "connection-ended: check that this job may reach `sts.eu-west-9"),
            ([fips, none], Obstacle::UnknownName, "fips-host-missing"),
            ([fips, none], Obstacle::Unreachable, "fips-host-missing"),
            ([fips, none], Obstacle::Refused, "connection-refused"),
            (
                [proxy, none],
                Obstacle::UnknownName,
                "proxy-not-found: check the spelling of the proxy in HTTPS_PROXY, `h",
            ),
            (
                [proxy, none],
                Obstacle::Refused,
                "proxy-refuses: check that the proxy in HTTPS_PROXY, `http://proxy.exam",
            ),
            (
                [proxy, none],
                Obstacle::Unreachable,
                "proxy-unreachable: check that this job's network lets it connect to",
            ),
            ([proxy, none], Obstacle::Other, "proxy-blocks: check that this job may reach"),
            ([proxy, fips], Obstacle::UnknownName, "proxy-not-found"),
            ([proxy, ("NO_PROXY", ".amazonaws.com")], Obstacle::Refused, "connection-refused"),
        ] {
            let found = on_path_of(variables, obstacle);
            assert!(found.starts_with(begins) && !found.contains("hunter2"), "{obstacle:?}: {found}");
        }
    }
}
