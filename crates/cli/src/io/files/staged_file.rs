//! Replaces a file atomically: the new text is written to a staging file beside it, which is then renamed, so a reader
//! sees the old text or the new one. A staging file is there only while a signal cannot end this process; one that a killed
//! run has left is removed by the next run.

use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::io::files::directory::{Directory, Expected};
use crate::io::files::file_trust::directory_of;
use crate::io::files::stage_name;
use crate::io::files::text_file::{self, ReadError};
use crate::io::signals::Hold;

/// Removes what killed runs have left in a directory.
pub(crate) fn sweep(directory: &Path) {
    if let Ok(directory) = Directory::open(directory) {
        sweep_in(&directory);
    }
}

/// The same in a directory that is open.
pub(crate) fn sweep_in(directory: &Directory) {
    stage_name::sweep(directory);
}

/// A new version of a file. Dropped without [`StagedFile::replace`], it leaves nothing behind.
pub(crate) struct StagedFile {
    directory: Directory,
    target: OsString,
    staging: OsString,
    file: Option<File>,
    /// Dropped after the file is removed: fields are dropped after `drop`.
    _hold: Hold,
}

impl StagedFile {
    /// Creates the empty staging file beside `target`, which is a resolved path.
    pub(crate) fn create(target: &Path) -> io::Result<Self> {
        Self::create_expected(target, Expected::Own)
    }

    /// The same with another expectation.
    pub(crate) fn create_expected(target: &Path, expected: Expected) -> io::Result<Self> {
        Self::create_in(Directory::open_expected(directory_of(target), expected)?, target, expected)
    }

    /// The same in its directory, which is open.
    pub(crate) fn create_in(directory: Directory, target: &Path, expected: Expected) -> io::Result<Self> {
        let hold = Hold::start();
        if expected == Expected::Own {
            stage_name::sweep(&directory);
        }
        let target = target.file_name().unwrap_or_default().to_owned();
        let (staging, file) = loop {
            let staging = stage_name::new()?;
            let file = directory.create_file(&staging)?;
            if stage_name::claim(&file).inspect_err(|_| drop(directory.remove_file(&staging)))? {
                break (staging, file);
            }
        };
        Ok(Self { directory, target, staging, file: Some(file), _hold: hold })
    }

    /// Shows whether a file can be replaced, before STS is called.
    pub(crate) fn probe(target: &Path) -> io::Result<()> {
        Self::create(target).map(drop)
    }

    /// The text and permissions of the file that is to be replaced; `None` if it does not exist.
    pub(crate) fn target(&self, limit: u64) -> Result<Option<(Zeroizing<String>, Permissions)>, ReadError> {
        let mut file = match self.directory.open_file(&self.target) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ReadError::Io(error)),
        };
        let text = text_file::read_regular(limit, &mut file).map(Zeroizing::new)?;
        let permissions = file.metadata().map_err(ReadError::Io)?.permissions();
        Ok(Some((text, permissions)))
    }

    /// Writes the text and replaces the target with it.
    pub(crate) fn replace(self, text: &str) -> io::Result<()> {
        self.replace_with(text.as_bytes(), None)
    }

    /// The same with other permissions than those of a private file.
    pub(crate) fn replace_with(mut self, text: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.write_all(text)?;
        self.directory.keep_owner(&file, &self.target)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.sync_all()?;
        self.directory.rename(&self.staging, &self.target)
    }

    /// Removes the target instead of replacing it.
    pub(crate) fn remove_target(self) -> io::Result<()> {
        self.directory.remove_file(&self.target)
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // After the rename the file no longer exists under this name.
        let _ = self.directory.remove_file(&self.staging);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn write(path: &Path, text: &str) -> io::Result<()> {
        File::create_new(path)?.write_all(text.as_bytes())
    }

    #[test]
    fn the_new_text_is_private_whatever_the_old_mode_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
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

    #[test]
    fn a_link_that_is_planted_after_the_check_is_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let (path, other) = (directory.path().join("credentials"), directory.path().join("other"));
        write(&other, "secret").unwrap();
        let stage = StagedFile::create(&path).unwrap();
        std::os::unix::fs::symlink(&other, &path).unwrap();
        assert!(matches!(stage.target(100), Err(ReadError::Io(_))));
        stage.replace("new").unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "secret");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }
}
