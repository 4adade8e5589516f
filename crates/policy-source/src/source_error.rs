//! Why a file cannot be read at all, with the limits that its messages name.

/// Plans of `terraform show -json` are large. CloudFormation accepts templates of 1 MiB.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Larger than a template may be.
    #[error("the file has {0} bytes; the limit is {LARGEST}")]
    TooLarge(usize),
    /// The character that marks a part that isn't literal.
    #[error("line {0} contains U+FDD0, which is not a valid character")]
    Noncharacter(usize),
    /// Neither the file's name nor its text shows the language.
    #[error("neither the file's name nor its text shows whether it is JSON, YAML or Terraform")]
    UnknownLanguage,
    /// The text is not valid in this language, or is beyond a limit.
    #[error("cannot read the file as JSON: {problem}")]
    Json {
        /// The parser's message, with the line if it has one.
        problem: String,
    },
    /// The text is not valid in this language, or is beyond a limit.
    #[error("cannot read the file as YAML: {problem}")]
    Yaml {
        /// The parser's message, with the line if it has one.
        problem: String,
    },
    /// The text is not valid in this language, or is beyond a limit.
    #[error("cannot read the file as Terraform: {problem}")]
    Terraform {
        /// The parser's message, with the line if it has one.
        problem: String,
    },
}

impl SourceError {
    /// The next action.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooLarge(_) => Some("put the role, or only its policy, into a separate file"),
            Self::UnknownLanguage => Some("name the file `….json`, `….yaml` or `….tf`"),
            Self::Noncharacter(_) | Self::Json { .. } | Self::Yaml { .. } | Self::Terraform { .. } => None,
        }
    }
}
