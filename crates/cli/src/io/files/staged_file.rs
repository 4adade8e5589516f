//! Replaces a file atomically: the new text is written to a staging file beside it, which is then renamed, so a reader
//! sees the old text or the new one. The staging file is created before STS is called: a directory that is not writable
//! fails first.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::io::files::file_trust::directory_of;
use crate::io::files::private_file;

/// How many staging files this process has created.
static STAGED: AtomicU32 = AtomicU32::new(0);

/// A new version of a file. Dropped without [`StagedFile::replace`], it leaves nothing behind.
pub(crate) struct StagedFile {
    target: PathBuf,
    staging: PathBuf,
    file: Option<File>,
}

impl StagedFile {
    /// Creates the empty staging file beside `target`, which is a resolved path.
    pub(crate) fn create(target: &Path) -> io::Result<Self> {
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Two profiles of one run stage the same file.
        let number = STAGED.fetch_add(1, Ordering::Relaxed);
        let staging = directory_of(target).join(format!(".{name}.{}-{number}.tmp", std::process::id()));
        let file = private_file::create(&staging)?;
        Ok(Self { target: target.to_owned(), staging, file: Some(file) })
    }

    /// Writes the text and replaces the target with it.
    pub(crate) fn replace(mut self, text: &str) -> io::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.write_all(text.as_bytes())?;
        keep_owner(&self.target, &file)?;
        file.sync_all()?;
        fs::rename(&self.staging, &self.target)
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // After the rename the file no longer exists under this name.
        let _ = fs::remove_file(&self.staging);
    }
}

/// Root may edit another user's file; the owner must not change.
#[cfg(unix)]
fn keep_owner(target: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let before = fs::metadata(target).or_else(|_| fs::metadata(directory_of(target)))?;
    let now = file.metadata()?;
    if rustix::process::geteuid().is_root() && (before.uid(), before.gid()) != (now.uid(), now.gid()) {
        fchown(file, Some(before.uid()), Some(before.gid()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix this can fail")]
fn keep_owner(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_new_text_is_private_whatever_the_old_mode_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        private_file::create(&path).unwrap().write_all(b"old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        StagedFile::create(&path).unwrap().replace("new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_stage_that_is_given_up_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        drop(StagedFile::create(&path).unwrap());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
