//! `--use-existing` in `assume`: the session that an earlier step has written is kept, or the reason is told why not.

use std::time::Duration;

use export::Session;

use crate::commands::assume::Output;
use crate::exchange::acquisition::Acquisition;
use crate::exchange::progress::OnProgress;
use crate::exchange::record::GrantedFacts;
use crate::exchange::sts_client::StsClient;
use crate::existing::{self, NotKept};
use crate::failure::Failure;
use crate::io::clock::{self, Deadline};
use crate::io::environment::Environment;
use crate::renewal::held_session::{HeldSession, HeldSessionFile};
use crate::renewal::request_flags::RequestKey;
use crate::report::Report;
use crate::settings::AssumeSettings;
use crate::sinks::destination::Destination;

/// The longest wait for what STS says of a session that an earlier step has left.
const LONGEST_LOOK: Duration = Duration::from_secs(10);

/// The session of an earlier step, or why that is not kept. A guard that needs the job's token comes first.
pub(super) fn find(
    least: Duration,
    settings: &AssumeSettings,
    acquisition: &Acquisition<'_>,
    key: &RequestKey,
    deadline: Deadline,
    output: Output<'_>,
    on_progress: OnProgress<'_>,
) -> Result<Result<HeldSession, NotKept>, Failure> {
    let environment = output.environment;
    let request = &settings.session.request;
    let of_profile = |it: &Destination| matches!(it, Destination::Profile(_));
    if settings.verify && settings.destinations.iter().any(of_profile) {
        return Ok(Err(NotKept::ToBeVerified));
    }
    let failed = |error| Failure::of_acquisition(&error, &settings.session, environment);
    if acquisition.has_job_guard() {
        acquisition.open(deadline, on_progress).map_err(failed)?;
    }
    let (runtime, https) = acquisition.set_up().map_err(failed)?;
    // Time for a new session is left where STS does not answer.
    let deadline = deadline.min(Deadline::after(LONGEST_LOOK.min(request.network.deadline / 2)));
    let client = StsClient { network: &request.network, https: &https, deadline };
    let held = HeldSessionFile::of(key, environment).ok().and_then(|file| file.read());
    let account = request.last_role().account();
    let destinations = &settings.destinations;
    Ok(runtime.block_on(existing::find(held, least, account, destinations, environment, client, on_progress)))
}

/// Prints the session that is kept, and its receipt.
pub(super) fn report(
    held: &HeldSession,
    settings: &AssumeSettings,
    output: Output<'_>,
) -> Result<(), Failure> {
    let Output { report, receipt, .. } = output;
    let account = settings.session.request.last_role().account();
    receipt.kept(GrantedFacts {
        arn: held.arn.clone(),
        account: account.to_string(),
        access_key_id: held.access_key_id.clone(),
        expires_at: held.until,
        at: clock::now(),
    });
    if settings.verify {
        receipt.verified(&[format!("every destination has the session `{}`", held.arn)]);
    }
    receipt.write_alone()?;
    let destinations: Vec<String> = settings.destinations.iter().map(ToString::to_string).collect();
    report.event(&format!(
        "kept {} until {} (access key id {}, written by an earlier step and confirmed by STS): {}",
        held.arn,
        held.until,
        held.access_key_id,
        destinations.join(", ")
    ));
    Ok(())
}

/// For the next step with the same settings.
pub(super) fn record(session: &Session, key: &RequestKey, environment: &Environment, report: &Report) {
    let written = match HeldSessionFile::of(key, environment) {
        Ok(file) => file.write(&HeldSession::of(session)).map_err(|error| error.to_string()),
        Err(error) => Err(error.in_one_line()),
    };
    if let Err(reason) = written {
        report.note(&format!("the next step will not find this session (`--use-existing`): {reason}"));
    }
}
