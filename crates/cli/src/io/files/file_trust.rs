//! Which file a path leads to, and why a path is not used: in /tmp every user can create a file or a link.

use std::fs;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};

use crate::io::files::directory::{Directory, Expected, Target};

/// As many as Linux follows: another program may make a circle of links meanwhile.
const MOST_LINKS: usize = 40;

/// Why a path is not written to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PathError {
    /// The directory is missing or cannot be read.
    #[error("its directory `{}` cannot be used: {reason}", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// The system's own reason.
        reason: io::Error,
    },
    /// A directory, a device, a pipe.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// What a link leads to is not created: whoever made the link meant a file that is there.
    #[error("it is a link to `{}`, which does not exist", target.display())]
    DanglingLink {
        /// Where the link leads, through other links too.
        target: PathBuf,
        /// The system's own reason.
        reason: io::Error,
    },
    /// The mode lets nobody write to the file, whatever its directory is.
    #[error("its mode is read-only: {0}")]
    ReadOnly(io::Error),
    /// The system's own reason, or an untrusted path.
    #[error("{0}")]
    Io(io::Error),
}

impl PathError {
    /// Whether the directory or the file is missing.
    pub(crate) fn is_missing(&self) -> bool {
        self.reason().is_some_and(|reason| reason.kind() == io::ErrorKind::NotFound)
    }

    /// Why the file at this path cannot be appended to.
    pub(crate) fn of_append(path: &Path, error: io::Error) -> Self {
        let is_read_only = || fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
        if error.kind() == io::ErrorKind::PermissionDenied && is_read_only() {
            return Self::ReadOnly(error);
        }
        Self::Io(error)
    }

    /// The system's own reason, or an untrusted path.
    pub(crate) fn reason(&self) -> Option<&io::Error> {
        match self {
            Self::Directory { reason, .. }
            | Self::DanglingLink { reason, .. }
            | Self::ReadOnly(reason)
            | Self::Io(reason) => Some(reason),
            Self::NotAFile(_) => None,
        }
    }
}

/// The target file's path, with links followed, if no other user can change what the path leads to.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, PathError> {
    target(path, Expected::Own).map(|target| target.path)
}

/// The target file, missing or regular, and its directory.
pub(crate) fn target(path: &Path, expected: Expected) -> Result<Target, PathError> {
    let directory = directory_of(path);
    let unusable = |reason| PathError::Directory { directory: directory.to_owned(), reason };
    if !fs::metadata(directory).map_err(unusable)?.is_dir() {
        return Err(unusable(io::ErrorKind::NotADirectory.into()));
    }
    let target = Directory::target(path, expected).map_err(|reason| match dangling_end(path, &reason) {
        Some(target) => PathError::DanglingLink { target, reason },
        None => PathError::Io(reason),
    })?;
    if target.is_regular == Some(false) { Err(PathError::NotAFile(path.to_owned())) } else { Ok(target) }
}

/// Where the link at this path leads, if nothing is there: only for the message about it.
fn dangling_end(path: &Path, reason: &io::Error) -> Option<PathBuf> {
    let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    // A link such as `/dev/fd/63` has a text that is no path, and leads to something nevertheless.
    if !is_missing(reason) || !fs::metadata(path).is_err_and(|error| is_missing(&error)) {
        return None;
    }
    let next = |path: &PathBuf| Some(directory_of(path).join(fs::read_link(path).ok()?));
    iter::successors(next(&path.to_owned()), next).take(MOST_LINKS).last()
}

/// The directory that contains a file.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_of_our_own_is_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (target, link) = (directory.path().join("target"), directory.path().join("link"));
        fs::File::create(&target).unwrap();
        symlink(&target, &link).unwrap();
        assert_eq!(resolve(&link).unwrap(), fs::canonicalize(&target).unwrap());
    }

    #[test]
    fn a_missing_file_is_fine_and_a_missing_directory_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new");
        assert_eq!(resolve(&path).unwrap(), path);
        assert!(matches!(resolve(&path.join("file")), Err(PathError::Directory { .. })));
        assert!(matches!(resolve(directory.path()), Err(PathError::NotAFile(_))));
    }

    #[test]
    fn a_path_that_ends_as_a_directory_s_names_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::File::create(&file).unwrap();
        symlink("file/", &link).unwrap();
        for name in ["file/", "file/.", "new/", "link", "link/"] {
            let path = PathBuf::from(format!("{}/{name}", directory.path().display()));
            assert!(matches!(resolve(&path), Err(PathError::NotAFile(_))), "{name}");
        }
        // Through a directory that is named in the same way.
        symlink("./", directory.path().join("here")).unwrap();
        assert!(resolve(&directory.path().join("here/file")).is_ok());
    }

    #[test]
    fn a_dangling_link_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link");
        symlink("nowhere", &link).unwrap();
        let second = directory.path().join("second");
        symlink(&link, &second).unwrap();
        let nowhere = directory.path().join("nowhere");
        for path in [link, second] {
            let error = resolve(&path).unwrap_err();
            assert!(error.is_missing());
            let said = format!("it is a link to `{}`, which does not exist", nowhere.display());
            assert_eq!(error.to_string(), said);
        }
        let loops = directory.path().join("loop");
        symlink("loop", &loops).unwrap();
        assert!(matches!(resolve(&loops), Err(PathError::Io(_))));
    }
}
