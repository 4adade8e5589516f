//! Where this program keeps what has to outlive one run: credentials until they are near their end, and how the endpoint
//! of `serve` is reached. In the home directory beside AWS's own files, never in /tmp.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::io::environment::{Environment, vars};
use crate::io::files::private_file;

/// Why nothing can be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    /// No place for it.
    #[error("HOME is not set, so there is no place for `.aws/circleci-aws-oidc`")]
    NoHome,
    /// The system's own reason.
    #[error("the directory `{}` can't be used", path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A link, or another user's.
    #[error("`{}` is not a directory of this user's own", .0.display())]
    Planted(PathBuf),
}

impl StateError {
    /// With its cause, for a note.
    pub(crate) fn in_one_line(&self) -> String {
        self.source().map_or_else(|| self.to_string(), |cause| format!("{self}: {cause}"))
    }
}

/// The directory's path, whether it is there or not.
pub(crate) fn path(environment: &Environment) -> Result<PathBuf, StateError> {
    let (_, home) = environment.first_set(&[vars::HOME, vars::USERPROFILE]).ok_or(StateError::NoHome)?;
    Ok(Path::new(home).join(".aws").join("circleci-aws-oidc"))
}

/// The directory, made where it is missing, and this user's alone.
pub(crate) fn open(environment: &Environment) -> Result<PathBuf, StateError> {
    let path = path(environment)?;
    let failed = |source| StateError::Io { path: path.clone(), source };
    private_file::create_directory(&path).map_err(failed)?;
    let metadata = fs::symlink_metadata(&path).map_err(failed)?;
    if !metadata.is_dir() || !private_file::is_own(&metadata) {
        return Err(StateError::Planted(path));
    }
    private_file::make_private_directory(&path, &metadata).map_err(failed)?;
    Ok(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn in_home(home: &Path) -> Result<PathBuf, StateError> {
        open(&Environment::from([("HOME", home.display().to_string().as_str())]))
    }

    #[test]
    fn the_directory_is_its_owners_alone_whatever_it_was() {
        let home = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = in_home(home.path()).unwrap();
        assert_eq!((mode(&path), mode(&home.path().join(".aws"))), (0o700, 0o700));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(mode(&in_home(home.path()).unwrap()), 0o700);
    }

    #[test]
    fn a_link_in_its_place_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        symlink(elsewhere.path(), home.path().join(".aws/circleci-aws-oidc")).unwrap();
        assert!(matches!(in_home(home.path()), Err(StateError::Planted(_))));
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }

    #[test]
    fn without_a_home_nothing_is_kept() {
        assert!(matches!(open(&Environment::default()), Err(StateError::NoHome)));
    }
}
