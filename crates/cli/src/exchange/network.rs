//! How STS is reached: which host, by which route, trusting whom, for how long.

use std::path::PathBuf;
use std::time::Duration;

use aws::{Partition, Region, RoleArn, seconds_from};
use sts::{Endpoint, Variant};

use crate::args::NetworkArgs;
use crate::io::environment::{Environment, vars};
use crate::settings::table::{self, Setting};
use crate::settings::{Lookup, SettingsError, invalid};

/// Everything between this program and STS.
#[derive(Debug)]
pub(crate) struct Network {
    /// Where to post.
    pub(crate) endpoint: Endpoint,
    /// The Region that signatures name.
    pub(crate) signing_region: Region,
    /// The proxy's URL and the hosts it is not for. `None`: straight there.
    pub(crate) proxy: Option<ProxyRoute>,
    /// Root certificates beside those built in.
    pub(crate) ca_bundle: Option<CaBundle>,
    /// The longest wait for a connection, TLS included.
    pub(crate) connect_timeout: Duration,
    /// The longest wait in all.
    pub(crate) deadline: Duration,
    /// How many requests at most.
    pub(crate) max_attempts: u32,
}

/// A proxy. Its URL may hold a password, so this has no `Debug` that shows it.
pub(crate) struct ProxyRoute {
    /// The URL.
    pub(crate) url: String,
    /// The variable that it stands in.
    pub(crate) variable: String,
    /// Hosts that are asked directly, as the user lists them.
    pub(crate) except: Option<String>,
}

impl std::fmt::Debug for ProxyRoute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "proxy of {}", self.variable)
    }
}

impl ProxyRoute {
    /// For words to the user. Whether a host goes past the proxy is decided by the client's own matching.
    pub(crate) fn words(&self) -> String {
        let except = if self.except.is_some() { ", unless NO_PROXY names the host" } else { "" };
        format!("by the proxy in {}{except}", self.variable)
    }
}

/// A PEM file of root certificates.
#[derive(Debug, Clone)]
pub(crate) struct CaBundle {
    /// The file.
    pub(crate) path: PathBuf,
    /// The flag or variable that names it.
    pub(crate) name: &'static str,
}

