//! Directories that a destination needs and that were not there: created on opening, and removed again where nothing is
//! written.

use std::fs;
use std::path::{Path, PathBuf};

use crate::io::files::file_trust::{PathError, directory_of};
use crate::io::files::private_file;
use crate::io::files::transaction::Undo;
use crate::sinks::SinkError;

/// A directory that was missing; gone again on drop unless it was put to use.
pub(super) struct NewDirectory(Option<PathBuf>);

impl NewDirectory {
    /// Creates the directory of `file`, where there is none.
    pub(super) fn create(file: &Path) -> Result<Option<Self>, SinkError> {
        let directory = directory_of(file);
        if directory.exists() {
            return Ok(None);
        }
        private_file::create_directory(directory).map_err(|reason| SinkError::Path {
            path: file.to_owned(),
            source: PathError::Directory { directory: directory.to_owned(), reason },
        })?;
        Ok(Some(Self(Some(directory.to_owned()))))
    }

    /// Puts it to use, and says how to undo that.
    pub(super) fn keep(&mut self) -> Option<Undo> {
        self.0.take().map(Undo::CreatedDirectory)
    }
}

impl Drop for NewDirectory {
    fn drop(&mut self) {
        if let Some(directory) = &self.0 {
            // Only an empty one can be removed, so nothing of anybody else's is lost.
            let _ = fs::remove_dir(directory);
        }
    }
}
