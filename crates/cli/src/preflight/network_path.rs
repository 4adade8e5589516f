//! The network path to STS: host, proxy and certificates; and, with `--with-network`, how far a connection gets.

use rustls::ClientConfig;
use sts::Endpoint;

use super::Findings;
use crate::exchange::network::Network;
use crate::failure::Failure;
use crate::io::http::ca_bundle::CaBundle;
use crate::io::http::route::{ConfiguredProxy, Route};
use crate::io::http::{probe, tls};
use crate::settings::network::{self, StsLocation};
use crate::settings::{DEFAULT_DEADLINE, Inputs, SettingsError};

/// How far the checks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// No network.
    ThisMachine,
    /// DNS, TCP and TLS.
    UpToTls,
}

/// Checks everything about the network path; without a location, only what does not depend on it.
pub(super) fn check(
    inputs: Inputs<'_>,
    location: Option<StsLocation<'_>>,
    reach: Reach,
    findings: &mut Findings,
) {
    let of_settings = |error: SettingsError| Failure::from(&error);
    match location {
        Some(location) => endpoint(inputs, location, findings),
        None => findings.note("endpoint", "not checked, nor its proxy: neither role nor Region is known"),
    }
    let bundle = findings.value_or_problem("ca-bundle", network::ca_bundle(inputs).map_err(of_settings));
    let tls = bundle.and_then(|bundle| certificates(bundle.as_ref(), findings));
    findings.value_or_problem("connect-timeout", network::connect_timeout(inputs).map_err(of_settings));
    findings.value_or_problem("deadline", network::deadline(inputs, DEFAULT_DEADLINE).map_err(of_settings));
    findings.value_or_problem("max-attempts", network::max_attempts(inputs).map_err(of_settings));
    if reach == Reach::UpToTls {
        let network = location.and_then(|it| network::network(inputs, it, &mut Vec::new()).ok());
        match (network, tls) {
            (Some(network), Some(tls)) => connect(&network, tls, findings),
            _ => findings.note("network", "not checked: fix the problems above first"),
        }
    }
}

fn endpoint(inputs: Inputs<'_>, location: StsLocation<'_>, findings: &mut Findings) {
    let mut notes = Vec::new();
    let endpoint = network::endpoint(inputs, location, &mut notes).map_err(|error| Failure::from(&error));
    for note in &notes {
        findings.note("region", note);
    }
    if let Some(endpoint) = findings.value_or_problem("endpoint", endpoint) {
        if endpoint.is_unlisted_fips() {
            let listed = sts::LISTED_FIPS_REGIONS.join(", ");
            findings.note(
                "endpoint",
                &format!("{endpoint} may not exist: AWS lists FIPS hosts for {listed} only"),
            );
        } else {
            findings.ok("endpoint", endpoint.as_str());
        }
        let proxy = ConfiguredProxy::for_endpoint(&endpoint, inputs.environment);
        report_route(&Route::of(proxy.as_ref(), &endpoint), &endpoint, findings);
    }
}

fn report_route(route: &Route<'_>, endpoint: &Endpoint, findings: &mut Findings) {
    match route {
        Route::Direct if endpoint.is_loopback() => {
            findings.ok("proxy", "none: loopback is never reached through a proxy");
        }
        Route::Direct => findings.ok("proxy", "none is set: directly to the endpoint"),
        Route::Bypassed { variable } => {
            findings.ok("proxy", &format!("not that of {variable}: NO_PROXY names the endpoint's host"));
        }
        Route::Proxied { variable, proxy } => findings.ok("proxy", &format!("through {} ({variable})", proxy.url())),
        Route::Unusable { variable } => findings.problem(
            "proxy",
            &format!(
                "{variable} is not the URL of an http or https proxy; set one like `http://proxy.example:3128`"
            ),
        ),
    }
}

fn certificates(bundle: Option<&CaBundle>, findings: &mut Findings) -> Option<ClientConfig> {
    let mut notes = Vec::new();
    let config = tls::client_config(bundle, &mut notes).map_err(|error| Failure::from(&error));
    let config = findings.value_or_problem("ca-bundle", config)?;
    match bundle {
        Some(bundle) if notes.is_empty() => findings.ok(
            "ca-bundle",
            &format!("Mozilla's roots, and those in `{}` ({})", bundle.path.display(), bundle.name),
        ),
        _ => findings.ok("ca-bundle", "Mozilla's roots, which are built in"),
    }
    for note in &notes {
        findings.note("ca-bundle", note);
    }
    Some(config)
}

fn connect(network: &Network, tls: ClientConfig, findings: &mut Findings) {
    let route = Route::of(network.proxy.as_ref(), &network.endpoint);
    if matches!(route, Route::Unusable { .. }) {
        return findings.note("network", "not checked: fix the proxy first");
    }
    for step in probe::run(&network.endpoint, &route, network.connect_timeout, tls) {
        let took = step.took.as_millis();
        match step.outcome {
            Ok(words) => findings.ok(step.name, &format!("{words} ({took} ms)")),
            Err(error) => {
                let failure = Failure::of_transport(&error, network).in_one_line();
                findings.problem(step.name, &format!("after {took} ms: {failure}"));
            }
        }
    }
}
