//! Whether another user created a file or a link: in /tmp every user can.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

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
    /// A link or file of another user.
    #[error("`{}` belongs to another user", .0.display())]
    OtherOwner(PathBuf),
    /// A directory, a device, a pipe.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// The system's own reason.
    #[error("{0}")]
    Io(io::Error),
}

impl PathError {
    /// Whether another directory would help.
    pub(crate) fn is_denied(&self) -> bool {
        match self {
            Self::Directory { reason, .. } | Self::Io(reason) => is_denied(reason),
            Self::OtherOwner(_) => true,
            Self::NotAFile(_) => false,
        }
    }
}

/// Whether the user has no right to write there.
pub(crate) fn is_denied(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// The target file. A link is followed only if this user created it, or the owner of a directory that no other user can
/// write to.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, PathError> {
    let directory = directory_of(path);
    let parent = fs::metadata(directory)
        .map_err(|reason| PathError::Directory { directory: directory.to_owned(), reason })?;
    if !parent.is_dir() {
        let reason = io::ErrorKind::NotADirectory.into();
        return Err(PathError::Directory { directory: directory.to_owned(), reason });
    }
    let entry = match fs::symlink_metadata(path) {
        Ok(entry) => entry,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path.to_owned()),
        Err(error) => return Err(PathError::Io(error)),
    };
    if !is_trusted(&entry, &parent) {
        return Err(PathError::OtherOwner(path.to_owned()));
    }
    if entry.is_symlink() {
        let target = fs::canonicalize(path).map_err(PathError::Io)?;
        if !may_lead_to(&entry, &fs::metadata(&target).map_err(PathError::Io)?) {
            return Err(PathError::OtherOwner(target));
        }
        return resolve(&target);
    }
    if entry.is_file() { Ok(path.to_owned()) } else { Err(PathError::NotAFile(path.to_owned())) }
}

/// The directory that contains a file.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn is_trusted(entry: &Metadata, directory: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let shared = directory.mode() & 0o022 != 0;
    entry.uid() == rustix::process::geteuid().as_raw() || (!shared && entry.uid() == directory.uid())
}

/// Root can write where the owner of a link cannot.
#[cfg(unix)]
fn may_lead_to(link: &Metadata, target: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid();
    !user.is_root() || link.uid() == user.as_raw() || link.uid() == target.uid()
}

/// Windows has no root.
#[cfg(not(unix))]
fn may_lead_to(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// Windows has no shared /tmp: only the user can write to the user's directories.
#[cfg(not(unix))]
fn is_trusted(_: &Metadata, _: &Metadata) -> bool {
    true
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
    fn a_dangling_link_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link");
        symlink("nowhere", &link).unwrap();
        assert!(matches!(resolve(&link), Err(PathError::Io(_))));
    }
}
