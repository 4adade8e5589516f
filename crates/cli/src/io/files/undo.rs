//! Restores a file to its state before a write. Later changes by other processes stay.

use std::fs::{self, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use aws::Secret;
use zeroize::Zeroizing;

use crate::io::files::appended_file::{AppendedFile, IfMissing};
use crate::io::files::directory::Expected;
use crate::io::files::directory_lock;
use crate::io::files::file_trust::directory_of;
use crate::io::files::staged_file::StagedFile;

/// How to undo one write.
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
        /// Whose it is.
        expected: Expected,
        /// The text.
        text: Zeroizing<Vec<u8>>,
        /// Its permissions before.
        permissions: Permissions,
        /// Whether it was created for the text.
        created: bool,
    },
    /// Text was taken out of a file that others append to.
    TakenOut {
        /// Its path.
        path: PathBuf,
        /// What it was, without what was appended meanwhile.
        before: Zeroizing<Vec<u8>>,
        /// The same without the text.
        without: Zeroizing<Vec<u8>>,
        /// The same with line breaks in its place.
        blanked: Zeroizing<Vec<u8>>,
        /// Its permissions before.
        permissions: Permissions,
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
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Replaced { path, .. }
            | Self::Appended { path, .. }
            | Self::TakenOut { path, .. }
            | Self::Removed { path, .. }
            | Self::CreatedDirectory(path) => path.clone(),
        }
    }

    pub(super) fn run(self) -> io::Result<()> {
        match self {
            Self::Replaced { path, before, after } => put_back(&path, before, &after),
            Self::Appended { path, expected, text, permissions, created } => {
                take_back(&path, expected, &text, permissions, created)
            }
            Self::TakenOut { path, before, without, blanked, permissions } => {
                put_in_again(&path, &before, (&without, &blanked), permissions)
            }
            // A file that exists by now is newer.
            Self::Removed { path, .. } if path.exists() => Ok(()),
            Self::Removed { path, text, permissions } => {
                StagedFile::create(&path)?.replace_with(text.as_bytes(), Some(permissions))
            }
            // Only an empty directory can be removed: files that others have created there since stay.
            Self::CreatedDirectory(path) => fs::remove_dir(path).or(Ok(())),
        }
    }
}

fn changed() -> io::Error {
    io::Error::other("another process has changed it since")
}

fn put_back(path: &Path, before: Option<(Zeroizing<String>, Permissions)>, after: &Secret) -> io::Result<()> {
    let _lock = directory_lock::lock(directory_of(path))?;
    let stage = StagedFile::create(path)?;
    // Whatever its length, what was written is read again.
    let now = stage.target(after.expose().len() as u64).map_err(|_| changed())?;
    if now.as_ref().map(|(text, _)| text.as_str()) != Some(after.expose()) {
        return Err(changed());
    }
    match before {
        Some((text, permissions)) => stage.replace_with(text.as_bytes(), Some(permissions)),
        None => stage.remove_target(),
    }
}

/// Takes appended text out, wherever it is by now.
fn take_back(
    path: &Path,
    expected: Expected,
    text: &[u8],
    permissions: Permissions,
    created: bool,
) -> io::Result<()> {
    let Some(mut file) = AppendedFile::open(path, expected, IfMissing::Skip)? else { return Ok(()) };
    file.created = created;
    let before = file.bytes()?;
    let Some(at) = before.windows(text.len()).rposition(|window| window == text) else {
        // Nothing was written, or a part that is blank by now.
        let nothing = created && before.iter().all(|byte| *byte == b'\n');
        return if nothing {
            file.replace(&[], before.len(), permissions)
        } else {
            file.overwrite(&before, &before, permissions)
        };
    };
    let (start, rest) = before.split_at(at);
    let (_, end) = rest.split_at(text.len());
    let without = Zeroizing::new([start, end].concat());
    let blanked = Zeroizing::new([start, &vec![b'\n'; text.len()], end].concat());
    file.take_out(&before, (&without, &blanked), permissions).map(drop)
}

fn put_in_again(
    path: &Path,
    before: &[u8],
    (without, blanked): (&[u8], &[u8]),
    permissions: Permissions,
) -> io::Result<()> {
    let Some(mut file) = AppendedFile::open(path, Expected::Own, IfMissing::Skip)? else {
        return Err(changed());
    };
    let now = file.bytes()?;
    if now.starts_with(before) {
        return file.overwrite(before, before, permissions);
    }
    if now.starts_with(blanked) {
        return file.overwrite(blanked, before, permissions);
    }
    let Some(later) = now.strip_prefix(without) else { return Err(changed()) };
    file.replace(&Zeroizing::new([before, later].concat()), now.len(), permissions)
}
