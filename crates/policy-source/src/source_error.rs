//! Why a file cannot be read at all, with the limits that its messages name.

/// More than any template that AWS takes, which is 1 MiB from S3.
pub(crate) const LARGEST: usize = 1024 * 1024;
/// An object's names are compared with each other by the parser, so their number counts and not the file's size.
pub(crate) const MOST_ASSIGNMENTS: usize = 10_000;

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Beyond what a template may have.
    #[error("the file has {0} bytes, the limit is {LARGEST}")]
    TooLarge(usize),
    /// Terraform alone: its parser's time grows with the square of them.
    #[error("the file has {0} `=` and `:`, the limit is {MOST_ASSIGNMENTS}")]
    TooManyAssignments(usize),
    /// The character that marks what isn't literal.
    #[error("line {0} holds U+FDD0, which is no character")]
    Noncharacter(usize),
    /// Neither the name nor the text says.
    #[error("neither its name nor its text says whether this is JSON, YAML or Terraform")]
    UnknownLanguage,
    /// Another syntax for Terraform.
    #[error("Terraform's JSON syntax is not supported")]
    TerraformJson,
    /// The text isn't what its name says.
    #[error("this is no JSON that can be judged: {problem}")]
    Json {
        /// With the line, where there is one.
        problem: String,
    },
    /// The text isn't what its name says.
    #[error("this is no YAML that can be judged: {problem}")]
    Yaml {
        /// With the line, where there is one.
        problem: String,
    },
    /// The text isn't what its name says.
    #[error("this is no Terraform that can be judged: {problem}")]
    Terraform {
        /// With the line, where there is one.
        problem: String,
    },
}

impl SourceError {
    /// What to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooLarge(_) | Self::TooManyAssignments(_) => {
                Some("put the role, or its policy alone, into a file of its own")
            }
            Self::UnknownLanguage => Some("name the file `….json`, `….yaml` or `….tf`"),
            Self::TerraformJson => Some("lint the plan's policy: `terraform show -json`, or write it as HCL"),
            Self::Noncharacter(_) | Self::Json { .. } | Self::Yaml { .. } | Self::Terraform { .. } => None,
        }
    }
}
