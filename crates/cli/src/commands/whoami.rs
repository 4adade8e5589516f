//! `whoami`: whose credentials the next step would use. The answer is AWS's, and four lines that scripts can read.

use aws::{Partition, Region, Secret};
use export::ProfileName;
use sts::CallerIdentity;

use crate::args::WhoamiArgs;
use crate::credentials::identity;
use crate::credentials::{self, Located, SharedProfiles};
use crate::exchange::network::{Network, Place};
use crate::exchange::progress::Progress;
use crate::exchange::sts_client::Line;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::io::http::https::Https;
use crate::io::http::tls;
use crate::report::{Report, printable};
use crate::settings::table;
use crate::settings::{Lookup, SettingsError, invalid, named_region};

/// Finds the credentials, asks STS whose they are, and prints that.
pub(crate) fn run(args: &WhoamiArgs, environment: &Environment, report: &mut Report) -> Result<(), Failure> {
    let of_settings = |error: SettingsError| Failure::from(&error);
    let look = Lookup::in_known(environment, &args.output).map_err(of_settings)?;
    let asked: Option<ProfileName> =
        look.parsed(args.profile.as_deref(), table::PROFILE).map_err(of_settings)?;
    let named = named_region(args.region.as_deref(), look).map_err(of_settings)?;
    let files = SharedProfiles::read(environment);
    let mut located =
        credentials::locate(asked, environment, &files).map_err(|error| Failure::of_credentials(&error))?;
    let region = match named {
        Some((_, region)) => region,
        None => region_of(&mut located).map_err(of_settings)?,
    };
    let mut notes = std::mem::take(&mut located.notes);
    let network =
        Network::read(&args.network, look, Place::Region(&region), &mut notes).map_err(of_settings)?;
    let roots =
        tls::client_config(network.ca_bundle.as_ref(), &mut notes).map_err(|error| Failure::from(&error))?;
    for note in &notes {
        report.note(&printable(note));
    }
    let https = Https::new(&network, roots).map_err(|error| Failure::of_set_up(&error))?;
    let line = Line { network: &network, https: &https, deadline: Deadline::after(network.deadline) };
    let tell = |progress: &Progress<'_>| progress.print(report);
    let found = https
        .block_on(located.follow(environment, line.deadline, &tell))
        .map_err(|error| Failure::of_credentials(&error))?;
    let identity = https
        .block_on(identity::ask(line, &found.keys, &tell))
        .map_err(|(error, attempts)| Failure::of_identity(&error, attempts, &found, &network))?;
    report.data(&Secret::new(text(&identity, &found.source))).map_err(|error| Failure::of_stdout(&error))
}

/// The profile's Region, else the one that AWS takes; it decides no more than which host is asked.
fn region_of(located: &mut Located) -> Result<Region, SettingsError> {
    if let Some(text) = &located.region {
        return text.parse().map_err(|flaw| invalid("region", flaw));
    }
    let region = Region::implicit(Partition::commercial());
    located.notes.push(format!("no Region is set: STS is asked in {region}"));
    Ok(region)
}

/// Stable: one `name: value` a line, in this order.
fn text(identity: &CallerIdentity, source: &str) -> String {
    let CallerIdentity { account, arn, user_id } = identity;
    format!("account: {account}\narn: {arn}\nuser-id: {user_id}\nsource: {}\n", printable(source))
}
