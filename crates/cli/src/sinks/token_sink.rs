//! The file of `token --to file:PATH`. Nothing but a token is replaced: a user may have named a key, or a file of the project.

use std::path::{Path, PathBuf};

use aws::Secret;
use oidc::Token;

use crate::io::files::transaction::FileTransaction;
use crate::sinks::{EditSink, SinkError};

/// The file, checked.
pub(crate) struct TokenSink {
    named: PathBuf,
    file: EditSink,
}

impl TokenSink {
    /// Checks that the file can be replaced, and that nothing but a token is lost.
    pub(crate) fn open(path: &Path) -> Result<Self, SinkError> {
        let file = EditSink::open(path)?;
        check(&file.text()?, path)?;
        Ok(Self { named: path.to_owned(), file })
    }

    /// The file, with links followed.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Replaces the file, also one with the same token: others may have been able to read that one.
    pub(crate) fn write(self, token: &str, transaction: &mut FileTransaction) -> Result<(), SinkError> {
        let Self { named, file } = self;
        let edit = |existing: &str| {
            check(existing, &named)?;
            Ok(Secret::new(token.to_owned()))
        };
        file.replace(edit, transaction)
    }
}

fn check(existing: &str, path: &Path) -> Result<(), SinkError> {
    let is_replaceable = existing.trim().is_empty() || Token::parse(existing.trim()).is_ok();
    if is_replaceable { Ok(()) } else { Err(SinkError::NotToken { path: path.to_owned() }) }
}
