//! Where the credentials go: by mode, by name, or by what this CI reads.

use export::{InvalidProfileName, ProfileName};

use super::{Lookup, SettingsError, invalid};
use crate::args::AssumeArgs;
use crate::io::environment::vars;
use crate::settings::table;
use crate::sinks::destination::Destination;

/// How the steps that follow come to the credentials.
#[derive(Clone, Copy)]
enum Mode {
    /// As variables, unless a destination or a profile is named.
    Environment,
    /// As keys in AWS's shared files.
    Profile,
    /// From this program, which AWS's tools run by a profile.
    CredentialProcess,
    /// From the endpoint of `serve`.
    Endpoint,
}

/// The profile that AWS's tools read when none is named.
const UNNAMED: &str = "default";

/// What `--mode` stands for, with `--profile` or `--to` where it leaves that open.
pub(crate) fn of_mode(args: &AssumeArgs, look: Lookup<'_>) -> Result<Vec<Destination>, SettingsError> {
    let words = [
        ("environment", Mode::Environment),
        ("profile", Mode::Profile),
        ("credential-process", Mode::CredentialProcess),
        ("endpoint", Mode::Endpoint),
    ];
    let profile = args.profile.as_deref();
    match look.one_of(args.mode.as_deref(), table::MODE, &words)? {
        None | Some(Mode::Environment) => destinations(profile, &args.to, look),
        Some(Mode::Profile) => {
            refuse_to(args, "profile", look)?;
            Ok(vec![Destination::Profile(profile_name(profile, look)?)])
        }
        Some(Mode::CredentialProcess) => {
            refuse_to(args, "credential-process", look)?;
            Ok(vec![Destination::CredentialProcess(profile_name(profile, look)?)])
        }
        Some(Mode::Endpoint) => {
            refuse_to(args, "endpoint", look)?;
            if look.given(profile, table::PROFILE)?.is_some() {
                return Err(SettingsError::ModeAndProfile("endpoint"));
            }
            Ok(vec![Destination::Endpoint])
        }
    }
}

/// The profile that a mode writes.
fn profile_name(flag: Option<&str>, look: Lookup<'_>) -> Result<ProfileName, SettingsError> {
    let given = look.given(flag, table::PROFILE)?.map(|value| (value.name, value.text));
    let (name, text) = given.unwrap_or((table::MODE.flag, UNNAMED.to_owned()));
    text.trim().parse().map_err(|flaw: InvalidProfileName| invalid(name, flaw))
}

fn refuse_to(args: &AssumeArgs, mode: &'static str, look: Lookup<'_>) -> Result<(), SettingsError> {
    if look.list(&args.to, table::TO)?.is_empty() { Ok(()) } else { Err(SettingsError::ModeAndTo(mode)) }
}

/// `--to`, else `--profile`, else what this CI reads.
pub(crate) fn destinations(
    profile: Option<&str>,
    to: &[String],
    look: Lookup<'_>,
) -> Result<Vec<Destination>, SettingsError> {
    let profile = look.given(profile, table::PROFILE)?;
    let mut destinations: Vec<Destination> = Vec::new();
    for (name, text) in look.list(to, table::TO)? {
        let destination = text.parse().map_err(|flaw| invalid(name, flaw))?;
        if !destinations.contains(&destination) {
            destinations.push(destination);
        }
    }
    if destinations.iter().filter(|destination| destination.is_stdout()).count() > 1 {
        return Err(SettingsError::TwoOnStdout);
    }
    match profile {
        Some(_) if !destinations.is_empty() => return Err(SettingsError::ProfileAndTo),
        Some(value) => {
            destinations
                .push(Destination::profile(value.text.trim()).map_err(|flaw| invalid(value.name, flaw))?);
        }
        None if destinations.is_empty() && look.environment.set(vars::BASH_ENV).is_some() => {
            destinations.push(Destination::BashEnv);
        }
        None if destinations.is_empty() && look.environment.set(vars::GITHUB_ENV).is_some() => {
            destinations.push(Destination::Github);
        }
        None => {}
    }
    if destinations.is_empty() { Err(SettingsError::NoDestination) } else { Ok(destinations) }
}
