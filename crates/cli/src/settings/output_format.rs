//! `--format` of the commands that print a result for people or for programs.

use serde::Serialize;

use crate::settings::inputs::Inputs;
use crate::settings::settings_error::SettingsError;
use crate::settings::table;

/// How a result is printed on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    /// For people.
    Text,
    /// One object on one line.
    Json,
}

/// The words of `--format`.
pub(crate) const OUTPUT_FORMATS: [(&str, OutputFormat); 2] =
    [("text", OutputFormat::Text), ("json", OutputFormat::Json)];

/// The format that is set, else text.
pub(crate) fn output_format(inputs: Inputs<'_>) -> Result<OutputFormat, SettingsError> {
    Ok(inputs.one_of(&table::FORMAT, &OUTPUT_FORMATS)?.unwrap_or(OutputFormat::Text))
}

impl OutputFormat {
    /// The text, or the object.
    pub(crate) fn render<T: Serialize>(self, text: impl FnOnce() -> String, object: &T) -> String {
        match self {
            Self::Text => text(),
            Self::Json => serde_json::to_string(object).unwrap_or_default() + "\n",
        }
    }
}
