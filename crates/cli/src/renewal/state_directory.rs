//! The directory for state that outlives one run: credentials that are cached until close to expiry, settings and the log
//! of `credential-process`, and endpoint descriptors of `serve`. In the home directory beside AWS's own files, never in /tmp.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::io::environment::{Environment, vars};
use crate::io::files::directory::Directory;
use crate::io::files::file_trust::directory_of;
use crate::io::home_directory;

/// Why the directory is not usable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    /// No home directory.
    #[error("HOME is not set, so there is no directory for `.aws/circleci-aws-oidc`")]
    NoHome,
    /// The system's own reason.
    #[error("the directory `{}` cannot be used", path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// The system's own reason.
        #[source]
        source: io::Error,
    },
    /// A link, or another user's directory.
    #[error("`{}` is not a directory that this user owns", .0.display())]
    NotOwned(PathBuf),
}

impl StateError {
    /// The error and its cause, for a note.
    pub(crate) fn in_one_line(&self) -> String {
        self.source().map_or_else(|| self.to_string(), |cause| format!("{self}: {cause}"))
    }
}

/// The directory's path, whether it exists or not.
pub(crate) fn path(environment: &Environment) -> Result<PathBuf, StateError> {
    let (_, home) =
        environment.first_non_blank(&[vars::HOME, vars::USERPROFILE]).ok_or(StateError::NoHome)?;
    Ok(home_directory::state_directory(Path::new(home)))
}

/// Whether the directory exists and this user owns it.
pub(crate) fn is_usable(environment: &Environment) -> bool {
    let Ok(path) = path(environment) else { return false };
    Directory::open(&path).is_ok_and(|directory| directory.is_own())
}

/// Creates the directory if needed, and makes it private.
pub(crate) fn open(environment: &Environment) -> Result<PathBuf, StateError> {
    let path = path(environment)?;
    open_at(&path)?;
    Ok(path)
}

/// The same for a path that is known.
pub(super) fn open_at(path: &Path) -> Result<Directory, StateError> {
    let failed = |source| StateError::Io { path: path.to_owned(), source };
    let directory = Directory::create(path).map_err(failed)?;
    // Not a link either: its target could be a directory of others to whom `make_private` would close it.
    if !directory.is_own() {
        return Err(StateError::NotOwned(path.to_owned()));
    }
    directory.make_private().map_err(failed)?;
    Ok(directory)
}

/// The files in a directory that have one of these extensions; none if there is no such directory.
pub(super) fn files(directory: &Path, extensions: &[&str]) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    paths.retain(|path| extensions.iter().any(|it| path.extension().is_some_and(|found| found == *it)));
    Ok(paths)
}

/// Removes a file from the directory, and from no other one that a link leads to.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    Directory::open(directory_of(path))?.remove_file(path.file_name().unwrap_or_default())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn in_home(home: &Path) -> Result<PathBuf, StateError> {
        open(&Environment::from([("HOME", home.display().to_string().as_str())]))
    }

    #[test]
    fn the_directory_is_private_whatever_its_mode_was() {
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
        assert!(matches!(in_home(home.path()), Err(StateError::NotOwned(_))));
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_directory_that_cannot_be_read_is_not_an_empty_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state");
        assert!(files(&path, &["json"]).unwrap().is_empty());
        fs::create_dir(&path).unwrap();
        for name in ["a.json", "b.lock"] {
            fs::File::create_new(path.join(name)).unwrap();
        }
        assert_eq!(files(&path, &["json"]).unwrap(), [path.join("a.json")]);
        let loops = home.path().join("loops");
        symlink(&loops, &loops).unwrap();
        assert!(files(&loops, &["json"]).is_err());
    }

    #[test]
    fn without_a_home_there_is_no_directory() {
        assert!(matches!(open(&Environment::default()), Err(StateError::NoHome)));
    }
}
