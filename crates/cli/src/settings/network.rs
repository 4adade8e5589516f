//! The settings of the network path to STS: the named endpoint or the Region's, the proxy, the certificates, the
//! limits.

use std::time::Duration;

use aws::{Partition, Region, RoleArn, seconds_from};
use sts::{Endpoint, Variant};

use crate::exchange::network::Network;
use crate::io::environment::{Environment, vars};
use crate::io::files::user_path;
use crate::io::http::ca_bundle::CaBundle;
use crate::io::http::route::{self, ConfiguredProxy};
use crate::settings::inputs::{Inputs, Value};
use crate::settings::setting::Setting;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// How long a command waits for STS, unless `--deadline` says otherwise.
pub(crate) const DEFAULT_DEADLINE: Duration = Duration::from_secs(60);

/// Where STS is called.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StsLocation<'a> {
    /// In this Region.
    Region(&'a Region),
    /// No Region is set: in the default Region of the role's partition.
    HomeOf(&'a RoleArn),
}

/// A time limit that is not a time, or out of range.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{0}`; expected 1 s to 1 h, such as `10s` or `2m`")]
struct InvalidTimeLimit(String);

/// A number of attempts that is not a number, or out of range.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{0}`; expected 1 to 20")]
struct InvalidAttempts(String);

/// An endpoint in another partition than the role.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` is in partition `{found}`, the role or its Region in `{expected}`")]
struct OtherPartition {
    host: String,
    found: &'static str,
    expected: String,
}

/// Reads all settings of the network path.
pub(crate) fn network(
    inputs: Inputs<'_>,
    location: StsLocation<'_>,
    notes: &mut Vec<String>,
) -> Result<Network, SettingsError> {
    let (endpoint, endpoint_name) = endpoint(inputs, location, notes)?;
    notes.extend(proxy_notes(&endpoint, inputs.environment));
    Ok(Network {
        signing_region: endpoint.region().unwrap_or_else(|| signing_region(location)),
        proxy: ConfiguredProxy::for_endpoint(&endpoint, inputs.environment),
        endpoint,
        endpoint_name,
        ca_bundle: ca_bundle(inputs)?,
        connect_timeout: connect_timeout(inputs)?,
        deadline: deadline(inputs, DEFAULT_DEADLINE)?,
        max_attempts: max_attempts(inputs)?,
    })
}

/// What the variables of proxies say, and this program does not do.
pub(crate) fn proxy_notes(endpoint: &Endpoint, environment: &Environment) -> Vec<String> {
    if endpoint.is_loopback() {
        return Vec::new();
    }
    if let Some(name) = route::ignored_variable(environment) {
        let note = format!("{name} names a SOCKS proxy, which AWS tools do not use: STS is called directly");
        return vec![note];
    }
    if ConfiguredProxy::for_endpoint(endpoint, environment).is_none() {
        return Vec::new();
    }
    let unknown = route::unknown_exceptions(environment).into_iter();
    let note = |entry| {
        format!(
            "`{entry}` in NO_PROXY matches no host; write host names such as `sts.eu-west-1.amazonaws.com`, domains \
             such as `.amazonaws.com`, addresses, networks, or `*`"
        )
    };
    unknown.map(note).collect()
}

/// The endpoint of `--sts-endpoint`, else of AWS's own variables, each with its name, else the Region's (facts/aws.md 3).
pub(crate) fn endpoint(
    inputs: Inputs<'_>,
    location: StsLocation<'_>,
    notes: &mut Vec<String>,
) -> Result<(Endpoint, Option<&'static str>), SettingsError> {
    let environment = inputs.environment;
    if let Some(value) = inputs.value(&table::STS_ENDPOINT)? {
        return Ok((named_endpoint(&value, inputs, location)?, Some(value.name)));
    }
    let ambient = [vars::AWS_ENDPOINT_URL_STS, vars::AWS_ENDPOINT_URL]
        .into_iter()
        .find_map(|name| Some((name, environment.non_blank(name)?)))
        .filter(|_| !environment.is_true(vars::AWS_IGNORE_CONFIGURED_ENDPOINT_URLS));
    if let Some((name, text)) = ambient {
        let value = Value { text: text.to_owned(), name, has_variables: false };
        return Ok((named_endpoint(&value, inputs, location)?, Some(name)));
    }
    let variant = Variant {
        fips: environment.is_true(vars::AWS_USE_FIPS_ENDPOINT),
        dual_stack: environment.is_true(vars::AWS_USE_DUALSTACK_ENDPOINT),
    };
    let of_region = |region: &Region| {
        let endpoint = Endpoint::of_region(region, variant).map_err(|flaw| invalid(vars::AWS_REGION, flaw));
        endpoint.map(|endpoint| (endpoint, None))
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

/// An endpoint that the user named. If it is AWS's own, it must be in the partition of the role and its Region.
fn named_endpoint(
    value: &Value,
    inputs: Inputs<'_>,
    location: StsLocation<'_>,
) -> Result<Endpoint, SettingsError> {
    let endpoint = Endpoint::from_url(value.text.trim()).map_err(|flaw| inputs.invalid(value, flaw))?;
    let expected = match location {
        StsLocation::Region(region) => region.partition().name,
        StsLocation::HomeOf(role) => role.partition_name(),
    };
    match endpoint.region().map(|region| region.partition().name) {
        Some(found) if found != expected => {
            let expected = expected.to_owned();
            Err(invalid(value.name, OtherPartition { host: endpoint.host(), found, expected }))
        }
        _ => Ok(endpoint),
    }
}

/// The Region to sign for, if the endpoint names none: the one that is set, else AWS's default.
pub(crate) fn signing_region(location: StsLocation<'_>) -> Region {
    match location {
        StsLocation::Region(region) => region.clone(),
        StsLocation::HomeOf(role) => Region::implicit(role.partition().unwrap_or_else(Partition::commercial)),
    }
}

/// The file of `--ca-bundle`, else that of the variables of AWS, OpenSSL and Python's requests, in the order in which
/// the most specific comes first.
pub(crate) fn ca_bundle(inputs: Inputs<'_>) -> Result<Option<CaBundle>, SettingsError> {
    if let Some(value) = inputs.value(&table::CA_BUNDLE)? {
        return Ok(Some(CaBundle { path: inputs.path(&value)?, name: value.name }));
    }
    let ambient =
        vars::CA_BUNDLES.into_iter().find_map(|name| Some((name, inputs.environment.non_blank(name)?)));
    let Some((name, path)) = ambient else { return Ok(None) };
    let path = user_path::resolve(path, inputs.environment).map_err(|flaw| invalid(name, flaw))?;
    Ok(Some(CaBundle { path, name }))
}

/// The time limit for a connection.
pub(crate) fn connect_timeout(inputs: Inputs<'_>) -> Result<Duration, SettingsError> {
    time_limit(inputs, &table::CONNECT_TIMEOUT, Duration::from_secs(10))
}

/// The time limit for the whole exchange.
pub(crate) fn deadline(inputs: Inputs<'_>, default: Duration) -> Result<Duration, SettingsError> {
    time_limit(inputs, &table::DEADLINE, default)
}

fn time_limit(inputs: Inputs<'_>, setting: &Setting, default: Duration) -> Result<Duration, SettingsError> {
    let Some(value) = inputs.value(setting)? else { return Ok(default) };
    seconds_from(value.text.trim())
        .filter(|seconds| (1..=3600).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| inputs.invalid(&value, InvalidTimeLimit(value.text.escape_debug().to_string())))
}

/// The largest number of requests where a retry can help, if there is one.
pub(crate) fn max_attempts(inputs: Inputs<'_>) -> Result<Option<u32>, SettingsError> {
    let Some(value) = inputs.value(&table::MAX_ATTEMPTS)? else { return Ok(None) };
    let count = value.text.trim().parse().ok().filter(|count| (1..=20).contains(count));
    count
        .map(Some)
        .ok_or_else(|| inputs.invalid(&value, InvalidAttempts(value.text.escape_debug().to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::flags::Flags;

    #[test]
    fn a_signature_names_the_region_of_the_host_that_is_called() {
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
