//! Why a file cannot be read at all, with the limits that its messages name.

/// The largest template that CloudFormation accepts (1 MiB, from S3).
pub(crate) const LARGEST: usize = 1024 * 1024;
/// The parser compares all names of an object with each other, so their number counts, not the file's size.
pub(crate) const MOST_ASSIGNMENTS: usize = 10_000;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Larger than a template may be.
    #[error("the file has {0} bytes; the limit is {LARGEST}")]
    TooLarge(usize),
    /// Terraform only: the parser's time grows with the square of their number.
    #[error("the file has {0} `=` and `:` characters; the limit is {MOST_ASSIGNMENTS}")]
    TooManyAssignments(usize),
    /// The character that marks a part that isn't literal.
    #[error("line {0} contains U+FDD0, which is not a valid character")]
    Noncharacter(usize),
    /// Neither the file's name nor its text shows the language.
    #[error("neither the file's name nor its text shows whether it is JSON, YAML or Terraform")]
    UnknownLanguage,
    /// Terraform's other syntax.
    #[error("Terraform's JSON syntax is not supported")]
    TerraformJson,
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
            Self::TooLarge(_) | Self::TooManyAssignments(_) => {
                Some("put the role, or only its policy, into a separate file")
            }
            Self::UnknownLanguage => Some("name the file `….json`, `….yaml` or `….tf`"),
            Self::TerraformJson => {
                Some("take the policy from the output of `terraform show -json`, or write it as HCL")
            }
            Self::Noncharacter(_) | Self::Json { .. } | Self::Yaml { .. } | Self::Terraform { .. } => None,
        }
    }
}
