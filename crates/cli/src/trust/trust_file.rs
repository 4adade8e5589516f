//! Files that hold trust policies, read for judging: whatever way a team writes them.

use std::path::{Path, PathBuf};

use policy_source::{Source, SourceError};
use trust_policy::TrustPolicy;

use crate::io::files::text_file;

/// Why there is no trust policy to judge.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustFileError {
    /// Not a file of text.
    #[error("the policy file `{}` can't be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: text_file::ReadError,
    },
    /// No language that policies are written in.
    #[error("`{}` can't be read as trust policies", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: SourceError,
    },
    /// Another count than one.
    #[error("`{}` holds {count} trust policies, and one can be tried", path.display())]
    NotOne {
        /// The file.
        path: PathBuf,
        /// How many.
        count: usize,
    },
    /// A part that only the deployment knows.
    #[error("the policy in `{}` is not literal throughout: {what}", path.display())]
    NotLiteral {
        /// The file.
        path: PathBuf,
        /// Which part.
        what: String,
    },
}

/// All trust policies in a file.
pub(crate) fn all(path: &Path) -> Result<Source, TrustFileError> {
    let text = text_file::read(path)
        .and_then(|text| text.ok_or(text_file::ReadError::Missing))
        .map_err(|source| TrustFileError::Unreadable { path: path.to_owned(), source })?;
    policy_source::read(&path.to_string_lossy(), &text)
        .map_err(|source| TrustFileError::Source { path: path.to_owned(), source })
}

/// The only trust policy in a file, every part of it known.
pub(crate) fn one(path: &Path) -> Result<TrustPolicy, TrustFileError> {
    let Source { mut policies, notes } = all(path)?;
    if let Some(note) = notes.first() {
        let what = format!("line {}: {}", note.line, note.text);
        return Err(TrustFileError::NotLiteral { path: path.to_owned(), what });
    }
    let count = policies.len();
    match policies.pop() {
        Some(found) if count == 1 => match found.not_literal() {
            Some(what) => Err(TrustFileError::NotLiteral { path: path.to_owned(), what }),
            None => Ok(found.policy),
        },
        _ => Err(TrustFileError::NotOne { path: path.to_owned(), count }),
    }
}
