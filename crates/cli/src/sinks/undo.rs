//! Taking a write back, for when a later one fails.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::io::staged_file::StagedFile;
use crate::report::Report;

/// What it takes to have a file as it was.
pub(crate) enum Undo {
    /// The file was not there.
    Remove(PathBuf),
    /// The file was replaced.
    Restore {
        /// Where it is.
        path: PathBuf,
        /// What it held.
        text: Zeroizing<String>,
        /// Who could read it.
        permissions: Permissions,
    },
    /// Something was appended.
    Truncate {
        /// Where it is.
        path: PathBuf,
        /// The file, open.
        file: File,
        /// Its length before.
        length: u64,
        /// Who could read it.
        permissions: Permissions,
    },
}

/// Takes all back, the latest first. What can't be taken back is said.
pub(crate) fn all(done: Vec<Undo>, report: &mut Report) {
    for undo in done.into_iter().rev() {
        let path = undo.path();
        if let Err(error) = undo.run() {
            report.note(&format!("`{}` could not be put back as it was: {error}", path.display()));
        }
    }
}

impl Undo {
    fn path(&self) -> PathBuf {
        match self {
            Self::Remove(path) | Self::Restore { path, .. } | Self::Truncate { path, .. } => path.clone(),
        }
    }

    /// Takes this one write back.
    pub(crate) fn run(self) -> io::Result<()> {
        match self {
            Self::Remove(path) => fs::remove_file(path),
            Self::Restore { path, text, permissions } => {
                StagedFile::create(&path)?.replace(&text)?;
                fs::set_permissions(path, permissions)
            }
            Self::Truncate { file, length, permissions, .. } => {
                file.set_len(length)?;
                file.set_permissions(permissions)
            }
        }
    }
}