/// Where in the world STS is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// In this Region.
    Region(&'a Region),
    /// No Region is set: wherever AWS would ask in the role's partition.
    HomeOf(&'a RoleArn),
}

/// A length of time outside of what makes sense for a wait.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a wait of 1 s to 1 h: write one like `10s`, `2m`")]
struct InvalidWait(String);

/// Not a count of attempts.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a count of attempts: write 1 to 20")]
struct InvalidAttempts(String);

/// A host that does not know the role.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` is of partition `{found}`, the role or its Region of `{wanted}`")]
struct AnotherPartition {
    host: String,
    found: &'static str,
    wanted: String,
}

impl Network {
    /// Reads what concerns the way to STS.
    pub(crate) fn read(
        args: &NetworkArgs,
        look: Lookup<'_>,
        place: Place<'_>,
        notes: &mut Vec<String>,
    ) -> Result<Self, SettingsError> {
        let endpoint = endpoint(args, look, place, notes)?;
        Ok(Self {
            signing_region: endpoint.region().unwrap_or_else(|| signing_region(place)),
            proxy: proxy(&endpoint, look.environment),
            endpoint,
            ca_bundle: ca_bundle(args, look)?,
            connect_timeout: connect_timeout(args, look)?,
            deadline: deadline(args, look)?,
            max_attempts: max_attempts(args, look)?,
        })
    }
}

impl Network {
    /// The way to another host, under the same limits.
    pub(crate) fn towards(&self, endpoint: Endpoint, environment: &Environment) -> Self {
        Self {
            signing_region: self.signing_region.clone(),
            proxy: proxy(&endpoint, environment),
            endpoint,
            ca_bundle: self.ca_bundle.clone(),
            connect_timeout: self.connect_timeout,
            deadline: self.deadline,
            max_attempts: self.max_attempts,
        }
    }

    /// The proxy, if any, for words to the user after the host.
    pub(crate) fn via(&self) -> String {
        self.proxy.as_ref().map(|route| format!(" {}", route.words())).unwrap_or_default()
    }
}

/// The endpoint that was named, or AWS's own variables, or the Region's (facts/aws.md 3).
pub(crate) fn endpoint(
    args: &NetworkArgs,
    look: Lookup<'_>,
    place: Place<'_>,
    notes: &mut Vec<String>,
) -> Result<Endpoint, SettingsError> {
    let environment = look.environment;
    let asked = look.given(args.sts_endpoint.as_deref(), table::STS_ENDPOINT)?;
    if let Some(value) = asked {
        return named(value.text.trim(), value.name, place);
    }
    let ambient = [vars::AWS_ENDPOINT_URL_STS, vars::AWS_ENDPOINT_URL]
        .into_iter()
        .find_map(|name| Some((name, environment.set(name)?)))
        .filter(|_| !environment.is_true(vars::AWS_IGNORE_CONFIGURED_ENDPOINT_URLS));
    if let Some((name, text)) = ambient {
        return named(text.trim(), name, place);
    }
    let variant = Variant {
        fips: environment.is_true(vars::AWS_USE_FIPS_ENDPOINT),
        dual_stack: environment.is_true(vars::AWS_USE_DUALSTACK_ENDPOINT),
    };
    let of_region = |region: &Region| {
        Endpoint::of_region(region, variant).map_err(|flaw| invalid(vars::AWS_REGION, flaw))
    };
    let role = match place {
        Place::Region(region) => return of_region(region),
        Place::HomeOf(role) => role,
    };
    let partition =
        role.partition().ok_or_else(|| SettingsError::UnknownPartition(role.partition_name().to_owned()))?;
    let region = Region::implicit(partition);
    notes.push(format!("no Region is set: STS is asked in {region}, and no Region is exported"));
    of_region(&region)
}

/// An endpoint that somebody named. Where it is AWS's own, its partition has to be that of all else.
fn named(text: &str, name: &'static str, place: Place<'_>) -> Result<Endpoint, SettingsError> {
    let endpoint = Endpoint::given(text).map_err(|flaw| invalid(name, flaw))?;
    let wanted = match place {
        Place::Region(region) => region.partition().name,
        Place::HomeOf(role) => role.partition_name(),
    };
    match endpoint.region().map(|region| region.partition().name) {
        Some(found) if found != wanted => {
            let wanted = wanted.to_owned();
            Err(invalid(name, AnotherPartition { host: endpoint.host(), found, wanted }))
        }
        _ => Ok(endpoint),
    }
}

/// The Region that is asked; with an endpoint of its own and no Region, the one that AWS would take.
fn signing_region(place: Place<'_>) -> Region {
    match place {
        Place::Region(region) => region.clone(),
        Place::HomeOf(role) => Region::implicit(role.partition().unwrap_or_else(Partition::commercial)),
    }
}

/// A proxy is never asked for this machine itself.
pub(crate) fn proxy(endpoint: &Endpoint, environment: &Environment) -> Option<ProxyRoute> {
    if endpoint.is_loopback() {
        return None;
    }
    let (variable, url) = environment.first_set(&vars::HTTPS_PROXY)?;
    let except = environment.first_set(&vars::NO_PROXY).map(|(_, hosts)| hosts.to_owned());
    Some(ProxyRoute { url: url.trim().to_owned(), variable: variable.to_owned(), except })
}

/// The bundle that was named, or that of AWS's or OpenSSL's variable.
pub(crate) fn ca_bundle(args: &NetworkArgs, look: Lookup<'_>) -> Result<Option<CaBundle>, SettingsError> {
    if let Some(value) = look.given(args.ca_bundle.as_deref(), table::CA_BUNDLE)? {
        return Ok(Some(CaBundle { path: value.text.into(), name: value.name }));
    }
    let ambient = [vars::AWS_CA_BUNDLE, vars::SSL_CERT_FILE]
        .into_iter()
        .find_map(|name| Some(CaBundle { path: look.environment.set(name)?.into(), name }));
    Ok(ambient)
}

/// The longest wait for a connection.
pub(crate) fn connect_timeout(args: &NetworkArgs, look: Lookup<'_>) -> Result<Duration, SettingsError> {
    wait(look, args.connect_timeout.as_deref(), table::CONNECT_TIMEOUT, 10)
}

/// The longest wait in all.
pub(crate) fn deadline(args: &NetworkArgs, look: Lookup<'_>) -> Result<Duration, SettingsError> {
    wait(look, args.deadline.as_deref(), table::DEADLINE, 60)
}

fn wait(
    look: Lookup<'_>,
    flag: Option<&str>,
    setting: Setting,
    default: u64,
) -> Result<Duration, SettingsError> {
    let Some(value) = look.given(flag, setting)? else { return Ok(Duration::from_secs(default)) };
    seconds_from(value.text.trim())
        .filter(|seconds| (1..=3600).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| invalid(value.name, InvalidWait(value.text.escape_debug().to_string())))
}

/// How many requests at most.
pub(crate) fn max_attempts(args: &NetworkArgs, look: Lookup<'_>) -> Result<u32, SettingsError> {
    let Some(value) = look.given(args.max_attempts.as_deref(), table::MAX_ATTEMPTS)? else { return Ok(5) };
    let count = value.text.trim().parse().ok().filter(|count| (1..=20).contains(count));
    count.ok_or_else(|| invalid(value.name, InvalidAttempts(value.text.escape_debug().to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_names_the_region_of_the_host_that_is_asked() {
        for (endpoint, signed_for) in [
            ("https://sts.amazonaws.com", "us-east-1"),
            ("https://vpce-0a-1b.sts.us-west-2.vpce.amazonaws.com", "us-west-2"),
            ("https://sts.example", "eu-west-1"),
            ("", "eu-west-1"),
        ] {
            let environment = Environment::from([("AWS_ENDPOINT_URL_STS", endpoint)]);
            let region: Region = "eu-west-1".parse().unwrap();
            let network = Network::read(
                &NetworkArgs::default(),
                Lookup { environment: &environment },
                Place::Region(&region),
                &mut Vec::new(),
            );
            assert_eq!(network.unwrap().signing_region.as_str(), signed_for, "{endpoint}");
        }
    }
}
