//! `--verify`: looks for credentials as the next step would, and calls STS for their identity. Runs after the destinations
//! are written, so that a profile is read from the written files.

mod next_step;
mod verify_error;

use export::{ProfileName, Session};

use crate::credentials::absence::{self, Step};
use crate::credentials::{self, FoundCredentials, SharedProfiles, identity, other_account};
use crate::exchange::progress::OnProgress;
use crate::exchange::sts_client::StsClient;
use crate::io::clock::Deadline;
use crate::io::environment::{Environment, vars};
use crate::renewal::request_flags::RequestKey;
use crate::sinks::destination::Destination;
pub(crate) use next_step::NextStep;
use next_step::Reader;
pub(crate) use verify_error::VerifyError;

/// A session that has been written to its destinations.
#[derive(Clone, Copy)]
pub(crate) struct WrittenSession<'a> {
    /// The session.
    pub(crate) session: &'a Session,
    /// All destinations.
    pub(crate) destinations: &'a [Destination],
    /// The key of the request, which identifies the endpoint of `serve`.
    pub(crate) request_key: &'a RequestKey,
    /// The environment of this step.
    pub(crate) environment: &'a Environment,
}

/// Checks the environment of each reader, and returns which one has the role's session from where. The notes are valid
/// for errors too.
pub(crate) async fn run(
    written: WrittenSession<'_>,
    client: StsClient<'_>,
    on_progress: OnProgress<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, VerifyError> {
    require_time(client)?;
    let mut checked: Vec<(String, String)> = Vec::new();
    let mut verified = Vec::new();
    for Reader { name, environment } in
        next_step::readers(written, client.deadline, on_progress, notes).await?
    {
        // The file of BASH_ENV can point AWS tools to other files.
        let files = SharedProfiles::read(&environment);
        let (found, found_notes) = find(&environment, &files, client.deadline, on_progress).await?;
        let source_and_key = (found.source.clone(), found.credentials.access_key_id.clone());
        if checked.contains(&source_and_key) {
            continue;
        }
        notes.extend(found_notes);
        notes.extend(other_account::note(&environment, written.session.account()));
        check(written.session, found, client, on_progress).await?;
        verified.push(format!("{name} has this role's session, from {}", source_and_key.0));
        checked.push(source_and_key);
    }
    Ok(verified)
}

/// The credentials that a step with this `AWS_PROFILE` finds, and the notes about them.
pub(crate) async fn find_as_profile(
    name: &ProfileName,
    environment: &Environment,
    files: &SharedProfiles,
    deadline: Deadline,
    on_progress: OnProgress<'_>,
) -> Result<(FoundCredentials, Vec<String>), VerifyError> {
    find(&environment_with_profile(name, environment), files, deadline, on_progress).await
}

async fn find(
    environment: &Environment,
    files: &SharedProfiles,
    deadline: Deadline,
    on_progress: OnProgress<'_>,
) -> Result<(FoundCredentials, Vec<String>), VerifyError> {
    let mut located = credentials::locate(None, environment, files).map_err(|error| {
        let reasons = absence::reasons(&error, environment, files, Step::Next);
        VerifyError::NoCredentials(error, reasons)
    })?;
    let notes = std::mem::take(&mut located.notes);
    let resolved = located.resolve(environment, deadline, on_progress).await;
    let found = resolved.map_err(|error| VerifyError::NoCredentials(error, Vec::new()))?;
    Ok((found, notes))
}

/// Calls STS and checks that the credentials have the session's identity.
pub(crate) async fn check(
    session: &Session,
    found: FoundCredentials,
    client: StsClient<'_>,
    on_progress: OnProgress<'_>,
) -> Result<(), VerifyError> {
    require_time(client)?;
    let from = found.source.clone();
    let expected = session.role_session_arn().to_owned();
    match identity::of_credentials(client, &found.credentials, on_progress).await {
        Ok(identity) if identity.arn == expected => Ok(()),
        Ok(identity) => Err(VerifyError::OtherIdentity { arn: identity.arn, from, expected }),
        Err((error, attempts)) => {
            let source = Box::new(error);
            Err(if found.credentials.access_key_id == session.credentials().access_key_id {
                VerifyError::UnknownIdentity { found: Box::new(found), source, attempts }
            } else {
                VerifyError::OtherCredentials { from, expected, source }
            })
        }
    }
}

/// Without time left, what takes time is not started.
pub(crate) fn require_time(client: StsClient<'_>) -> Result<(), VerifyError> {
    if client.deadline.left().is_zero() {
        return Err(VerifyError::DeadlinePassed(client.network.deadline));
    }
    Ok(())
}

fn environment_with_profile(name: &ProfileName, environment: &Environment) -> Environment {
    environment.after([(vars::AWS_PROFILE, name.to_string().as_str())], &[vars::AWS_DEFAULT_PROFILE])
}
