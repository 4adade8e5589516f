//! How STS is reached: the endpoint that was named or the Region's, the proxy, the certificates, the limits.

use std::time::Duration;

use aws::{Partition, Region, RoleArn, seconds_from};
use sts::{Endpoint, Variant};

use crate::exchange::network::Network;
use crate::io::environment::vars;
use crate::io::http::route::ConfiguredProxy;
use crate::io::http::tls::CaBundle;
use crate::settings::inputs::Inputs;
use crate::settings::setting::Setting;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// How long a command waits for STS, unless `--deadline` says otherwise.
pub(crate) const DEFAULT_DEADLINE: Duration = Duration::from_secs(60);

/// Where in the world STS is called.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StsLocation<'a> {
    /// In this Region.
    Region(&'a Region),
    /// No Region is set: wherever AWS would call in the role's partition.
    HomeOf(&'a RoleArn),
}

/// A length of time outside of what makes sense for a wait.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{0}`; expected 1 s to 1 h, such as `10s` or `2m`")]
struct InvalidWait(String);

/// Not a count of attempts.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{0}`; expected 1 to 20")]
struct InvalidAttempts(String);

/// A host that does not know the role.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` is in partition `{found}`, the role or its Region in `{wanted}`")]
struct AnotherPartition {
    host: String,
    found: &'static str,
    wanted: String,
}

/// Reads what concerns the network path to STS.
pub(crate) fn network(
    inputs: Inputs<'_>,
    location: StsLocation<'_>,
    notes: &mut Vec<String>,
) -> Result<Network, SettingsError> {
    let endpoint = endpoint(inputs, location, notes)?;
    Ok(Network {
        signing_region: endpoint.region().unwrap_or_else(|| signing_region(location)),
        proxy: ConfiguredProxy::for_endpoint(&endpoint, inputs.environment),
        endpoint,
        ca_bundle: ca_bundle(inputs)?,
        connect_timeout: connect_timeout(inputs)?,
        deadline: deadline(inputs, DEFAULT_DEADLINE)?,
        max_attempts: max_attempts(inputs)?,
    })
}

/// The endpoint that was named, or AWS's own variables, or the Region's (facts/aws.md 3).
pub(crate) fn endpoint(
    inputs: Inputs<'_>,
    location: StsLocation<'_>,
    notes: &mut Vec<String>,
) -> Result<Endpoint, SettingsError> {
    let environment = inputs.environment;
    if let Some(value) = inputs.value(&table::STS_ENDPOINT)? {
        return named(value.text.trim(), value.name, location);
    }
    let ambient = [vars::AWS_ENDPOINT_URL_STS, vars::AWS_ENDPOINT_URL]
        .into_iter()
        .find_map(|name| Some((name, environment.set(name)?)))
        .filter(|_| !environment.is_true(vars::AWS_IGNORE_CONFIGURED_ENDPOINT_URLS));
    if let Some((name, text)) = ambient {
        return named(text.trim(), name, location);
    }
    let variant = Variant {
        fips: environment.is_true(vars::AWS_USE_FIPS_ENDPOINT),
        dual_stack: environment.is_true(vars::AWS_USE_DUALSTACK_ENDPOINT),
    };
    let of_region = |region: &Region| {
        Endpoint::of_region(region, variant).map_err(|flaw| invalid(vars::AWS_REGION, flaw))
    };
    let role = match location {
        StsLocation::Region(region) => return of_region(region),
        StsLocation::HomeOf(role) => role,
    };
    let partition =
        role.partition().ok_or_else(|| SettingsError::UnknownPartition(role.partition_name().to_owned()))?;
    let region = Region::implicit(partition);
    notes.push(format!("no Region is set: STS is called in {region}, and no Region is exported"));
    of_region(&region)
}

/// An endpoint that the user named. Where it is AWS's own, its partition has to be that of all else.
fn named(text: &str, name: &'static str, location: StsLocation<'_>) -> Result<Endpoint, SettingsError> {
    let endpoint = Endpoint::given(text).map_err(|flaw| invalid(name, flaw))?;
    let wanted = match location {
        StsLocation::Region(region) => region.partition().name,
        StsLocation::HomeOf(role) => role.partition_name(),
    };
    match endpoint.region().map(|region| region.partition().name) {
        Some(found) if found != wanted => {
            let wanted = wanted.to_owned();
            Err(invalid(name, AnotherPartition { host: endpoint.host(), found, wanted }))
        }
        _ => Ok(endpoint),
    }
}

/// The Region that is called; with an endpoint of its own and no Region, the one that AWS would take.
fn signing_region(location: StsLocation<'_>) -> Region {
    match location {
        StsLocation::Region(region) => region.clone(),
        StsLocation::HomeOf(role) => Region::implicit(role.partition().unwrap_or_else(Partition::commercial)),
    }
}

/// The bundle that was named, or that of AWS's or OpenSSL's variable.
pub(crate) fn ca_bundle(inputs: Inputs<'_>) -> Result<Option<CaBundle>, SettingsError> {
    if let Some(value) = inputs.value(&table::CA_BUNDLE)? {
        return Ok(Some(CaBundle { path: value.text.into(), name: value.name }));
    }
    let ambient = [vars::AWS_CA_BUNDLE, vars::SSL_CERT_FILE]
        .into_iter()
        .find_map(|name| Some(CaBundle { path: inputs.environment.set(name)?.into(), name }));
    Ok(ambient)
}

/// The longest wait for a connection.
pub(crate) fn connect_timeout(inputs: Inputs<'_>) -> Result<Duration, SettingsError> {
    wait(inputs, &table::CONNECT_TIMEOUT, Duration::from_secs(10))
}

/// The longest wait in all.
pub(crate) fn deadline(inputs: Inputs<'_>, default: Duration) -> Result<Duration, SettingsError> {
    wait(inputs, &table::DEADLINE, default)
}

fn wait(inputs: Inputs<'_>, setting: &Setting, default: Duration) -> Result<Duration, SettingsError> {
    let Some(value) = inputs.value(setting)? else { return Ok(default) };
    seconds_from(value.text.trim())
        .filter(|seconds| (1..=3600).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| invalid(value.name, InvalidWait(value.text.escape_debug().to_string())))
}

/// The largest number of requests.
pub(crate) fn max_attempts(inputs: Inputs<'_>) -> Result<u32, SettingsError> {
    let Some(value) = inputs.value(&table::MAX_ATTEMPTS)? else { return Ok(5) };
    let count = value.text.trim().parse().ok().filter(|count| (1..=20).contains(count));
    count.ok_or_else(|| invalid(value.name, InvalidAttempts(value.text.escape_debug().to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::environment::Environment;
    use crate::settings::flags::Flags;

    #[test]
    fn a_signature_names_the_region_of_the_host_that_is_asked() {
        for (endpoint, signed_for) in [
            ("https://sts.amazonaws.com", "us-east-1"),
            ("https://vpce-0a-1b.sts.us-west-2.vpce.amazonaws.com", "us-west-2"),
            ("https://sts.example", "eu-west-1"),
            ("", "eu-west-1"),
        ] {
            let environment = Environment::from([("AWS_ENDPOINT_URL_STS", endpoint)]);
            let inputs = Inputs { flags: &Flags::default(), environment: &environment };
            let region: Region = "eu-west-1".parse().unwrap();
            let network = network(inputs, StsLocation::Region(&region), &mut Vec::new());
            assert_eq!(network.unwrap().signing_region.as_str(), signed_for, "{endpoint}");
        }
    }
}
