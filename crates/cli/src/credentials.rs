//! Which credentials the next step would use, in the order of AWS's tools (facts/aws.md 6.2), and which stand
//! behind them. Two steps: where they are, which touches nothing but files, and what is there. A process and an
//! endpoint on this machine are followed; all else that leads to credentials is named, never passed over.

mod container;
mod credentials_error;
pub(crate) mod identity;
mod process;
mod profile;
mod shared_profiles;
mod variables;

use aws::Secret;
use export::{ProfileName, StaticCredentials};

use crate::exchange::progress::OnProgress;
use crate::io::clock::Deadline;
use crate::io::environment::{Environment, vars};
use container::ContainerEndpoint;
pub(crate) use container::{EndpointError, InvalidEndpoint};
pub(crate) use credentials_error::CredentialsError;
use process::Process;
pub(crate) use process::ProcessError;
use profile::{ByName, Profile};
pub(crate) use shared_profiles::SharedProfiles;

/// Where they are.
pub(crate) struct Located {
    origin: Origin,
    /// In words, without a value.
    pub(crate) source: String,
    /// The profile's Region, unchecked: AWS's tools take it with the variables' keys too.
    pub(crate) region: Option<String>,
    with_older_variable: bool,
    /// What stands behind them, or would be read in another way by some tools.
    pub(crate) notes: Vec<String>,
}

/// Keys, or what gives them.
enum Origin {
    Keys(StaticCredentials),
    Process(Process),
    Endpoint(ContainerEndpoint),
}

/// Keys, and where they were.
#[derive(Debug)]
pub(crate) struct FoundCredentials {
    /// What signs.
    pub(crate) keys: StaticCredentials,
    /// In words, without a value.
    pub(crate) source: String,
    /// Whether the session token is that of `AWS_SECURITY_TOKEN`.
    pub(crate) with_older_variable: bool,
}

impl Located {
    /// Takes the keys, or asks for them with this environment, until the deadline.
    pub(crate) async fn follow(
        self,
        environment: &Environment,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<FoundCredentials, CredentialsError> {
        let Self { origin, source, with_older_variable, .. } = self;
        let keys = match origin {
            Origin::Keys(keys) => keys,
            Origin::Process(process) => process.keys(environment, deadline, on_progress).await?,
            Origin::Endpoint(endpoint) => endpoint.keys(deadline, on_progress).await?,
        };
        require_graphic(&keys, &source)?;
        Ok(FoundCredentials { keys, source, with_older_variable })
    }
}

/// Locates them: in the variables, unless a profile is `asked` for, else in the profile, else at the endpoint.
pub(crate) fn locate(
    asked: Option<ProfileName>,
    environment: &Environment,
    files: &SharedProfiles,
) -> Result<Located, CredentialsError> {
    let mut notes = Vec::new();
    let located = match asked {
        Some(name) => {
            if environment.set(vars::AWS_ACCESS_KEY_ID).is_some() {
                notes.push(format!(
                    "AWS_ACCESS_KEY_ID is passed over, as profile `{name}` is asked for; AWS tools take it first \
                     unless they are given `--profile`"
                ));
            }
            of_profile(ByName::Asked(name), environment, files, notes)?
        }
        None => match variables::read(environment, &mut notes)? {
            Some(keys) => of_variables(keys, environment, files, notes),
            None => of_profile(ByName::of_environment(environment, &mut notes)?, environment, files, notes)?,
        },
    };
    if let Origin::Keys(keys) = &located.origin {
        require_graphic(keys, &located.source)?;
    }
    Ok(located)
}

fn of_variables(
    keys: StaticCredentials,
    environment: &Environment,
    files: &SharedProfiles,
    mut notes: Vec<String>,
) -> Located {
    let mut region = None;
    match ByName::of_environment(environment, &mut notes).and_then(|name| Profile::of(name, files)) {
        Ok(profile) => {
            notes.extend(profile.shadowed_by_variables(&keys));
            region = profile.region();
        }
        // The keys are good without the files; the tools that stop at them are told apart by this line.
        Err(error) => notes.push(error.in_one_line()),
    }
    let behind = [vars::AWS_WEB_IDENTITY_TOKEN_FILE].into_iter().chain(vars::CONTAINER_CREDENTIALS);
    for name in behind.filter(|name| environment.set(name).is_some()) {
        notes.push(format!("AWS_ACCESS_KEY_ID wins over {name}"));
    }
    let with_older_variable = environment.set(vars::AWS_SECURITY_TOKEN).is_some();
    let source = "environment (AWS_ACCESS_KEY_ID)".to_owned();
    Located { origin: Origin::Keys(keys), source, region, with_older_variable, notes }
}

fn of_profile(
    name: ByName,
    environment: &Environment,
    files: &SharedProfiles,
    mut notes: Vec<String>,
) -> Result<Located, CredentialsError> {
    // Some tools take it before a profile's keys, some after.
    if !matches!(name, ByName::Asked(_)) && environment.set(vars::AWS_WEB_IDENTITY_TOKEN_FILE).is_some() {
        return Err(CredentialsError::NotFollowedVariable(vars::AWS_WEB_IDENTITY_TOKEN_FILE));
    }
    let profile = Profile::of(name, files)?;
    let region = profile.region();
    let container = vars::CONTAINER_CREDENTIALS.into_iter().find(|name| environment.set(name).is_some());
    let located =
        |origin, source, notes| Located { origin, source, region, with_older_variable: false, notes };
    if let Some((origin, source)) = profile.origin(&mut notes)? {
        notes.extend(container.map(|name| format!("the profile wins over {name}")));
        return Ok(located(origin, source, notes));
    }
    if !profile.is_named_and_missing()
        && let Some(endpoint) = ContainerEndpoint::of_environment(environment)?
    {
        let source = format!("container endpoint ({})", vars::AWS_CONTAINER_CREDENTIALS_FULL_URI);
        return Ok(located(Origin::Endpoint(endpoint), source, notes));
    }
    Err(profile.without_keys())
}

/// A header can hold no other character, and no key of AWS's does.
fn require_graphic(keys: &StaticCredentials, source: &str) -> Result<(), CredentialsError> {
    let StaticCredentials { access_key_id, secret_access_key, session_token } = keys;
    let values = [
        ("access key id", Some(access_key_id.as_str())),
        ("secret access key", Some(secret_access_key.expose())),
        ("session token", session_token.as_ref().map(Secret::expose)),
    ];
    let is_odd = |text: &str| text.bytes().any(|byte| !byte.is_ascii_graphic());
    match values.into_iter().find(|(_, value)| value.is_some_and(is_odd)) {
        None => Ok(()),
        Some((what, _)) => Err(CredentialsError::NotAKey { what, source_words: source.to_owned() }),
    }
}
