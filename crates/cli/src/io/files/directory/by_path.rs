//! By paths. Windows: only the user can write to the user's directories, so no link can be planted there.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::Target;
use crate::io::files::file_trust::directory_of;

/// Whose file it is, which is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Of this user.
    Own,
    /// Of the runner of GitHub Actions.
    OfRunner,
}

/// A directory.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
}

#[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "on Unix there is more to do")]
impl Directory {
    /// An existing directory.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self { path: path.to_owned() })
    }

    /// The same with another expectation.
    pub(crate) fn open_expected(path: &Path, _: Expected) -> io::Result<Self> {
        Self::open(path)
    }

    /// The file that a path leads to, and its directory.
    pub(crate) fn target(path: &Path, expected: Expected) -> io::Result<Target> {
        let path = match fs::symlink_metadata(path) {
            Ok(entry) if entry.is_symlink() => fs::canonicalize(path)?,
            _ => path.to_owned(),
        };
        let is_of_directory = path.to_string_lossy().ends_with(['/', '\\']);
        let is_regular = match fs::symlink_metadata(&path) {
            _ if is_of_directory => Some(false),
            Ok(entry) => Some(entry.is_file()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let directory = Self::open_expected(directory_of(&path), expected)?;
        Ok(Target { path, directory, is_regular })
    }

    /// The mode says nothing.
    pub(crate) fn judge_mode(&self, _: &OsStr, _: &File) -> io::Result<()> {
        Ok(())
    }

    /// Creates the directory and its parents if they are missing.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).create(path)?;
        Self::open(path)
    }

    /// Creates a new file.
    pub(crate) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(self.path.join(name))
    }

    /// Opens a file for reading.
    pub(crate) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.path.join(name))
    }

    /// The same, with its metadata.
    pub(crate) fn open_file_with_metadata(&self, name: &OsStr) -> io::Result<(File, Metadata)> {
        let file = self.open_file(name)?;
        let metadata = file.metadata()?;
        Ok((file, metadata))
    }

    /// Opens a file for reading and appending.
    pub(crate) fn append_to(&self, name: &OsStr) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).open(self.path.join(name))
    }

    /// The same, with its metadata.
    pub(crate) fn append_to_with_metadata(&self, name: &OsStr) -> io::Result<(File, Metadata)> {
        let file = self.append_to(name)?;
        let metadata = file.metadata()?;
        Ok((file, metadata))
    }

    /// Whether there is a file of this name: which one it is, nothing shows.
    pub(crate) fn has(&self, _: &Metadata, name: &OsStr) -> bool {
        self.path.join(name).exists()
    }

    /// The owner is always the user.
    pub(crate) fn keep_owner(&self, _: &File, _: &OsStr) -> io::Result<()> {
        Ok(())
    }

    /// Renames a file within the directory, replacing the other one.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    /// Removes a file.
    pub(crate) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// The user owns what is in the user's profile.
    pub(crate) fn is_own(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|entry| !entry.is_symlink())
    }

    /// The same for a file in it.
    pub(crate) fn owns(&self, _: &Metadata) -> bool {
        true
    }

    /// No other user has access to a directory in the user's profile.
    pub(crate) fn make_private(&self) -> io::Result<()> {
        Ok(())
    }
}
