//! The paths of AWS's two shared files: the variable, else the home directory (facts/aws.md 6.1). Separate from the
//! sink that writes them, because other modules read them.

use std::path::PathBuf;

use crate::io::environment::{Environment, vars};
use crate::io::files::user_path::{self, InvalidPath};

/// Why the path of a shared file is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SharedPathError {
    /// Neither a variable nor a home directory.
    #[error(
        "the path of AWS's shared files is unknown: neither HOME nor both AWS_SHARED_CREDENTIALS_FILE and \
         AWS_CONFIG_FILE are set"
    )]
    NoHome,
    /// A value that AWS's tools read in different ways.
    #[error("the path in {variable} is invalid")]
    Invalid {
        /// The variable.
        variable: &'static str,
        /// What is wrong with the path.
        #[source]
        source: InvalidPath,
    },
}

/// The credentials file.
pub(crate) fn credentials(environment: &Environment) -> Result<PathBuf, SharedPathError> {
    path(vars::AWS_SHARED_CREDENTIALS_FILE, "credentials", environment)
}

/// The config file.
pub(crate) fn config(environment: &Environment) -> Result<PathBuf, SharedPathError> {
    path(vars::AWS_CONFIG_FILE, "config", environment)
}

fn path(variable: &'static str, name: &str, environment: &Environment) -> Result<PathBuf, SharedPathError> {
    if let Some(path) = environment.non_blank(variable) {
        return user_path::resolve_as_botocore(path, environment)
            .map_err(|source| SharedPathError::Invalid { variable, source });
    }
    let home = user_path::home(environment).ok_or(SharedPathError::NoHome)?;
    Ok(home.join(".aws").join(name))
}
