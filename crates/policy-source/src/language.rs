//! In which language a file is.

use crate::source_error::SourceError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Json,
    Yaml,
    /// Also `.tofu`, and Terragrunt's files.
    Terraform,
    TerraformJson,
    /// Percent-encoded JSON, as IAM's API returns it.
    Escaped,
}

impl Language {
    pub(crate) fn of(name: &str, text: &str) -> Result<Self, SourceError> {
        let name = name.to_ascii_lowercase();
        let is = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let start = text.trim_start();
        let has_line =
            |starts: &[&str]| text.lines().any(|line| starts.iter().any(|start| line.starts_with(start)));
        match () {
            () if is(&[".tf.json", ".tofu.json"]) => Ok(Self::TerraformJson),
            () if is(&[".tf", ".tofu", ".hcl"]) => Ok(Self::Terraform),
            () if start.starts_with("%7B") || start.starts_with("%7b") => Ok(Self::Escaped),
            // Whatever the extension: a YAML parser reads JSON too, but some of it differently.
            () if start.starts_with(['{', '[']) => Ok(Self::Json),
            () if is(&[".json"]) => Ok(Self::Json),
            () if is(&[".yaml", ".yml", ".template"]) => Ok(Self::Yaml),
            () if has_line(&["resource \"", "data \"", "module \"", "locals {"]) => Ok(Self::Terraform),
            () if has_line(&[
                "Resources:",
                "Statement:",
                "AWSTemplateFormatVersion:",
                "apiVersion:",
                "resources:",
                "service:",
            ]) =>
            {
                Ok(Self::Yaml)
            }
            () => Err(SourceError::UnknownLanguage),
        }
    }
}
