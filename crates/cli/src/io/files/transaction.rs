//! Writes to several files as one transaction: each write pushes its undo, a rollback runs all of them, the latest
//! first. A transaction that is dropped without a commit is rolled back, so no early return leaves half of it.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::PathBuf;

use aws::Secret;
use zeroize::Zeroizing;

use crate::io::files::directory_lock;
use crate::io::files::file_trust::directory_of;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file::SHARED_FILE_LIMIT;

/// The undo of each write so far.
#[derive(Default)]
pub(crate) struct FileTransaction(Vec<Undo>);

/// A file that a rollback could not restore.
#[derive(Debug, thiserror::Error)]
#[error("`{}` could not be restored: {reason}", path.display())]
pub(crate) struct NotRestored {
    path: PathBuf,
    reason: io::Error,
}

impl FileTransaction {
    /// Adds the undo of a write.
    pub(crate) fn push(&mut self, undo: Undo) {
        self.0.push(undo);
    }

    /// The number of writes so far.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Keeps every write.
    pub(crate) fn commit(mut self) {
        self.0.clear();
    }

    /// Undoes every write and returns those that could not be undone.
    pub(crate) fn roll_back(mut self) -> Vec<NotRestored> {
        self.undo()
    }

    fn undo(&mut self) -> Vec<NotRestored> {
        let undone = std::mem::take(&mut self.0).into_iter().rev().map(|undo| {
            let path = undo.path();
            undo.run().map_err(|reason| NotRestored { path, reason })
        });
        undone.filter_map(Result::err).collect()
    }
}

impl Extend<Undo> for FileTransaction {
    fn extend<T: IntoIterator<Item = Undo>>(&mut self, undos: T) {
        self.0.extend(undos);
    }
}

impl Drop for FileTransaction {
    fn drop(&mut self) {
        drop(self.undo());
    }
}

/// Restores a file to its state before a write. Holds the state after the write too: later changes by other processes
/// stay.
pub(crate) enum Undo {
    /// The file was replaced.
    Replaced {
        /// Its path.
        path: PathBuf,
        /// Its text and permissions before; `None` if there was no file.
        before: Option<(Zeroizing<String>, Permissions)>,
        /// Its text now.
        after: Secret,
    },
    /// Text was appended.
    Appended {
        /// Its path.
        path: PathBuf,
        /// The file, open.
        file: File,
        /// Its length and permissions before; `None` if there was no file.
        before: Option<(u64, Permissions)>,
        /// Its length now.
        after: u64,
    },
    /// The file was deleted.
    Removed {
        /// Its path.
        path: PathBuf,
        /// Its text.
        text: Zeroizing<String>,
        /// Its permissions.
        permissions: Permissions,
    },
    /// The directory was created.
    CreatedDirectory(PathBuf),
}

impl Undo {
    fn path(&self) -> PathBuf {
        match self {
            Self::Replaced { path, .. }
            | Self::Appended { path, .. }
            | Self::Removed { path, .. }
            | Self::CreatedDirectory(path) => path.clone(),
        }
    }

    fn run(self) -> io::Result<()> {
        let changed = || io::Error::other("another process has changed it since");
        match self {
            Self::Replaced { path, before, after } => {
                let _lock = directory_lock::lock(directory_of(&path))?;
                let stage = StagedFile::create(&path)?;
                let now = stage.target(SHARED_FILE_LIMIT).map_err(io::Error::other)?;
                if now.as_ref().map(|(text, _)| text.as_str()) != Some(after.expose()) {
                    return Err(changed());
                }
                match before {
                    Some((text, permissions)) => stage.replace_with(&text, Some(permissions)),
                    None => stage.remove_target(),
                }
            }
            Self::Appended { path, file, before, after } => {
                if file.metadata()?.len() != after {
                    return Err(changed());
                }
                let Some((length, permissions)) = before else { return fs::remove_file(path) };
                file.set_len(length)?;
                file.set_permissions(permissions)
            }
            // A file that exists by now is newer.
            Self::Removed { path, .. } if path.exists() => Ok(()),
            Self::Removed { path, text, permissions } => {
                StagedFile::create(&path)?.replace_with(&text, Some(permissions))
            }
            // Only an empty directory can be removed: files that others have created there since stay.
            Self::CreatedDirectory(path) => fs::remove_dir(path).or(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use super::*;

    /// Appends, and returns the undo.
    fn append(path: &Path, text: &str) -> Undo {
        let before = fs::metadata(path).ok().map(|metadata| (metadata.len(), metadata.permissions()));
        let mut file = File::options().create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let after = file.metadata().unwrap().len();
        Undo::Appended { path: path.to_owned(), file, before, after }
    }

    #[test]
    fn an_append_is_undone_unless_another_process_has_appended_since() {
        for (existing, later, left) in [
            (None, "", None),
            (None, "B", Some("AB")),
            (Some("x"), "", Some("x")),
            (Some("x"), "B", Some("xAB")),
        ] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("file");
            if let Some(text) = existing {
                drop(append(&path, text));
            }
            let mut transaction = FileTransaction::default();
            transaction.push(append(&path, "A"));
            drop(append(&path, later));
            assert_eq!(transaction.roll_back().is_empty(), later.is_empty());
            assert_eq!(fs::read_to_string(&path).ok().as_deref(), left, "{existing:?}");
        }
    }

    #[test]
    fn only_a_commit_keeps_what_was_written() {
        for (commits, left) in [(true, Some("AB")), (false, None)] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("file");
            let mut transaction = FileTransaction::default();
            transaction.push(append(&path, "A"));
            transaction.push(append(&path, "B"));
            if commits {
                transaction.commit();
            } else {
                drop(transaction);
            }
            assert_eq!(fs::read_to_string(&path).ok().as_deref(), left);
        }
    }
}
