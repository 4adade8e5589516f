//! Directories that a destination needs: created on opening, and removed again if nothing is written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::io::files::directory::Directory;
use crate::io::files::file_trust::{PathError, directory_of};
use crate::io::files::transaction::Undo;
use crate::renewal::state_directory::StateError;
use crate::sinks::{FilePlace, SinkError};

/// A directory that this run created, with those above it that were missing, the innermost first; removed on drop unless
/// `keep` was called.
pub(super) struct NewDirectory(Vec<PathBuf>);

impl NewDirectory {
    /// Creates the directory of `file`, if it does not exist.
    fn create(file: &Path) -> io::Result<Option<Self>> {
        let directory = directory_of(file);
        let missing: Vec<PathBuf> = directory
            .ancestors()
            // The last one of a relative path is empty: the working directory.
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
            .map(Path::to_owned)
            .collect();
        if missing.is_empty() {
            return Ok(None);
        }
        // Where a part of them is created before an error, they are removed too.
        let created = Self(missing);
        Directory::create(directory)?;
        Ok(Some(created))
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

    /// Keeps the directories; returns how to undo that, the outermost first, so that a rollback removes it last.
    pub(super) fn keep(&mut self) -> impl Iterator<Item = Undo> + use<> {
        std::mem::take(&mut self.0).into_iter().rev().map(Undo::CreatedDirectory)
    }
}

impl Drop for NewDirectory {
    fn drop(&mut self) {
        for directory in &self.0 {
            // `remove_dir` removes empty directories only, so no other program's files are lost.
            let _ = fs::remove_dir(directory);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::files::transaction::FileTransaction;

    #[test]
    fn all_directories_that_were_created_are_removed_and_none_that_was_there() {
        let home = tempfile::tempdir().unwrap();
        let there = home.path().join("there");
        fs::create_dir(&there).unwrap();
        let file = there.join("a/b/c/file");
        drop(NewDirectory::create(&file).unwrap());
        assert_eq!(fs::read_dir(&there).unwrap().count(), 0);
        // What another program puts into one of them keeps it and those above it.
        let created = NewDirectory::create(&file).unwrap();
        fs::create_dir(there.join("a/other")).unwrap();
        drop(created);
        assert!(there.join("a/other").exists() && !there.join("a/b").exists());
        assert!(NewDirectory::create(&there.join("file")).unwrap().is_none());
    }

    #[test]
    fn a_rollback_removes_all_of_those_that_were_kept() {
        let home = tempfile::tempdir().unwrap();
        let mut created = NewDirectory::create(&home.path().join("a/b/file")).unwrap().unwrap();
        let mut transaction = FileTransaction::default();
        transaction.extend(created.keep());
        drop(created);
        assert!(home.path().join("a/b").exists());
        assert!(transaction.roll_back().is_empty());
        assert!(!home.path().join("a").exists());
    }
}
