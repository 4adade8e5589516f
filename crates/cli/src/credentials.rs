//! Which credentials the next step would use, in the order of AWS's tools (facts/aws.md 6.2), and which ones they
//! take precedence over. Two steps: locating them reads only files; resolving them may run a process or call an endpoint
//! on this machine. Any other source of credentials is reported, never ignored.

pub(crate) mod absence;
mod container;
mod credentials_error;
pub(crate) mod identity;
pub(crate) mod other_account;
mod process;
mod profile;
mod shared_profiles;
mod variables;

use aws::Secret;
use export::{ProfileName, StaticCredentials};

use crate::exchange::progress::OnProgress;
use crate::io::clock::Deadline;
use crate::io::environment::{Environment, vars};
use crate::io::secrets;
use container::ContainerEndpoint;
pub(crate) use container::{ContainerEndpointError, InvalidContainerEndpoint};
pub(crate) use credentials_error::CredentialsError;
use credentials_error::Missing;
use process::Process;
pub(crate) use process::ProcessError;
use profile::{Profile, ProfileChoice};
pub(crate) use shared_profiles::SharedProfiles;

/// Where the credentials come from.
pub(crate) struct LocatedCredentials {
    origin: Origin,
    /// A description for the user, without a value.
    pub(crate) source: String,
    /// The profile that has them, or names their process.
    pub(crate) profile: Option<ProfileName>,
    /// The profile's Region, unchecked: AWS's tools use it with the variables' credentials too.
    pub(crate) region: Option<String>,
    with_older_variable: bool,
    /// Credentials of lower precedence, and differences between AWS's tools.
    pub(crate) notes: Vec<String>,
}

/// Credentials, or what returns them.
enum Origin {
    Static(StaticCredentials),
    Process(Process),
    Endpoint(ContainerEndpoint),
}

/// Credentials, and where they came from.
#[derive(Debug)]
pub(crate) struct FoundCredentials {
    /// The credentials.
    pub(crate) credentials: StaticCredentials,
    /// A description for the user, without a value.
    pub(crate) source: String,
    /// Whether the session token comes from `AWS_SECURITY_TOKEN`.
    pub(crate) with_older_variable: bool,
}

impl LocatedCredentials {
    /// Keys that need no further step; `None` if a process or an endpoint returns them.
    pub(crate) fn into_static(self) -> Option<StaticCredentials> {
        match self.origin {
            Origin::Static(credentials) => Some(credentials),
            Origin::Process(_) | Origin::Endpoint(_) => None,
        }
    }

