//! Where AWS's two shared files are: the variable, else the home directory (facts/aws.md 6.1). Apart from the
//! sink that writes them, as others read them.

use std::path::{Path, PathBuf};

use crate::io::environment::{Environment, vars};

/// The file of keys; `None` without a variable and a home.
pub(crate) fn credentials(environment: &Environment) -> Option<PathBuf> {
    path(vars::AWS_SHARED_CREDENTIALS_FILE, "credentials", environment)
}

/// The file of all other settings; `None` without a variable and a home.
pub(crate) fn config(environment: &Environment) -> Option<PathBuf> {
    path(vars::AWS_CONFIG_FILE, "config", environment)
}

fn path(variable: &str, name: &str, environment: &Environment) -> Option<PathBuf> {
    if let Some(path) = environment.set(variable) {
        return Some(path.into());
    }
    let (_, home) = environment.first_set(&[vars::HOME, vars::USERPROFILE])?;
    Some(Path::new(home).join(".aws").join(name))
}
