//! By paths. Windows: only the user can write to the user's directories, so no link can be planted there.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

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

    /// Opens a file for reading and appending.
    pub(crate) fn append_to(&self, name: &OsStr) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).open(self.path.join(name))
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

    /// Its own metadata.
    pub(crate) fn metadata(&self) -> io::Result<Metadata> {
        fs::metadata(&self.path)
    }

    /// No other user has access to a directory in the user's profile.
    pub(crate) fn make_private(&self) -> io::Result<()> {
        Ok(())
    }
}
