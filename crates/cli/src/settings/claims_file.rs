//! The claims that stand for a token: a file that `--claims` names.

use std::path::PathBuf;

use trust_policy::TokenClaims;

use crate::io::files::text_file;
use crate::settings::inputs::Inputs;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// A file of claims that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("the claims in `{}` cannot be read", path.display())]
struct UnreadableClaims {
    path: PathBuf,
    source: text_file::ReadError,
}

/// The claims in the file, if one is named.
pub(crate) fn claims(inputs: Inputs<'_>) -> Result<Option<TokenClaims>, SettingsError> {
    let Some(value) = inputs.value(&table::CLAIMS)? else { return Ok(None) };
    let path = inputs.path(&value)?;
    let text = text_file::read_named(&path)
        .and_then(|text| text.ok_or(text_file::ReadError::Missing))
        .map_err(|source| invalid(value.name, UnreadableClaims { path, source }))?;
    text.parse().map(Some).map_err(|flaw| invalid(value.name, flaw))
}
