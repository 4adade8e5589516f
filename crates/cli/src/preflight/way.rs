//! The way to STS: which host, by which route, trusting whom; and how far that way leads, if it is to be walked.

use rustls::ClientConfig;
use sts::Endpoint;

use super::Findings;
use crate::args::NetworkArgs;
use crate::exchange::network::{self, CaBundle, Network, Place};
use crate::failure::Failure;
use crate::io::http::route::Route;
use crate::io::http::{probe, tls};
use crate::settings::{Lookup, SettingsError};

/// How far the checks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Nothing is sent.
    ThisMachine,
    /// DNS, TCP and TLS are tried.
    UpToTls,
}

/// Looks at everything that concerns the way; without a `place` at what does not depend on it.
pub(super) fn examine(
    args: &NetworkArgs,
    look: Lookup<'_>,
    place: Option<Place<'_>>,
    reach: Reach,
    findings: &mut Findings,
) {
    let of_settings = |error: SettingsError| Failure::from(&error);
    match place {
        Some(place) => host(args, look, place, findings),
        None => findings.note("endpoint", "not looked at, nor its proxy: neither role nor Region is known"),
    }
    let bundle = findings.keep("ca-bundle", network::ca_bundle(args, look).map_err(of_settings));
    let tls = bundle.and_then(|bundle| authorities(bundle.as_ref(), findings));
    findings.keep("connect-timeout", network::connect_timeout(args, look).map_err(of_settings));
    findings.keep("deadline", network::deadline(args, look).map_err(of_settings));
    findings.keep("max-attempts", network::max_attempts(args, look).map_err(of_settings));
    if reach == Reach::UpToTls {
        let network = place.and_then(|place| Network::read(args, look, place, &mut Vec::new()).ok());
        match (network, tls) {
            (Some(network), Some(tls)) => walk(&network, tls, findings),
            _ => findings.note("network", "not tried: mend the problems above first"),
        }
    }
}

fn host(args: &NetworkArgs, look: Lookup<'_>, place: Place<'_>, findings: &mut Findings) {
    let mut notes = Vec::new();
    let endpoint = network::endpoint(args, look, place, &mut notes).map_err(|error| Failure::from(&error));
    for note in &notes {
        findings.note("region", note);
    }
    if let Some(endpoint) = findings.keep("endpoint", endpoint) {
        if endpoint.is_unlisted_fips() {
            let listed = sts::LISTED_FIPS_REGIONS.join(", ");
            findings.note(
                "endpoint",
                &format!("{endpoint} may not be there: AWS lists FIPS hosts for {listed} only"),
            );
        } else {
            findings.ok("endpoint", endpoint.as_str());
        }
        let proxy = network::proxy(&endpoint, look.environment);
        tell_route(&Route::of(proxy.as_ref(), &endpoint), &endpoint, findings);
    }
}

fn tell_route(route: &Route<'_>, endpoint: &Endpoint, findings: &mut Findings) {
    match route {
        Route::Straight if endpoint.is_loopback() => {
            findings.ok("proxy", "none: this machine itself is never asked through one");
        }
        Route::Straight => findings.ok("proxy", "none is set: straight to the endpoint"),
        Route::Past { variable } => {
            findings.ok("proxy", &format!("past that of {variable}: NO_PROXY names the endpoint's host"));
        }
        Route::By { variable, proxy } => findings.ok("proxy", &format!("by {} ({variable})", proxy.shown())),
        Route::Unusable { variable } => findings.problem(
            "proxy",
            &format!(
                "{variable} is no URL of an http or https proxy; write one like `http://proxy.example:3128`"
            ),
        ),
    }
}

fn authorities(bundle: Option<&CaBundle>, findings: &mut Findings) -> Option<ClientConfig> {
    let mut notes = Vec::new();
    let config = tls::client_config(bundle, &mut notes).map_err(|error| Failure::from(&error));
    let config = findings.keep("ca-bundle", config)?;
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

fn walk(network: &Network, tls: ClientConfig, findings: &mut Findings) {
    let route = Route::of(network.proxy.as_ref(), &network.endpoint);
    if matches!(route, Route::Unusable { .. }) {
        return findings.note("network", "not tried: mend the proxy first");
    }
    for stretch in probe::walk(network, &route, tls) {
        let took = stretch.took.as_millis();
        match stretch.outcome {
            Ok(words) => findings.ok(stretch.name, &format!("{words} ({took} ms)")),
            Err(error) => {
                let failure = Failure::of_transport(&error, network).in_one_line();
                findings.problem(stretch.name, &format!("after {took} ms: {failure}"));
            }
        }
    }
}
