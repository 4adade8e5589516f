//! A policy in a setting: its JSON, or the name of its file. Whether the text is a policy is decided by its reader.

use std::path::PathBuf;

use crate::io::environment::Environment;
use crate::io::files::text_file;
use crate::io::files::user_path::{self, InvalidPath};
use crate::settings::expansion::Expanded;
use crate::settings::json_text;

/// A policy whose text cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPolicyText {
    /// Its file.
    #[error("the policy file `{}` cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: text_file::ReadError,
    },
    /// The name of its file.
    #[error(transparent)]
    Path(#[from] InvalidPath),
    /// A variable in its JSON.
    #[error("the policy cannot be filled in")]
    Variable(#[source] json_text::InvalidInsertion),
    /// A variable that is its JSON.
    #[error(
        "the whole policy is in a variable, which would decide its statements; write the JSON in the config, with \
         variables inside its strings, or name a file"
    )]
    WholeInVariable,
}

/// The value itself if it is JSON, else the text of the file that it names; `None` if it is blank. Whether it is JSON is
/// what the author wrote, not what a variable holds.
pub(crate) fn read(value: &Expanded, environment: &Environment) -> Result<Option<String>, NoPolicyText> {
    let whole = value.text();
    let path = whole.trim();
    let text = if value.is_written_with('{') {
        json_text::fill_in(value).map_err(NoPolicyText::Variable)?
    } else if path.is_empty() {
        return Ok(None);
    } else if path.starts_with('{') {
        return Err(NoPolicyText::WholeInVariable);
    } else {
        let path = user_path::resolve(path, environment)?;
        text_file::read_named(&path)
            .and_then(|text| text.ok_or(text_file::ReadError::Missing))
            .map_err(|source| NoPolicyText::File { path, source })?
    };
    Ok(Some(text.trim().to_owned()))
}
