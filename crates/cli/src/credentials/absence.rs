//! Why the credentials of an earlier step are not found: what this process can see of that step.

use std::fmt;
use std::path::{Path, PathBuf};

use export::{ProfileName, Removal, bash_env};
use zeroize::Zeroizing;

use super::shared_profiles::{IgnoredFile, SharedProfiles};
use super::{CredentialsError, Missing};
use crate::io::environment::{Environment, vars};
use crate::io::files::bash_env_path;
use crate::io::files::text_file::{self, ReadError};
use crate::io::home_directory::{self, HomeDirectory};
use crate::io::process::parent_shell;

/// How bash decides, where nothing shows which rule applies.
const RULES_OF_BASH: &str = "bash reads it before a script, but not with `-i`, `-p` or `--posix` and not as `sh`; other \
                             shells do not read it";

/// Which step is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The one in which this process runs.
    This,
    /// The next one: its shell starts anew.
    Next,
}

/// One reason, with what shows it.
#[derive(Debug)]
pub(crate) enum AbsenceReason {
    /// The file of `BASH_ENV` has credentials, and no shell has read it.
    NotRead {
        /// The file.
        path: PathBuf,
        /// Why, as far as it can be seen.
        why: String,
    },
    /// A shell has read it, and the variables are gone.
    Unset(PathBuf),
    /// The file of `BASH_ENV` is not for this user.
    BashEnvUnreadable(PathBuf, ReadError),
    /// The profile is in another home directory.
    OtherHome {
        /// The file that has the profile.
        file: PathBuf,
        /// The profile.
        profile: ProfileName,
        /// The home directory.
        home: HomeDirectory,
        /// `HOME` of this process.
        here: Option<String>,
    },
    /// No profile there, but what `assume` leaves.
    StateElsewhere {
        /// Its directory.
        directory: PathBuf,
        /// The home directory.
        home: HomeDirectory,
        /// `HOME` of this process.
        here: Option<String>,
    },
    /// One of AWS's shared files.
    SharedFileIgnored(IgnoredFile),
    /// sudo has started this process, or one above it.
    Sudo {
        /// Whether the variables would have been used.
        with_variables: bool,
        /// `HOME` of this process.
        here: Option<String>,
    },
}

impl fmt::Display for AbsenceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRead { path, why } => write!(
                f,
                "`{}` (BASH_ENV) has credentials of `assume`, and this step has not read it: {why}",
                path.display()
            ),
            Self::Unset(path) => write!(
                f,
                "this step has read the credentials in `{}` (BASH_ENV), and AWS_ACCESS_KEY_ID has been unset since",
                path.display()
            ),
            Self::BashEnvUnreadable(path, reason) => {
                write!(f, "`{}` (BASH_ENV) cannot be read by this user: {reason}", path.display())
            }
            Self::OtherHome { file, profile, home, here } => write!(
                f,
                "profile `{profile}` is in `{}`, in the home directory of {}; {}",
                file.display(),
                home.owner,
                home_here(here.as_deref())
            ),
            Self::StateElsewhere { directory, home, here } => write!(
                f,
                "`{}` shows that `assume` or `serve` has run with the HOME of {}; {}",
                directory.display(),
                home.owner,
                home_here(here.as_deref())
            ),
            Self::SharedFileIgnored(file) => file.fmt(f),
            Self::Sudo { with_variables, here } => {
                let removed = if *with_variables {
                    "it removes BASH_ENV and, without `-E`, AWS's variables; "
                } else {
                    ""
                };
                write!(f, "sudo has started this step (SUDO_UID): {removed}{}", home_here(here.as_deref()))
            }
        }
    }
}

fn home_here(home: Option<&str>) -> String {
    home.map_or_else(|| "HOME is not set here".to_owned(), |home| format!("HOME is `{home}` here"))
}

/// The reasons that apply to this error, the most probable first. Reads files of this user, calls nobody.
pub(crate) fn reasons(
    error: &CredentialsError,
    environment: &Environment,
    files: &SharedProfiles,
    step: Step,
) -> Vec<AbsenceReason> {
    let (CredentialsError::NotFound(missing) | CredentialsError::ProfileNotFound(missing)) = error else {
        return Vec::new();
    };
    let with_variables = !missing.is_requested;
    let in_bash_env = (step == Step::This && with_variables).then(|| of_bash_env(environment)).flatten();
    let in_other_home = (!missing.exists).then(|| of_home(missing, environment)).flatten();
    let behind_sudo = step == Step::This && environment.non_blank(vars::SUDO_UID).is_some();
    let sudo = (behind_sudo && in_other_home.is_none())
        .then(|| AbsenceReason::Sudo { with_variables, here: here(environment) });
    let ignored = files.ignored().map(AbsenceReason::SharedFileIgnored);
    let state = (!missing.exists && in_other_home.is_none()).then(|| of_state(environment)).flatten();
    in_bash_env.into_iter().chain(in_other_home).chain(ignored).chain(sudo).chain(state).collect()
}

fn here(environment: &Environment) -> Option<String> {
    environment.non_blank(vars::HOME).map(ToOwned::to_owned)
}

fn of_bash_env(environment: &Environment) -> Option<AbsenceReason> {
    let path = bash_env_path::of(environment).ok()??;
    let text = match text_file::read(&path) {
        Ok(text) => Zeroizing::new(text?),
        Err(error @ ReadError::Io(_)) => return Some(AbsenceReason::BashEnvUnreadable(path, error)),
        Err(_) => return None,
    };
    if bash_env::remove(&text) == Removal::Nothing {
        return None;
    }
    let mut read = environment.non_blank(bash_env::BLOCKS).unwrap_or_default().split_whitespace();
    if bash_env::blocks(&text).split_whitespace().next_back().is_some_and(|last| read.any(|id| id == last)) {
        return Some(AbsenceReason::Unset(path));
    }
    let why = parent_shell::why_bash_env_is_not_read(environment);
    Some(AbsenceReason::NotRead { path, why: why.unwrap_or_else(|| RULES_OF_BASH.to_owned()) })
}

/// Only if HOME decides where the files are.
fn of_home(missing: &Missing, environment: &Environment) -> Option<AbsenceReason> {
    home_directory::elsewhere(environment).into_iter().find_map(|home| {
        let with_home = environment.after([(vars::HOME, home.path.to_str()?)], &[]);
        let file = SharedProfiles::read(&with_home).file_with(&missing.profile)?;
        let (profile, here) = (missing.profile.clone(), here(environment));
        let is_there = file.starts_with(&home.path);
        is_there.then_some(AbsenceReason::OtherHome { file, profile, home, here })
    })
}

/// What `assume` and `serve` leave in a home directory, where this one has nothing of that kind.
fn of_state(environment: &Environment) -> Option<AbsenceReason> {
    let has_files = |directory: &Path| directory.read_dir().is_ok_and(|mut files| files.next().is_some());
    let is_here = |home: String| has_files(&home_directory::state_directory(home.as_ref()));
    if here(environment).is_some_and(is_here) {
        return None;
    }
    home_directory::elsewhere(environment).into_iter().find_map(|home| {
        let directory = home_directory::state_directory(&home.path);
        let here = here(environment);
        has_files(&directory).then_some(AbsenceReason::StateElsewhere { directory, home, here })
    })
}
