//! `scope`: narrower or shorter credentials of the session that `whoami` finds, for one command or for destinations. The
//! order: everything that can be refused here, then the identity of what was found, then the narrowing, then writing.

use aws::{Partition, Region};
use export::{ProfileName, Session};
use sts::{SigningKeys, TemporaryKeys};

use crate::commands::child_environment::ChildEnvironment;
use crate::commands::program::Program;
use crate::commands::{NO_REGION_OF_COMMAND, report_scope, roll_back, written};
use crate::credentials::{self, LocatedCredentials, SharedProfiles, identity, other_account};
use crate::exchange::acquisition_error::StaleSession;
use crate::exchange::network::Network;
use crate::exchange::progress::Progress;
use crate::exchange::retry::Attempts;
use crate::exchange::scoping::{self, ScopeError};
use crate::exchange::sts_client::StsClient;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::io::files::transaction::FileTransaction;
use crate::io::http::added_roots::AddedRoots;
use crate::io::http::https::Https;
use crate::io::http::tls;
use crate::io::http::transport_error::TransportError;
use crate::io::runtime::Runtime;
use crate::io::signals;
use crate::renewal::request_flags::RequestFlags;
use crate::report::Report;
use crate::settings::narrowing::{NarrowingSettings, Recipient};
use crate::settings::network::{self, StsLocation};
use crate::settings::{Inputs, NO_REGION, SettingsError, invalid, named_region, scope};
use crate::sinks::destination::Destination;
use crate::sinks::{self, OpenContext, Sink, WriteContext};

/// Who gets the credentials, checked before anything is sent.
enum Target<'a> {
    Command(Box<Program>, ChildEnvironment),
    Sinks(Vec<Sink>, &'a [Destination]),
}

/// Finds the credentials, narrows them, and passes them on.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let of_settings = |error: SettingsError| Failure::from(&error);
    let settings = NarrowingSettings::read(inputs).map_err(of_settings)?;
    let files = SharedProfiles::read(environment);
    let mut located = credentials::locate(None, environment, &files)
        .map_err(|error| Failure::of_missing_credentials(&error, environment, &files))?;
    let region = region(inputs, &located).map_err(of_settings)?;
    let mut notes = std::mem::take(&mut located.notes);
    let network = checked_network(inputs, region.as_ref(), &mut notes).map_err(of_settings)?;
    let trust = tls::trust(network.ca_bundle.as_ref(), &mut notes).map_err(|error| Failure::from(&error))?;
    let config = trust.config().map_err(|error| Failure::from(&error))?;
    let roots = trust.added_roots;
    settings.endpoint_guard.check(&network, &roots).map_err(|error| Failure::of_endpoint_guard(&error))?;
    let source = located.profile.take();
    let target = target(&settings.recipient, inputs, source.as_ref(), region.as_ref(), &roots)?;
    report.notes(&notes);
    let no_client = |error: std::io::Error| Failure::of_set_up(&TransportError::not_set_up(error));
    let runtime = Runtime::new().map_err(no_client)?;
    let https = Https::new(network.proxy.as_ref(), network.connect_timeout, &config)
        .map_err(|error| Failure::of_set_up(&error))?;
    let client = StsClient { network: &network, https: &https, deadline: Deadline::after(network.deadline) };
    let session = runtime.block_on(narrowed(located, &settings, region, client, environment, report))?;
    if session.region().is_none() {
        report.note(if matches!(target, Target::Command(..)) { NO_REGION_OF_COMMAND } else { NO_REGION });
    }
    report.notes(other_account::note(environment, session.account()));
    match target {
        Target::Command(mut program, changes) => {
            report.notes(changes.notes(environment));
            program.run_with(session, &changes)
        }
        Target::Sinks(sinks, destinations) => {
            let mut transaction = FileTransaction::default();
            let on_progress = |progress: &Progress<'_>| report.progress(progress);
            let mut notes = Vec::new();
            let context = WriteContext {
                transaction: &mut transaction,
                notes: &mut notes,
                on_progress: &on_progress,
                runtime: &runtime,
                deadline: client.deadline,
            };
            if let Err(failure) = write(sinks, &session, context) {
                return Err(roll_back(&mut transaction, failure, report));
            }
            transaction.commit();
            report.notes(notes);
            for destination in destinations {
                written::report(destination, environment, report);
            }
            Ok(())
        }
    }
}

/// Writes all destinations, or none: stdout last, because it cannot be undone.
fn write(sinks: Vec<Sink>, session: &Session, mut context: WriteContext<'_>) -> Result<(), Failure> {
    let failed = |error| Failure::of_sink(&error);
    let stdout = sinks::write_files(sinks, session, &mut context).map_err(failed)?;
    signals::check().map_err(Failure::of_interruption)?;
    stdout.write(session, &mut context).map_err(failed)
}

