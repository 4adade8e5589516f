//! A file that is edited: read, changed by a pure function, and replaced whole.

use std::io;
use std::path::{Path, PathBuf};

use aws::Secret;
use zeroize::Zeroizing;

use crate::io::files::directory::{Expected, Target};
use crate::io::files::directory_lock;
use crate::io::files::file_trust::{self, PathError, directory_of};
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file::{self, ReadError, SHARED_FILE_LIMIT};
use crate::io::files::transaction::{FileTransaction, Undo};
use crate::io::files::untrusted_path::UntrustedPath;
use crate::sinks::{FilePlace, SinkError};

/// A file that can be replaced.
pub(crate) struct EditSink {
    /// As the user named it.
    named: PathBuf,
    path: PathBuf,
}

impl EditSink {
    /// The text of a file that may need no replacement; `None` if it does not exist.
    pub(crate) fn existing_text(path: &Path) -> Result<Option<Zeroizing<String>>, SinkError> {
        match file_trust::target(path, Expected::Own) {
            Ok(target) => read(&target),
            Err(error) if error.is_missing() => Ok(None),
            Err(source) => Err(SinkError::Path { place: FilePlace::Flag, path: path.to_owned(), source }),
        }
    }

    /// Checks that the file can be read and replaced.
    pub(crate) fn open(path: &Path) -> Result<Self, SinkError> {
        Self::open_if(path, |_| Ok(()))
    }

    /// The same for one of AWS's shared files, whose other lines say what AWS tools run. From its replacement on it is
    /// private, so lines that another user has put into it would be trusted from then on.
    pub(crate) fn open_shared(path: &Path) -> Result<Self, SinkError> {
        Self::open_if(path, judge_mode)
    }

    fn open_if(path: &Path, admit: impl FnOnce(&Target) -> io::Result<()>) -> Result<Self, SinkError> {
        let unusable = |source| SinkError::Path { place: FilePlace::Flag, path: path.to_owned(), source };
        let target = file_trust::target(path, Expected::Own).map_err(unusable)?;
        read(&target)?;
        let not_replaceable = |error| unusable(PathError::Io(error));
        admit(&target).map_err(not_replaceable)?;
        let Target { path: resolved, directory, .. } = target;
        StagedFile::create_in(directory, &resolved, Expected::Own).map_err(not_replaceable)?;
        Ok(Self { named: path.to_owned(), path: resolved })
    }

    /// The file, with links followed.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file's text; empty if the file does not exist.
    pub(crate) fn text(&self) -> Result<Zeroizing<String>, SinkError> {
        Ok(Self::existing_text(&self.path)?.unwrap_or_default())
    }

    /// Replaces the file with the result of `edit`, if that differs. Reads the file again first, because another
    /// program may have changed it during the call to STS.
    pub(crate) fn write(
        self,
        edit: impl FnOnce(&str) -> Result<Secret, SinkError>,
        transaction: &mut FileTransaction,
    ) -> Result<(), SinkError> {
        self.write_if(|before, after| before != after, edit, transaction)
    }

    /// The same, also if the result is the same: the new file is private, which the old one may not have been.
    pub(crate) fn replace(
        self,
        edit: impl FnOnce(&str) -> Result<Secret, SinkError>,
        transaction: &mut FileTransaction,
    ) -> Result<(), SinkError> {
        self.write_if(|_, _| true, edit, transaction)
    }

    fn write_if(
        self,
        is_needed: impl FnOnce(&str, &str) -> bool,
        edit: impl FnOnce(&str) -> Result<Secret, SinkError>,
        transaction: &mut FileTransaction,
    ) -> Result<(), SinkError> {
        let Self { named, .. } = self;
        transaction.hold_signals();
        let target = file_trust::target(&named, Expected::Own).map_err(|source| SinkError::Path {
            place: FilePlace::Flag,
            path: named,
            source,
        })?;
        let path = target.path.clone();
        let failed = |source| SinkError::Write { place: FilePlace::Flag, path: path.clone(), source };
        let _lock = directory_lock::lock(directory_of(&path)).map_err(failed)?;
        let stage = StagedFile::create_in(target.directory, &path, Expected::Own).map_err(failed)?;
        let unreadable = |source| SinkError::Unreadable { path: path.clone(), source };
        let before = stage.target(SHARED_FILE_LIMIT).map_err(unreadable)?;
        let old = before.as_ref().map_or("", |(text, _)| text.as_str());
        let text = edit(old)?;
        if !is_needed(old, text.expose()) {
            return Ok(());
        }
        // Neither the next run nor an AWS tool could read more.
        if text.expose().len() as u64 > SHARED_FILE_LIMIT {
            return Err(SinkError::WouldBeTooLarge { path, source: ReadError::TooLarge(SHARED_FILE_LIMIT) });
        }
        stage.replace(text.expose()).map_err(failed)?;
        transaction.push(Undo::Replaced { path, before, after: text });
        Ok(())
    }
}

/// Refuses a file that another user may write to.
fn judge_mode(target: &Target) -> io::Result<()> {
    let Target { path, directory, .. } = target;
    let name = path.file_name().unwrap_or_default();
    match directory.open_file(name) {
        Ok(file) => directory.judge_mode(name, &file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The text of a file; `None` if it does not exist.
fn read(target: &Target) -> Result<Option<Zeroizing<String>>, SinkError> {
    let Target { path, directory, .. } = target;
    let unreadable = |source| SinkError::Unreadable { path: path.to_owned(), source };
    match directory.open_file(path.file_name().unwrap_or_default()) {
        Ok(mut file) => text_file::read_regular(SHARED_FILE_LIMIT, &mut file)
            .map(|text| Some(Zeroizing::new(text)))
            .map_err(unreadable),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if UntrustedPath::of(&error).is_some() => Err(SinkError::Path {
            place: FilePlace::Flag,
            path: path.to_owned(),
            source: PathError::Io(error),
        }),
        Err(error) => Err(unreadable(ReadError::Io(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_largest_size_is_written_and_a_larger_one_is_not() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("credentials");
        let write = |bytes| {
            let edit = |_: &str| Ok(Secret::new("#".repeat(bytes)));
            EditSink::open(&path).unwrap().write(edit, &mut FileTransaction::default())
        };
        let limit = usize::try_from(SHARED_FILE_LIMIT).unwrap();
        assert!(write(limit).is_ok());
        assert!(matches!(write(limit + 1), Err(SinkError::WouldBeTooLarge { .. })));
    }

    /// The path was judged before, but another program may have changed what is there meanwhile.
    #[cfg(unix)]
    #[test]
    fn only_a_file_that_is_missing_counts_as_empty() {
        use std::fs::{self, Permissions};
        use std::os::unix::fs::{PermissionsExt, symlink};

        let home = tempfile::tempdir().unwrap();
        let target = |name: &str| file_trust::target(&home.path().join(name), Expected::Own).unwrap();
        assert!(matches!(read(&target("missing")), Ok(None)));
        let link = target("link");
        fs::File::create(home.path().join("file")).unwrap();
        symlink("file", home.path().join("link")).unwrap();
        assert!(matches!(read(&link), Err(SinkError::Unreadable { .. })));
        assert!(judge_mode(&link).is_err());
        let open = home.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(EditSink::existing_text(&open.join("file")), Err(SinkError::Path { .. })));
    }
}
