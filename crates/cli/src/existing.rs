//! `--use-existing`: whether the destinations hold a session of an earlier step that is valid for long enough. Whatever
//! does not fit is a reason for a new one, never an error.

use std::path::Path;
use std::time::Duration;

use aws::{AccountId, Timestamp};
use export::{StaticCredentials, dotenv};

use crate::credentials::{self, SharedProfiles, identity};
use crate::exchange::progress::OnProgress;
use crate::exchange::sts_client::{CallError, StsClient};
use crate::io::clock;
use crate::io::environment::Environment;
use crate::io::files::text_file;
use crate::renewal::held_session::HeldSession;
use crate::sinks::destination::Destination;
use crate::verify::{NextStep, VerifyError};

/// An env file may be large, but not without end.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// Why a new session is requested.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotKept {
    /// The first step, or one with other settings.
    #[error("no earlier step of this job has left one for these settings")]
    Unknown,
    /// Too little is left.
    #[error("that of an earlier step ends at {until}, in {}: less than {}", minutes(*.left), minutes(.least.as_secs().cast_signed()))]
    Ends {
        /// When.
        until: Timestamp,
        /// In so many seconds.
        left: i64,
        /// What was asked for, in seconds.
        least: Duration,
    },
    /// Cleared, or replaced.
    #[error("`{0}` does not hold that of an earlier step")]
    NotHeld(Destination),
    /// It cannot be known what the next step has.
    #[error("it is unknown what the next step has: {0}")]
    NextStep(VerifyError),
    /// Variables of the next step may win over a profile, which is looked at after writing.
    #[error("`--verify` looks at what is written for a profile")]
    ToBeVerified,
    /// A block that this step has read is gone, or no bash reads the file.
    #[error("it is unknown what the next step has")]
    UnknownStep,
    /// STS refuses the credentials, or was not reached.
    #[error("STS does not confirm that of an earlier step: {0}")]
    NotConfirmed(CallError),
    /// Other credentials under the same key ID.
    #[error("`{0}` holds credentials of `{1}`")]
    OtherIdentity(Destination, String),
}

/// Looks for the session in every destination, and asks STS for its identity.
pub(crate) async fn find(
    held: Option<HeldSession>,
    least: Duration,
    account: &AccountId,
    destinations: &[Destination],
    environment: &Environment,
    client: StsClient<'_>,
    on_progress: OnProgress<'_>,
) -> Result<HeldSession, NotKept> {
    let held = held.ok_or(NotKept::Unknown)?;
    let left = held.until.seconds_since(clock::now());
    if left < least.as_secs().cast_signed() {
        return Err(NotKept::Ends { until: held.until, left, least });
    }
    let mut next_step = None;
    let mut confirmed: Vec<StaticCredentials> = Vec::new();
    for destination in destinations {
        let found = if let Destination::Dotenv(path) = destination {
            of_file(path)
        } else {
            if next_step.is_none() {
                let next = NextStep::after(environment, client.deadline, on_progress).await;
                next_step = Some(next.map_err(NotKept::NextStep)?);
            }
            let needs_bash = *destination == Destination::BashEnv;
            let next = next_step.as_ref().filter(|next| next.is_known(needs_bash));
            of_next_step(destination, &next.ok_or(NotKept::UnknownStep)?.environment)
        };
        let is_held = |found: &StaticCredentials| found.access_key_id == held.access_key_id;
        let found = found.filter(is_held).ok_or_else(|| NotKept::NotHeld(destination.clone()))?;
        if confirmed.contains(&found) {
            continue;
        }
        let identity = identity::of_credentials(client, &found, on_progress).await;
        let identity = identity.map_err(|(error, _)| NotKept::NotConfirmed(error))?;
        if identity.arn != held.arn || identity.account != *account {
            return Err(NotKept::OtherIdentity(destination.clone(), identity.arn));
        }
        confirmed.push(found);
    }
    Ok(held)
}

/// In an env file as this program writes it.
fn of_file(path: &Path) -> Option<StaticCredentials> {
    let text = zeroize::Zeroizing::new(text_file::read_within(LARGEST_FILE, path).ok()??);
    dotenv::credentials(&text)
}

/// In the variables that bash finds, or in a profile.
fn of_next_step(destination: &Destination, next: &Environment) -> Option<StaticCredentials> {
    let files = SharedProfiles::read(next);
    let requested = match destination {
        Destination::Profile(name) => Some(name.clone()),
        _ => None,
    };
    credentials::locate(requested, next, &files).ok()?.into_static()
}

fn minutes(seconds: i64) -> String {
    match seconds {
        ..=0 => "the past".to_owned(),
        1..=119 => format!("{seconds} s"),
        _ => format!("{} min", seconds / 60),
    }
}