    /// Returns the credentials; runs the process or calls the endpoint if needed, until the deadline.
    pub(crate) async fn resolve(
        self,
        environment: &Environment,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<FoundCredentials, CredentialsError> {
        let Self { origin, source, with_older_variable, .. } = self;
        let credentials = match origin {
            Origin::Static(credentials) => credentials,
            Origin::Process(process) => process.credentials(environment, deadline, on_progress).await?,
            Origin::Endpoint(endpoint) => endpoint.credentials(deadline, on_progress).await?,
        };
        require_graphic(&credentials, &source)?;
        Ok(FoundCredentials { credentials, source, with_older_variable })
    }
}

/// Locates them: in the variables, unless a profile is requested; else in the profile, else at the endpoint.
pub(crate) fn locate(
    requested: Option<ProfileName>,
    environment: &Environment,
    files: &SharedProfiles,
) -> Result<LocatedCredentials, CredentialsError> {
    let mut notes: Vec<String> = files.ignored().map(|file| file.to_string()).collect();
    let located = match requested {
        Some(name) => {
            if environment.non_blank(vars::AWS_ACCESS_KEY_ID).is_some() {
                notes.push(format!(
                    "AWS_ACCESS_KEY_ID is ignored because profile `{name}` is requested; AWS tools use the variable \
                     first unless `aws --profile` names a profile"
                ));
            }
            of_profile(ProfileChoice::Requested(name), environment, files, notes)?
        }
        None => match variables::read(environment, &mut notes)? {
            Some(credentials) => of_variables(credentials, environment, files, notes),
            None => of_profile(
                ProfileChoice::of_environment(environment, &mut notes)?,
                environment,
                files,
                notes,
            )?,
        },
    };
    if let Origin::Static(credentials) = &located.origin {
        require_graphic(credentials, &located.source)?;
    }
    Ok(located)
}

fn of_variables(
    credentials: StaticCredentials,
    environment: &Environment,
    files: &SharedProfiles,
    mut notes: Vec<String>,
) -> LocatedCredentials {
    let mut region = None;
    match ProfileChoice::of_environment(environment, &mut notes).and_then(|name| Profile::of(name, files)) {
        Ok(profile) => {
            notes.extend(profile.shadowed_by_variables(&credentials));
            region = profile.region();
        }
        // The variables do not need the files; some AWS tools fail because of them, so the user gets a note.
        Err(error) => notes.push(error.in_one_line()),
    }
    let lower = [vars::AWS_WEB_IDENTITY_TOKEN_FILE].into_iter().chain(vars::CONTAINER_CREDENTIALS);
    for name in lower.filter(|name| environment.non_blank(name).is_some()) {
        notes.push(format!("AWS_ACCESS_KEY_ID takes precedence over {name}"));
    }
    let with_older_variable = environment.non_blank(vars::AWS_SECURITY_TOKEN).is_some();
    let source = "environment (AWS_ACCESS_KEY_ID)".to_owned();
    LocatedCredentials {
        origin: Origin::Static(credentials),
        source,
        profile: None,
        region,
        with_older_variable,
        notes,
    }
}

fn of_profile(
    name: ProfileChoice,
    environment: &Environment,
    files: &SharedProfiles,
    mut notes: Vec<String>,
) -> Result<LocatedCredentials, CredentialsError> {
    // Some tools use it before a profile's credentials, some after.
    if !matches!(name, ProfileChoice::Requested(_))
        && environment.non_blank(vars::AWS_WEB_IDENTITY_TOKEN_FILE).is_some()
    {
        return Err(CredentialsError::UnsupportedVariable(vars::AWS_WEB_IDENTITY_TOKEN_FILE));
    }
    let profile = Profile::of(name, files)?;
    let region = profile.region();
    let container =
        vars::CONTAINER_CREDENTIALS.into_iter().find(|name| environment.non_blank(name).is_some());
    let located = |origin, source, profile, notes| LocatedCredentials {
        origin,
        source,
        profile,
        region,
        with_older_variable: false,
        notes,
    };
    if let Some((origin, source)) = profile.origin(&mut notes)? {
        notes.extend(container.map(|name| format!("the profile takes precedence over {name}")));
        return Ok(located(origin, source, Some(profile.name().clone()), notes));
    }
    if !profile.is_named_and_missing()
        && let Some(endpoint) = ContainerEndpoint::of_environment(environment)?
    {
        let source = format!("container endpoint ({})", vars::AWS_CONTAINER_CREDENTIALS_FULL_URI);
        return Ok(located(Origin::Endpoint(endpoint), source, None, notes));
    }
    Err(profile.without_credentials())
}

/// A header cannot hold other characters, and AWS's credentials never do.
fn require_graphic(credentials: &StaticCredentials, source: &str) -> Result<(), CredentialsError> {
    let StaticCredentials { access_key_id, secret_access_key, session_token } = credentials;
    for secret in [Some(secret_access_key), session_token.as_ref()].into_iter().flatten() {
        secrets::remember(secret.expose());
    }
    let values = [
        ("access key ID", Some(access_key_id.as_str())),
        ("secret access key", Some(secret_access_key.expose())),
        ("session token", session_token.as_ref().map(Secret::expose)),
    ];
    let is_odd = |text: &str| text.bytes().any(|byte| !byte.is_ascii_graphic());
    match values.into_iter().find(|(_, value)| value.is_some_and(is_odd)) {
        None => Ok(()),
        Some((value, _)) => Err(CredentialsError::InvalidCharacter { value, from: source.to_owned() }),
    }
}
