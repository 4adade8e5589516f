//! An env file, edited in place.

use std::path::Path;

use export::{Session, dotenv};

use crate::io::files::transaction::FileTransaction;
use crate::sinks::{EditSink, SinkError};

/// The file, checked.
pub(crate) struct DotenvSink {
    file: EditSink,
    overwrite: bool,
}

impl DotenvSink {
    /// Opens the file. With `overwrite` a user's own long-term keys may be lost.
    pub(crate) fn open(path: &Path, overwrite: bool) -> Result<Self, SinkError> {
        let file = EditSink::open(path)?;
        check(&file.text()?, overwrite, file.path())?;
        Ok(Self { file, overwrite })
    }

    /// Writes the variables.
    pub(crate) fn write(self, session: &Session, transaction: &mut FileTransaction) -> Result<(), SinkError> {
        let Self { file, overwrite } = self;
        let path = file.path().to_owned();
        let edit = |existing: &str| {
            check(existing, overwrite, &path)?;
            dotenv::edit(existing, session)
                .map_err(|source| SinkError::NotPlain { path: path.clone(), source })
        };
        file.write(edit, transaction)
    }
}

fn check(existing: &str, overwrite: bool, path: &Path) -> Result<(), SinkError> {
    if overwrite {
        return Ok(());
    }
    dotenv::refuse_own_keys(existing).map_err(|source| SinkError::OwnKeys { path: path.to_owned(), source })
}
