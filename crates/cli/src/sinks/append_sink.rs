//! A file of many writers, such as that of `BASH_ENV` or `GITHUB_ENV`: it is appended to in one write.

use std::fs::File;
use std::path::{Path, PathBuf};

use aws::Secret;

use crate::io::files::appended_file;
use crate::io::files::directory::Expected;
use crate::io::files::file_trust::{self, PathError};
use crate::sinks::{FilePlace, SinkError, WriteContext};

/// A file that can be appended to.
pub(crate) struct AppendSink {
    /// As it is named.
    path: PathBuf,
    expected: Expected,
}

impl AppendSink {
    /// Checks that the file can be appended to, or created. Returns the file too, open, if it exists.
    pub(crate) fn open(path: &Path, expected: Expected) -> Result<(Self, Option<File>), SinkError> {
        let unusable = |source| SinkError::Path { place: FilePlace::Flag, path: path.to_owned(), source };
        let target = file_trust::target(path, expected).map_err(unusable)?;
        let file = appended_file::probe(target, expected)
            .map_err(|error| unusable(PathError::of_append(path, error)))?;
        Ok((Self { path: path.to_owned(), expected }, file))
    }

    /// Appends these lines. A file that ends in the middle of a line gets its line break in the same write: a reader never
    /// sees the lines glued to what another program left there.
    pub(crate) fn write_lines(self, lines: &Secret, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        self.append(lines, true, context)
    }

    /// Appends the whole text in one write.
    pub(crate) fn write(self, text: &Secret, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        self.append(text, false, context)
    }

    fn append(self, text: &Secret, own_lines: bool, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        let Self { path, expected } = self;
        let target = file_trust::target(&path, expected).map_err(|source| SinkError::Path {
            place: FilePlace::Flag,
            path: path.clone(),
            source,
        })?;
        let note = context
            .transaction
            .append(target, expected, text.expose(), own_lines)
            .map_err(|source| SinkError::Write { place: FilePlace::Flag, path, source })?;
        context.notes.extend(note.map(|note| note.to_string()));
        Ok(())
    }
}
