//! `--verify`: looks for credentials as the step after this one would, and asks AWS whose they are. What was written
//! is there already, so that a profile is read from the files as they are.

use std::time::Duration;

use export::{ProfileName, STALE, Session, endpoint_env};

use crate::credentials::identity;
use crate::credentials::{self, CredentialsError, Found, SharedProfiles};
use crate::exchange::progress::{Progress, Tell};
use crate::exchange::sts_client::{CallError, Line};
use crate::io::clock::Deadline;
use crate::io::environment::{Environment, vars};
use crate::renewal::descriptor_file::AnnouncementFile;
use crate::report::{Report, printable};
use crate::settings::AssumeSettings;
use crate::sinks::destination::Destination;

/// Why the next step would not be who it should be, or why nobody knows.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    /// It would find nothing that can be asked with.
    #[error("the next step would find no credentials that can be asked about")]
    Nothing(#[source] CredentialsError),
    /// It would be somebody else.
    #[error("the next step would be `{arn}`, from {from}, and not `{wanted}`")]
    Another {
        /// Who.
        arn: String,
        /// Where its credentials are.
        from: String,
        /// Who it should be.
        wanted: String,
    },
    /// It would have other credentials, which AWS says nothing about.
    #[error("the next step would use other credentials, from {from}, and not those of `{wanted}`")]
    Other {
        /// Where they are.
        from: String,
        /// Who it should be.
        wanted: String,
        /// What AWS says instead.
        #[source]
        source: Box<CallError>,
    },
    /// It was not asked.
    #[error("AWS was not asked, as the deadline of {} s had passed", .0.as_secs())]
    TooLate(Duration),
    /// AWS did not say whose these new ones are.
    #[error("{}", found.source)]
    Unsaid {
        /// What it was asked about.
        found: Box<Found>,
        /// What it says instead.
        #[source]
        source: Box<CallError>,
        /// How often it was asked.
        attempts: u32,
    },
}

/// Asks for each place that the next step could look at, and says where it would find the role's session.
pub(crate) fn run(
    session: &Session,
    settings: &AssumeSettings,
    environment: &Environment,
    line: Line<'_>,
    report: &Report,
) -> Result<Vec<String>, VerifyError> {
    let tell = |progress: &Progress<'_>| progress.print(report);
    let mut asked: Vec<(String, String)> = Vec::new();
    // No destination leads AWS's tools to other files.
    let files = SharedProfiles::read(environment);
    for environment in environments(session, settings, environment) {
        let (found, notes) = line.https.block_on(find(&environment, &files, line.deadline, &tell))?;
        let place = (found.source.clone(), found.keys.access_key_id.clone());
        if asked.contains(&place) {
            continue;
        }
        for note in &notes {
            report.note(&printable(note));
        }
        line.https.block_on(check(session, found, line, &tell))?;
        asked.push(place);
    }
    Ok(asked.into_iter().map(|(from, _)| from).collect())
}

/// What a step finds that names this profile with `AWS_PROFILE` and is given no other variables, with its notes.
pub(crate) async fn find_as_profile(
    name: &ProfileName,
    environment: &Environment,
    files: &SharedProfiles,
    deadline: Deadline,
    tell: Tell<'_>,
) -> Result<(Found, Vec<String>), VerifyError> {
    find(&as_profile(name, environment), files, deadline, tell).await
}

async fn find(
    environment: &Environment,
    files: &SharedProfiles,
    deadline: Deadline,
    tell: Tell<'_>,
) -> Result<(Found, Vec<String>), VerifyError> {
    let mut located = credentials::locate(None, environment, files).map_err(VerifyError::Nothing)?;
    let notes = std::mem::take(&mut located.notes);
    let found = located.follow(environment, deadline, tell).await.map_err(VerifyError::Nothing)?;
    Ok((found, notes))
}

/// Asks AWS whose these are: they have to be the session's.
pub(crate) async fn check(
    session: &Session,
    found: Found,
    line: Line<'_>,
    tell: Tell<'_>,
) -> Result<(), VerifyError> {
    if line.deadline.left().is_zero() {
        return Err(VerifyError::TooLate(line.network.deadline));
    }
    let from = found.source.clone();
    let wanted = session.role_session_arn().to_owned();
    match identity::ask(line, &found.keys, tell).await {
        Ok(identity) if identity.arn == wanted => Ok(()),
        Ok(identity) => Err(VerifyError::Another { arn: identity.arn, from, wanted }),
        Err((error, attempts)) => {
            let source = Box::new(error);
            Err(if found.keys.access_key_id == session.credentials().access_key_id {
                VerifyError::Unsaid { found: Box::new(found), source, attempts }
            } else {
                VerifyError::Other { from, wanted, source }
            })
        }
    }
}

/// The environments of whoever reads the destinations: the next step's, with `AWS_PROFILE` for each profile, and
/// that of a program which is given the variables in another way.
fn environments(session: &Session, settings: &AssumeSettings, environment: &Environment) -> Vec<Environment> {
    let variables = || session.variables().map(|variable| (variable.name, variable.value));
    let of_step =
        |destination: &Destination| matches!(destination, Destination::BashEnv | Destination::Github);
    let with_variables = environment.after(variables(), &STALE);
    let destinations = &settings.destinations;
    let next_step = if destinations.iter().any(of_step) { &with_variables } else { environment };
    destinations
        .iter()
        .map(|destination| match destination {
            Destination::Profile(name) | Destination::CredentialProcess(name) => as_profile(name, next_step),
            Destination::Endpoint => at_endpoint(&settings.standing.key, session, environment),
            _ => with_variables.after([], &[]),
        })
        .collect()
}

/// What the next step finds that is led to the endpoint. Where that has gone, it is not led anywhere.
fn at_endpoint(key: &str, session: &Session, environment: &Environment) -> Environment {
    let announced = AnnouncementFile::of(key, environment).ok().and_then(|file| file.read().ok().flatten());
    let Some(endpoint) = announced else { return environment.after([], &endpoint_env::UNSET) };
    let uri = endpoint.uri();
    let variables = endpoint_env::variables(&endpoint, &uri, session.region());
    environment.after(variables.map(|variable| (variable.name, variable.value)), &endpoint_env::UNSET)
}

fn as_profile(name: &ProfileName, environment: &Environment) -> Environment {
    environment.after([(vars::AWS_PROFILE, name.to_string().as_str())], &[vars::AWS_DEFAULT_PROFILE])
}
