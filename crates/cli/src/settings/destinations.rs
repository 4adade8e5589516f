//! The destinations of the credentials: those of `--mode`, of `--to` and `--profile`, or the file that this CI reads.

use export::{InvalidProfileName, ProfileName};

use crate::io::environment::vars;
use crate::settings::inputs::Inputs;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;
use crate::sinks::destination::Destination;

/// How the steps that follow get the credentials.
#[derive(Clone, Copy)]
enum Mode {
    /// As variables, unless a destination or a profile is named.
    Environment,
    /// As a profile in AWS's shared files.
    Profile,
    /// From this program, which AWS tools run through a profile.
    CredentialProcess,
    /// From the endpoint of `serve`.
    Endpoint,
}

/// The words of `--mode`.
static MODES: [(&str, Mode); 4] = [
    ("environment", Mode::Environment),
    ("profile", Mode::Profile),
    ("credential-process", Mode::CredentialProcess),
    ("endpoint", Mode::Endpoint),
];

/// The words of `--mode`, for completions.
pub(crate) fn modes() -> Vec<&'static str> {
    MODES.iter().map(|(word, _)| *word).collect()
}

/// The profile that AWS tools use when no profile is named.
const DEFAULT_PROFILE: &str = "default";

/// The destinations of `--mode`, with `--profile` or `--to` where the mode allows them.
pub(crate) fn destinations_of_mode(inputs: Inputs<'_>) -> Result<Vec<Destination>, SettingsError> {
    match inputs.one_of(&table::MODE, &MODES)? {
        None | Some(Mode::Environment) => destinations(inputs),
        Some(Mode::Profile) => {
            refuse_to(inputs, "profile")?;
            Ok(vec![Destination::Profile(profile_name(inputs)?)])
        }
        Some(Mode::CredentialProcess) => {
            refuse_to(inputs, "credential-process")?;
            Ok(vec![Destination::CredentialProcess(profile_name(inputs)?)])
        }
        Some(Mode::Endpoint) => {
            refuse_to(inputs, "endpoint")?;
            if inputs.value(&table::PROFILE)?.is_some() {
                return Err(SettingsError::ModeAndProfile("endpoint"));
            }
            Ok(vec![Destination::Endpoint])
        }
    }
}

/// The profile that a mode writes.
fn profile_name(inputs: Inputs<'_>) -> Result<ProfileName, SettingsError> {
    let default =
        || DEFAULT_PROFILE.parse().map_err(|flaw: InvalidProfileName| invalid(table::MODE.flag, flaw));
    inputs.parsed(&table::PROFILE)?.map_or_else(default, Ok)
}

fn refuse_to(inputs: Inputs<'_>, mode: &'static str) -> Result<(), SettingsError> {
    if inputs.list(&table::TO)?.is_empty() { Ok(()) } else { Err(SettingsError::ModeAndTo(mode)) }
}

/// `--to`, else `--profile`, else the file that this CI reads.
pub(crate) fn destinations(inputs: Inputs<'_>) -> Result<Vec<Destination>, SettingsError> {
    let profile = inputs.value(&table::PROFILE)?;
    let mut destinations = named_destinations(inputs)?;
    match profile {
        Some(value) if !destinations.is_empty() => return Err(SettingsError::ProfileAndTo(value.name)),
        Some(value) => {
            destinations
                .push(Destination::profile(value.text.trim()).map_err(|flaw| inputs.invalid(&value, flaw))?);
        }
        None if destinations.is_empty() && inputs.environment.non_blank(vars::BASH_ENV).is_some() => {
            destinations.push(Destination::BashEnv);
        }
        None if destinations.is_empty() && inputs.environment.non_blank(vars::GITHUB_ENV).is_some() => {
            destinations.push(Destination::Github);
        }
        None => {}
    }
    match destinations {
        none if none.is_empty() && inputs.environment.sudo_removed_bash_env() => {
            Err(SettingsError::NoDestinationBehindSudo)
        }
        none if none.is_empty() => Err(SettingsError::NoDestination),
        some => Ok(some),
    }
}

/// Those of `--to` alone.
pub(crate) fn named_destinations(inputs: Inputs<'_>) -> Result<Vec<Destination>, SettingsError> {
    let mut destinations: Vec<Destination> = Vec::new();
    for element in inputs.list(&table::TO)? {
        let destination: Destination = element
            .text()
            .parse()
            .map_err(|flaw| inputs.misspelled_element(&element, flaw, &Destination::WORDS))?;
        let destination = destination
            .with_home(inputs.environment)
            .map_err(|flaw| inputs.invalid_element(&element, flaw))?;
        if !destinations.contains(&destination) {
            destinations.push(destination);
        }
    }
    if destinations.iter().filter(|destination| destination.is_stdout()).count() > 1 {
        return Err(SettingsError::TwoOnStdout);
    }
    Ok(destinations)
}
