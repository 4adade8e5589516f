//! Directories that a destination needs: created on opening, and removed again if nothing is written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::io::files::directory::Directory;
use crate::io::files::file_trust::{PathError, directory_of};
use crate::io::files::transaction::Undo;
use crate::renewal::state_directory::StateError;
use crate::sinks::{FilePlace, SinkError};

/// A directory that this run created; removed on drop unless `keep` was called.
pub(super) struct NewDirectory(Option<PathBuf>);

impl NewDirectory {
    /// Creates the directory of `file`, if it does not exist.
    fn create(file: &Path) -> io::Result<Option<Self>> {
        let directory = directory_of(file);
        if directory.exists() {
            return Ok(None);
        }
        Directory::create(directory)?;
        Ok(Some(Self(Some(directory.to_owned()))))
    }

    /// The same for one of AWS's shared files.
    pub(super) fn of_shared_file(file: &Path) -> Result<Option<Self>, SinkError> {
        let directory = || directory_of(file).to_owned();
        Self::create(file).map_err(|reason| SinkError::Path {
            place: FilePlace::SharedFiles,
            path: file.to_owned(),
            source: PathError::Directory { directory: directory(), reason },
        })
    }

    /// The same for a file in the state directory.
    pub(super) fn of_state(file: &Path) -> Result<Option<Self>, SinkError> {
        let failed = |source| StateError::Io { path: directory_of(file).to_owned(), source };
        Self::create(file).map_err(|error| SinkError::State(failed(error)))
    }

    /// Keeps the directory; returns how to undo that.
    pub(super) fn keep(&mut self) -> Option<Undo> {
        self.0.take().map(Undo::CreatedDirectory)
    }
}

impl Drop for NewDirectory {
    fn drop(&mut self) {
        if let Some(directory) = &self.0 {
            // `remove_dir` removes empty directories only, so no other program's files are lost.
            let _ = fs::remove_dir(directory);
        }
    }
}
