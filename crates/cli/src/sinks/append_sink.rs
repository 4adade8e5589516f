//! A file of many writers, such as that of `BASH_ENV` or `GITHUB_ENV`: it is appended to in one write, and never rewritten.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use aws::Secret;

use crate::io::files::directory::{Directory, Expected};
use crate::io::files::file_trust::{self, PathError, directory_of};
use crate::io::files::private_file;
use crate::io::files::transaction::{FileTransaction, Undo};
use crate::sinks::SinkError;

/// A file that is open for appending.
pub(crate) struct AppendSink {
    path: PathBuf,
    file: File,
    /// Whether `open` created it: CircleCI names a file that does not exist yet.
    created: bool,
    written: bool,
}

impl AppendSink {
    /// Opens the file; creates it where it is missing.
    pub(crate) fn open(path: &Path, expected: Expected) -> Result<Self, SinkError> {
        let unusable = |source| SinkError::Path { path: path.to_owned(), source };
        let resolved = file_trust::resolve_expected(path, expected).map_err(unusable)?;
        let denied = |error| unusable(PathError::Io(error));
        let directory = Directory::open_expected(directory_of(&resolved), expected).map_err(denied)?;
        let name = resolved.file_name().unwrap_or_default();
        let created = match directory.create_file(name) {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(denied(error)),
        };
        let file = directory.append_to(name).map_err(denied)?;
        Ok(Self { path: resolved, file, created, written: false })
    }

    /// Appends these lines. A file that ends in the middle of a line gets its line break in the same write: a reader never
    /// sees the lines glued to what another program left there.
    pub(crate) fn write_lines(
        mut self,
        lines: &Secret,
        transaction: &mut FileTransaction,
    ) -> Result<(), SinkError> {
        let in_a_line = self.ends_in_a_line();
        if !in_a_line.map_err(|source| SinkError::Write { path: self.path.clone(), source })? {
            return self.write(lines, transaction);
        }
        let lines = lines.expose();
        let mut text = String::with_capacity(1 + lines.len());
        text.extend(["\n", lines]);
        self.write(&Secret::new(text), transaction)
    }

    /// Whether the last byte of the file is not that of a line break. Where it is read from does not matter to what is
    /// appended later.
    fn ends_in_a_line(&mut self) -> io::Result<bool> {
        if self.file.metadata()?.len() == 0 {
            return Ok(false);
        }
        self.file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        self.file.read_exact(&mut last)?;
        Ok(last != *b"\n")
    }

    /// Appends the whole text in one write.
    pub(crate) fn write(mut self, text: &Secret, transaction: &mut FileTransaction) -> Result<(), SinkError> {
        let path = self.path.clone();
        let failed = |source| SinkError::Write { path: path.clone(), source };
        let metadata = self.file.metadata().map_err(failed)?;
        let (length, permissions) = (metadata.len(), metadata.permissions());
        private_file::make_private(&self.file).map_err(failed)?;
        let bytes = text.expose().as_bytes();
        match self.file.write(bytes) {
            Ok(count) if count == bytes.len() => {}
            outcome => {
                // Every later step would run half a line.
                let restored =
                    self.file.set_len(length).and_then(|()| self.file.set_permissions(permissions));
                let short = || io::Error::new(io::ErrorKind::WriteZero, "only a part was written");
                return Err(failed(outcome.err().or(restored.err()).unwrap_or_else(short)));
            }
        }
        self.written = true;
        let file = self.file.try_clone().map_err(failed)?;
        let is_new = self.created && length == 0;
        let before = (!is_new).then_some((length, permissions));
        transaction.push(Undo::Appended { path, file, before, after: length + bytes.len() as u64 });
        Ok(())
    }
}

impl Drop for AppendSink {
    fn drop(&mut self) {
        let is_empty = || self.file.metadata().is_ok_and(|metadata| metadata.len() == 0);
        if self.created && !self.written && is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}
