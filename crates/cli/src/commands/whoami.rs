//! `whoami`: the identity of the next step, as STS returns it, in four lines or as JSON.

use aws::{Partition, Region};
use export::ProfileName;
use serde::Serialize;
use sts::CallerIdentity;

use crate::credentials::identity;
use crate::credentials::{self, LocatedCredentials, SharedProfiles};
use crate::exchange::progress::Progress;
use crate::exchange::sts_client::StsClient;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::http::https::Https;
use crate::io::http::tls;
use crate::io::http::transport_error::TransportError;
use crate::io::runtime::Runtime;
use crate::renewal::process_log::ProcessLog;
use crate::report::{self, Report, printable};
use crate::settings::network::{self, StsLocation};
use crate::settings::{Inputs, OutputFormat, SettingsError, invalid, named_region, output_format, table};

/// Prints the identity, and what `credential-process` has logged: AWS tools hide what it prints.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let of_settings = |error: SettingsError| Failure::from(&error);
    let inputs = inputs.checked().map_err(of_settings)?;
    let asked = Asked {
        profile: profile(inputs).map_err(of_settings)?,
        format: output_format(inputs).map_err(of_settings)?,
        region: named_region(inputs).map_err(of_settings)?.map(|(_, region)| region),
    };
    let log = ProcessLog::of_this_job(inputs.environment);
    let lines = || log.iter().flat_map(ProcessLog::latest).map(|line| format!("`credential-process` {line}"));
    let before: Vec<String> = lines().collect();
    let result = identify(asked, inputs, report);
    // A failure has the reason of its own call.
    report.notes(if result.is_ok() { lines().collect() } else { before });
    result
}

/// What the user asks for.
struct Asked {
    profile: Option<ProfileName>,
    format: OutputFormat,
    region: Option<Region>,
}

/// Finds the credentials, calls GetCallerIdentity with them, and prints the result.
fn identify(asked: Asked, inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let Asked { profile, format, region } = asked;
    let environment = inputs.environment;
    let of_settings = |error: SettingsError| Failure::from(&error);
    let files = SharedProfiles::read(environment);
    let mut located = credentials::locate(profile, environment, &files)
        .map_err(|error| Failure::of_missing_credentials(&error, environment, &files))?;
    let region = match region {
        Some(region) => region,
        None => region_of(&mut located).map_err(of_settings)?,
    };
    let mut notes = std::mem::take(&mut located.notes);
    let network = network::network(inputs, StsLocation::Region(&region), &mut notes).map_err(of_settings)?;
    let trust = tls::trust(network.ca_bundle.as_ref(), &mut notes).map_err(|error| Failure::from(&error))?;
    let config = trust.config().map_err(|error| Failure::from(&error))?;
    report.notes(&notes);
    let no_client = |error: std::io::Error| Failure::of_set_up(&TransportError::not_set_up(error));
    let runtime = Runtime::new().map_err(no_client)?;
    let https = Https::new(network.proxy.as_ref(), network.connect_timeout, &config)
        .map_err(|error| Failure::of_set_up(&error))?;
    let client = StsClient { network: &network, https: &https, deadline: Deadline::after(network.deadline) };
    let on_progress = |progress: &Progress<'_>| report.progress(progress);
    let found = runtime
        .block_on(located.resolve(environment, client.deadline, &on_progress))
        .map_err(|error| Failure::of_credentials(&error))?;
    let identity = runtime
        .block_on(identity::of_credentials(client, &found.credentials, &on_progress))
        .map_err(|(error, attempts)| Failure::of_identity(&error, attempts, &found, &network))?;
    let identity = Identity::of(&identity, &found.source);
    report::print_data(&format.render(|| identity.text(), &identity))
        .map_err(|error| Failure::of_stdout(&error))
}

/// The profile to look up, which may have a name that this program does not write.
fn profile(inputs: Inputs<'_>) -> Result<Option<ProfileName>, SettingsError> {
    let Some(value) = inputs.value(&table::PROFILE)? else { return Ok(None) };
    ProfileName::to_read(value.text.trim()).map(Some).map_err(|flaw| invalid(value.name, flaw))
}

/// The profile's Region, else AWS's default; it only decides which host is called.
fn region_of(located: &mut LocatedCredentials) -> Result<Region, SettingsError> {
    if let Some(text) = &located.region {
        return text.parse().map_err(|flaw| invalid("region", flaw));
    }
    let region = Region::implicit(Partition::commercial());
    located.notes.push(format!("no Region is set: STS is called in {region}"));
    Ok(region)
}

/// The result. The names and the order of its fields are stable, in both formats.
#[derive(Serialize)]
struct Identity {
    account: String,
    arn: String,
    user_id: String,
    source: String,
}

impl Identity {
    fn of(identity: &CallerIdentity, source: &str) -> Self {
        let CallerIdentity { account, arn, user_id } = identity;
        Self {
            account: account.to_string(),
            arn: printable(arn),
            user_id: printable(user_id),
            source: printable(source),
        }
    }

    /// One `name: value` a line.
    fn text(&self) -> String {
        let Self { account, arn, user_id, source } = self;
        format!("account: {account}\narn: {arn}\nuser-id: {user_id}\nsource: {source}\n")
    }
}
