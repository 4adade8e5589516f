//! The trust policies in a file: plain JSON, IAM's answers, CloudFormation, Terraform; each with its lines, and with
//! what could not be read. Apart from `trust-policy`, which knows one form only and no parser of languages. No I/O.

mod cloudformation;
mod iam_document;
mod json;
mod lines;
mod node;
mod note;
mod policy;
mod policy_text;
mod read;
mod source_error;
mod terraform;
mod yaml;

pub use note::Note;
pub use policy_text::PolicyText;
pub use read::{Source, read};
pub use source_error::SourceError;
