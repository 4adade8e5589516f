//! The paths of AWS's two shared files: the variable, else the home directory (facts/aws.md 6.1). Separate from the
//! sink that writes them, because other modules read them.

use std::path::{Path, PathBuf};

use crate::io::environment::{Environment, vars};

/// The credentials file; `None` without a variable and a home directory.
pub(crate) fn credentials(environment: &Environment) -> Option<PathBuf> {
    path(vars::AWS_SHARED_CREDENTIALS_FILE, "credentials", environment)
}

/// The config file; `None` without a variable and a home directory.
pub(crate) fn config(environment: &Environment) -> Option<PathBuf> {
    path(vars::AWS_CONFIG_FILE, "config", environment)
}

fn path(variable: &str, name: &str, environment: &Environment) -> Option<PathBuf> {
    if let Some(path) = environment.non_blank(variable) {
        return Some(path.into());
    }
    let (_, home) = environment.first_non_blank(&[vars::HOME, vars::USERPROFILE])?;
    Some(Path::new(home).join(".aws").join(name))
}
