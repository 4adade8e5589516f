//! Reads files with trust policies, in all supported languages.

use std::path::{Path, PathBuf};

use aws::RoleArn;
use policy_source::{Source, SourceError};
use trust_policy::TrustPolicy;

use crate::io::files::text_file;

/// Why a file gives no trust policy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustFileError {
    /// The file cannot be read as text.
    #[error("the policy file `{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's own reason.
        #[source]
        source: text_file::ReadError,
    },
    /// Not a supported language, or invalid.
    #[error("`{}` cannot be read as trust policies", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: SourceError,
    },
    /// No policy, or more than one.
    #[error("`{}` holds {count} trust policies; expected 1", path.display())]
    NotOne {
        /// The file.
        path: PathBuf,
        /// The number of policies.
        count: usize,
    },
    /// A part that is known only when the policy is deployed.
    #[error("the policy in `{}` is not fully literal: {what}", path.display())]
    NotLiteral {
        /// The file.
        path: PathBuf,
        /// Which part.
        what: String,
    },
}

/// All trust policies in a file, and the file's text.
pub(crate) fn read_all(path: &Path) -> Result<(Source, String), TrustFileError> {
    let text = text_file::read_named_within(policy_source::LARGEST as u64, path)
        .and_then(|text| text.ok_or(text_file::ReadError::Missing))
        .map_err(|source| TrustFileError::Unreadable { path: path.to_owned(), source })?;
    let source = policy_source::read(&path.to_string_lossy(), &text)
        .map_err(|source| TrustFileError::Source { path: path.to_owned(), source })?;
    Ok((source, text))
}

/// The only trust policy in a file, without unknown parts, and its role, where the file says which.
pub(crate) fn read_one(path: &Path) -> Result<(TrustPolicy, Option<RoleArn>), TrustFileError> {
    let (Source { mut policies, notes, unread, .. }, _) = read_all(path)?;
    if let Some(note) = notes.first().or(unread.first()) {
        let what = format!("line {}: {}", note.line, note.text);
        return Err(TrustFileError::NotLiteral { path: path.to_owned(), what });
    }
    let count = policies.len();
    match policies.pop() {
        Some(found) if count == 1 => match found.not_literal() {
            Some(what) => Err(TrustFileError::NotLiteral { path: path.to_owned(), what }),
            None => Ok((found.policy, found.role_arn.and_then(|arn| arn.parse().ok()))),
        },
        _ => Err(TrustFileError::NotOne { path: path.to_owned(), count }),
    }
}
