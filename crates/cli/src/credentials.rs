//! Which credentials the next step would use, in the order of AWS's tools (facts/aws.md 6.2), and which stand
//! behind them. Only keys are followed: what leads to credentials by a further step is named, never passed over.

mod credentials_error;
mod profile;
mod variables;

use aws::Secret;
use export::{ProfileName, StaticKeys};

use crate::environment::{Environment, vars};
pub(crate) use credentials_error::CredentialsError;
use profile::{ByName, Profile};

/// Keys, and where they were.
#[derive(Debug)]
pub(crate) struct Found {
    /// What signs.
    pub(crate) keys: StaticKeys,
    /// In words, without a value.
    pub(crate) source: String,
    /// The profile's Region, unchecked: AWS's tools take it with the variables' keys too.
    pub(crate) region: Option<String>,
    /// Whether the session token is that of `AWS_SECURITY_TOKEN`.
    pub(crate) with_older_variable: bool,
    /// What stands behind these keys, or would be read in another way by some tools.
    pub(crate) notes: Vec<String>,
}

/// Finds them: those of the variables, unless a profile is `asked` for, else those of the profile.
pub(crate) fn find(asked: Option<ProfileName>, environment: &Environment) -> Result<Found, CredentialsError> {
    let mut notes = Vec::new();
    let found = match asked {
        Some(name) => {
            if environment.set(vars::AWS_ACCESS_KEY_ID).is_some() {
                notes.push(format!(
                    "AWS_ACCESS_KEY_ID is passed over, as profile `{name}` is asked for; AWS tools take it first \
                     unless they are given `--profile`"
                ));
            }
            of_profile(ByName::Asked(name), environment, notes)?
        }
        None => match variables::read(environment, &mut notes)? {
            Some(keys) => of_variables(keys, environment, notes),
            None => of_profile(ByName::of_environment(environment, &mut notes)?, environment, notes)?,
        },
    };
    require_graphic(&found)?;
    Ok(found)
}

fn of_variables(keys: StaticKeys, environment: &Environment, mut notes: Vec<String>) -> Found {
    let mut region = None;
    match ByName::of_environment(environment, &mut notes).and_then(|name| Profile::read(name, environment)) {
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
    Found { keys, source: "environment (AWS_ACCESS_KEY_ID)".to_owned(), region, with_older_variable, notes }
}

fn of_profile(
    name: ByName,
    environment: &Environment,
    mut notes: Vec<String>,
) -> Result<Found, CredentialsError> {
    let is_asked = matches!(name, ByName::Asked(_));
    // Some tools take it before a profile's keys, some after.
    if !is_asked && environment.set(vars::AWS_WEB_IDENTITY_TOKEN_FILE).is_some() {
        return Err(CredentialsError::NotFollowedVariable(vars::AWS_WEB_IDENTITY_TOKEN_FILE));
    }
    let profile = Profile::read(name, environment)?;
    let region = profile.region();
    let container = vars::CONTAINER_CREDENTIALS.into_iter().find(|name| environment.set(name).is_some());
    match profile.keys(&mut notes)? {
        Some((keys, source)) => {
            notes.extend(container.map(|name| format!("the profile wins over {name}")));
            Ok(Found { keys, source, region, with_older_variable: false, notes })
        }
        None => match container {
            Some(name) if !is_asked => Err(CredentialsError::NotFollowedVariable(name)),
            _ => Err(profile.without_keys()),
        },
    }
}

/// A header can hold no other character, and no key of AWS's does.
fn require_graphic(found: &Found) -> Result<(), CredentialsError> {
    let StaticKeys { access_key_id, secret_access_key, session_token } = &found.keys;
    let values = [
        ("access key id", Some(access_key_id.as_str())),
        ("secret access key", Some(secret_access_key.expose())),
        ("session token", session_token.as_ref().map(Secret::expose)),
    ];
    let is_odd = |text: &str| text.bytes().any(|byte| !byte.is_ascii_graphic());
    match values.into_iter().find(|(_, value)| value.is_some_and(is_odd)) {
        None => Ok(()),
        Some((what, _)) => Err(CredentialsError::NotAKey { what, source_words: found.source.clone() }),
    }
}
