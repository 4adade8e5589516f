//! Where the token goes and who could read it there, unless that is simply AWS: another host, a proxy, added roots.

use std::fmt::Write;

use aws::Region;
use sts::{Endpoint, Variant};

use crate::exchange::network::Network;
use crate::io::environment::vars;
use crate::io::http::added_roots::AddedRoots;
use crate::io::http::route::Route;

/// How many hosts a note names.
const MOST_HOSTS: usize = 3;

/// Notes for the user: one line for all hosts that are reached alike.
pub(crate) fn notes<'a>(networks: impl Iterator<Item = &'a Network>, roots: &AddedRoots) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for network in networks {
        let Some(path) = path(network, roots) else { continue };
        let host = format!("`{}`", network.endpoint.host());
        match groups.iter_mut().find(|(known, _)| *known == path) {
            Some((_, hosts)) if hosts.contains(&host) => {}
            Some((_, hosts)) => hosts.push(host),
            None => groups.push((path, vec![host])),
        }
    }
    let note = |(path, hosts): (String, Vec<String>)| {
        let more = hosts.len().saturating_sub(MOST_HOSTS);
        let named: Vec<String> = hosts.into_iter().take(MOST_HOSTS).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("the token goes to {}{more}{path}", named.join(", "))
    };
    groups.into_iter().map(note).collect()
}

/// What follows the host; `None` if there is nothing to say.
fn path(network: &Network, roots: &AddedRoots) -> Option<String> {
    let Network { endpoint, endpoint_name, signing_region, .. } = network;
    let mut text = String::new();
    if !endpoint.is_of_aws() {
        let name = endpoint_name.map(|name| format!(" ({name})")).unwrap_or_default();
        text = format!("{name}, which is not a host of AWS");
    }
    if let Route::Proxied { variable, proxy } = Route::of(network.proxy.as_ref(), endpoint) {
        let comma = if text.is_empty() { "" } else { "," };
        let _ = write!(text, "{comma} through the proxy `{}` ({variable})", proxy.url());
    }
    if let Some(bundle) = network.ca_bundle.as_ref().filter(|_| roots.count() > 0) {
        let _ = write!(text, "; `{}` ({}) adds {roots} to Mozilla's", bundle.path.display(), bundle.name);
    }
    if let Some(hint) = variable_hint(*endpoint_name, signing_region).filter(|_| !endpoint.is_of_aws()) {
        let _ = write!(text, "; {hint}");
    }
    Some(text).filter(|text| !text.is_empty())
}

/// For a job that has set the variable of all services, often for storage that is compatible with S3.
pub(crate) fn variable_hint(name: Option<&'static str>, region: &Region) -> Option<String> {
    name.filter(|name| *name == vars::AWS_ENDPOINT_URL)?;
    let of_aws = Endpoint::of_region(region, Variant::default()).ok()?;
    Some(format!("if AWS_ENDPOINT_URL is for another service, set AWS_ENDPOINT_URL_STS to `{of_aws}`"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::io::http::ca_bundle::CaBundle;

    #[test]
    fn a_bundle_that_adds_no_root_is_nothing_to_say() {
        let region: Region = "eu-west-1".parse().unwrap();
        let network = Network {
            endpoint: Endpoint::of_region(&region, Variant::default()).unwrap(),
            endpoint_name: None,
            signing_region: region,
            proxy: None,
            ca_bundle: Some(CaBundle { path: "ca-certificates.crt".into(), name: vars::SSL_CERT_FILE }),
            connect_timeout: Duration::ZERO,
            deadline: Duration::ZERO,
            max_attempts: None,
        };
        assert_eq!(path(&network, &AddedRoots::default()), None);
    }
}