/// The Region that is set, else the profile's. There is no default: STS narrows in a Region that was named.
fn region(inputs: Inputs<'_>, located: &LocatedCredentials) -> Result<Option<Region>, SettingsError> {
    if let Some((_, region)) = named_region(inputs)? {
        return Ok(Some(region));
    }
    let of_profile = located.region.as_ref().map(|text| text.parse());
    of_profile.transpose().map_err(|flaw| invalid("region", flaw))
}

/// The network path to an endpoint that narrows credentials.
fn checked_network(
    inputs: Inputs<'_>,
    region: Option<&Region>,
    notes: &mut Vec<String>,
) -> Result<Network, SettingsError> {
    // Without a Region only an endpoint that names its own passes the check.
    let implicit = Region::implicit(Partition::commercial());
    let location = StsLocation::Region(region.unwrap_or(&implicit));
    let network = network::network(inputs, location, notes)?;
    scope::check_endpoint(&network.endpoint, network.endpoint_name, region)?;
    Ok(network)
}

/// The command, if there is such a program, or the open destinations.
fn target<'s>(
    recipient: &'s Recipient,
    inputs: Inputs<'_>,
    source: Option<&ProfileName>,
    region: Option<&Region>,
    roots: &AddedRoots,
) -> Result<Target<'s>, Failure> {
    let environment = inputs.environment;
    match recipient {
        Recipient::Command { token, passes_token } => {
            let program = Program::find(&inputs.flags.operands, environment)?;
            Ok(Target::Command(Box::new(program), ChildEnvironment::of(token, *passes_token, environment)))
        }
        Recipient::Destinations { destinations, overwrite } => {
            let replaces =
                |it: &&Destination| matches!(it, Destination::Profile(name) if Some(name) == source);
            if let Some(Destination::Profile(name)) = destinations.iter().find(replaces) {
                return Err(Failure::from(&SettingsError::ProfileIsSource(name.clone())));
            }
            // Only a line that renews has flags, and `--to` writes none.
            let flags = RequestFlags::default();
            let key = flags.key(roots);
            let context =
                OpenContext { region, flags: &flags, key: &key, overwrite: *overwrite, environment };
            let open = destinations.iter().map(|destination| Sink::open(destination, context));
            let sinks = open.collect::<Result<_, _>>().map_err(|error| Failure::of_sink(&error))?;
            Ok(Target::Sinks(sinks, destinations))
        }
    }
}

/// The narrowed session. Long-term keys and refused accounts end this before STS is asked for it.
async fn narrowed(
    located: LocatedCredentials,
    settings: &NarrowingSettings,
    region: Option<Region>,
    client: StsClient<'_>,
    environment: &Environment,
    report: &Report,
) -> Result<Session, Failure> {
    let NarrowingSettings { scope, account_guard, .. } = settings;
    let network = client.network;
    let on_progress = |progress: &Progress<'_>| report.progress(progress);
    let found = located
        .resolve(environment, client.deadline, &on_progress)
        .await
        .map_err(|error| Failure::of_credentials(&error))?;
    let keys = SigningKeys {
        access_key_id: &found.credentials.access_key_id,
        secret_access_key: &found.credentials.secret_access_key,
        session_token: found.credentials.session_token.as_ref(),
    };
    let failed =
        |error: ScopeError, attempts| Failure::of_found_scope(&error, attempts, scope, &found, network);
    TemporaryKeys::try_from(keys).map_err(|error| failed(ScopeError::NotTemporary(error), Attempts::NONE))?;
    let identity = identity::of_credentials(client, &found.credentials, &on_progress)
        .await
        .map_err(|(error, attempts)| Failure::of_identity(&error, attempts, &found, network))?;
    account_guard.check(&identity.account).map_err(|error| Failure::of_account(&error))?;
    let scoped =
        scoping::narrow(keys, Some(&identity.arn), scope, region.as_ref(), client, &on_progress).await;
    let scoped = scoped.map_err(|(error, attempts)| failed(error, attempts))?;
    StaleSession::check(&scoped.credentials).map_err(|error| Failure::of_stale(&error, network))?;
    let session = Session::new(scoped.credentials, identity.arn, identity.account, region)
        .map_err(|error| Failure::of_value(&error))?;
    let credentials = session.credentials();
    report.event(&format!(
        "credentials of {} until {} (access key id {}, narrowed from {})",
        session.role_session_arn(),
        credentials.expiration,
        credentials.access_key_id,
        found.source
    ));
    report_scope(Some(scope), report);
    Ok(session)
}
