//! The network path to STS: host, proxy and certificates; and, with `--with-network`, how far a connection gets.

use aws::Region;
use rustls::ClientConfig;
use sts::Endpoint;

use super::Findings;
use crate::exchange::endpoint_guard::EndpointGuard;
use crate::exchange::network::Network;
use crate::exchange::token_path;
use crate::failure::Failure;
use crate::io::environment::vars;
use crate::io::http::added_roots::AddedRoots;
use crate::io::http::ca_bundle::CaBundle;
use crate::io::http::route::{ConfiguredProxy, Route};
use crate::io::http::{probe, tls};
use crate::settings::network::{self, StsLocation};
use crate::settings::{DEFAULT_DEADLINE, Inputs, SettingsError, guards, scope};

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
    let guard = guards::endpoint(inputs).map_err(of_settings);
    let guard = findings.value_or_problem("settings", guard).unwrap_or_default();
    match location {
        Some(location) => endpoint(inputs, location, guard, findings),
        None => findings.note("endpoint", "not checked, nor its proxy: neither role nor Region is known"),
    }
    if inputs.environment.raw(vars::AWS_CA_BUNDLE).is_some_and(|value| value.trim().is_empty()) {
        findings.note(
            "ca-bundle",
            "AWS_CA_BUNDLE is blank: it counts as absent here, but the AWS CLI and boto3 (seen with botocore 1.44.8) \
             look for a file of that name and fail; unset it",
        );
    }
    let bundle = findings.value_or_problem("ca-bundle", network::ca_bundle(inputs).map_err(of_settings));
    let tls = bundle.and_then(|bundle| certificates(bundle.as_ref(), guard, findings));
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

fn endpoint(inputs: Inputs<'_>, location: StsLocation<'_>, guard: EndpointGuard, findings: &mut Findings) {
    let mut notes = Vec::new();
    let endpoint = network::endpoint(inputs, location, &mut notes).map_err(|error| Failure::from(&error));
    for note in &notes {
        findings.note("region", note);
    }
    if let Some((endpoint, name)) = findings.value_or_problem("endpoint", endpoint) {
        let region = network::signing_region(location);
        let checked = guard.check_host(&endpoint, name, &region);
        let checked = checked.map_err(|error| Failure::of_endpoint_guard(&error));
        if findings.value_or_problem("endpoint", checked).is_some() {
            report_endpoint(&endpoint, name, &region, findings);
        }
        if scope::read(inputs).is_ok_and(|scope| scope.is_some()) {
            let named = match location {
                StsLocation::Region(region) => Some(region),
                StsLocation::HomeOf(_) => None,
            };
            let checked =
                scope::check_endpoint(&endpoint, name, named).map_err(|error| Failure::from(&error));
            findings.value_or_problem("scope", checked);
        }
        for note in network::proxy_notes(&endpoint, inputs.environment) {
            findings.note("proxy", &note);
        }
        let proxy = ConfiguredProxy::for_endpoint(&endpoint, inputs.environment);
        report_route(&Route::of(proxy.as_ref(), &endpoint), &endpoint, findings);
    }
}

fn report_endpoint(
    endpoint: &Endpoint,
    name: Option<&'static str>,
    region: &Region,
    findings: &mut Findings,
) {
    if !endpoint.is_of_aws() {
        let hint = token_path::variable_hint(name, region).map(|hint| format!("; {hint}"));
        let (name, hint) =
            (name.map(|name| format!(" ({name})")).unwrap_or_default(), hint.unwrap_or_default());
        let text = format!("the token goes to {endpoint}{name}, which is not a host of AWS{hint}");
        findings.note("endpoint", &text);
    } else if endpoint.is_unlisted_fips() {
        let listed = sts::LISTED_FIPS_REGIONS.join(", ");
        findings
            .note("endpoint", &format!("{endpoint} may not exist: AWS lists FIPS hosts for {listed} only"));
    } else {
        findings.ok("endpoint", endpoint.as_str());
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
        Route::Proxied { variable, proxy } => findings.note(
            "proxy",
            &format!("the token goes through {} ({variable}), encrypted", proxy.url()),
        ),
        Route::Unusable { variable } => findings.problem(
            "proxy",
            &format!(
                "{variable} is not the URL of an http or https proxy; set one like `http://proxy.example:3128`"
            ),
        ),
    }
}

fn certificates(
    bundle: Option<&CaBundle>,
    guard: EndpointGuard,
    findings: &mut Findings,
) -> Option<ClientConfig> {
    let mut notes = Vec::new();
    let trust = tls::trust(bundle, &mut notes).and_then(|trust| Ok((trust.config()?, trust.added_roots)));
    let trust = trust.map_err(|error| Failure::from(&error));
    let (config, added_roots) = findings.value_or_problem("ca-bundle", trust)?;
    match bundle {
        Some(bundle) if added_roots.count() > 0 => report_roots(bundle, &added_roots, guard, findings),
        Some(bundle) if notes.is_empty() => findings.ok(
            "ca-bundle",
            &format!("Mozilla's roots, to which `{}` ({}) adds nothing", bundle.path.display(), bundle.name),
        ),
        _ => findings.ok("ca-bundle", "Mozilla's roots, which are built in"),
    }
    for note in &notes {
        findings.note("ca-bundle", note);
    }
    Some(config)
}

fn report_roots(bundle: &CaBundle, roots: &AddedRoots, guard: EndpointGuard, findings: &mut Findings) {
    let checked = guard.check_roots(bundle, roots).map_err(|error| Failure::of_endpoint_guard(&error));
    if findings.value_or_problem("ca-bundle", checked).is_some() {
        let text = format!(
            "`{}` ({}) adds {roots} to Mozilla's; who owns one can read the token on its way to STS",
            bundle.path.display(),
            bundle.name
        );
        findings.note("ca-bundle", &text);
    }
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
