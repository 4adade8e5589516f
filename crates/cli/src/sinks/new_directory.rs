//! Directories that a destination needs: created on opening, and removed again if nothing is written.

use std::fs;
use std::path::{Path, PathBuf};

use crate::io::files::directory::Directory;
use crate::io::files::file_trust::{PathError, directory_of};
use crate::io::files::transaction::Undo;
use crate::sinks::SinkError;

/// A directory that this run created; removed on drop unless `keep` was called.
pub(super) struct NewDirectory(Option<PathBuf>);

impl NewDirectory {
    /// Creates the directory of `file`, if it does not exist.
    pub(super) fn create(file: &Path) -> Result<Option<Self>, SinkError> {
        let directory = directory_of(file);
        if directory.exists() {
            return Ok(None);
        }
        Directory::create(directory).map_err(|reason| SinkError::Path {
            path: file.to_owned(),
            source: PathError::Directory { directory: directory.to_owned(), reason },
        })?;
        Ok(Some(Self(Some(directory.to_owned()))))
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
