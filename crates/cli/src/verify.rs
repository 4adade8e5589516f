//! `--verify`: looks for credentials as the next step would, and calls STS for their identity. Runs after the destinations
//! are written, so that a profile is read from the written files.

mod verify_error;

use export::{ProfileName, STALE_VARIABLES, Session, endpoint_env};

use crate::credentials::absence::{self, Step};
use crate::credentials::{self, FoundCredentials, SharedProfiles, identity};
use crate::exchange::progress::OnProgress;
use crate::exchange::sts_client::StsClient;
use crate::io::clock::Deadline;
use crate::io::environment::{Environment, vars};
use crate::renewal::descriptor_file::DescriptorFile;
use crate::sinks::destination::Destination;
pub(crate) use verify_error::VerifyError;

/// A session that has been written to its destinations.
#[derive(Clone, Copy)]
pub(crate) struct WrittenSession<'a> {
    /// The session.
    pub(crate) session: &'a Session,
    /// All destinations.
    pub(crate) destinations: &'a [Destination],
    /// The key of the request, which identifies the endpoint of `serve`.
    pub(crate) request_key: &'a str,
    /// The environment of this step.
    pub(crate) environment: &'a Environment,
}

/// Checks each environment that the next step could have, and returns where it finds the role's session. The notes are
/// valid for errors too.
pub(crate) async fn run(
    written: WrittenSession<'_>,
    client: StsClient<'_>,
    on_progress: OnProgress<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, VerifyError> {
    let mut checked: Vec<(String, String)> = Vec::new();
    // No destination points AWS tools to other files.
    let files = SharedProfiles::read(written.environment);
    for environment in environments(written) {
        let (found, found_notes) = find(&environment, &files, client.deadline, on_progress).await?;
        let source_and_key = (found.source.clone(), found.credentials.access_key_id.clone());
        if checked.contains(&source_and_key) {
            continue;
        }
        notes.extend(found_notes);
        check(written.session, found, client, on_progress).await?;
        checked.push(source_and_key);
    }
    Ok(checked.into_iter().map(|(source, _)| source).collect())
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
    if client.deadline.left().is_zero() {
        return Err(VerifyError::DeadlinePassed(client.network.deadline));
    }
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

/// The environment of each destination's reader: the next step's, with `AWS_PROFILE` for a profile; for other
/// destinations, that of a program which gets the variables in another way.
fn environments(written: WrittenSession<'_>) -> Vec<Environment> {
    let WrittenSession { session, destinations, request_key, environment } = written;
    let variables = || session.variables().map(|variable| (variable.name, variable.value));
    let of_step =
        |destination: &Destination| matches!(destination, Destination::BashEnv | Destination::Github);
    let with_variables = environment.after(variables(), &STALE_VARIABLES);
    let next_step = if destinations.iter().any(of_step) { &with_variables } else { environment };
    destinations
        .iter()
        .map(|destination| match destination {
            Destination::Profile(name) | Destination::CredentialProcess(name) => {
                environment_with_profile(name, next_step)
            }
            Destination::Endpoint => environment_at_endpoint(request_key, session, environment),
            _ => with_variables.after([], &[]),
        })
        .collect()
}

/// The environment of a next step that uses the endpoint. Without a descriptor it has none of the endpoint's variables.
fn environment_at_endpoint(request_key: &str, session: &Session, environment: &Environment) -> Environment {
    let file = DescriptorFile::of(request_key, environment).ok();
    let Some(endpoint) = file.and_then(|file| file.read().ok().flatten()) else {
        return environment.after([], &endpoint_env::UNSET);
    };
    let uri = endpoint.uri();
    let variables = endpoint_env::variables(&endpoint, &uri, session.region());
    environment.after(variables.map(|variable| (variable.name, variable.value)), &endpoint_env::UNSET)
}

fn environment_with_profile(name: &ProfileName, environment: &Environment) -> Environment {
    environment.after([(vars::AWS_PROFILE, name.to_string().as_str())], &[vars::AWS_DEFAULT_PROFILE])
}
