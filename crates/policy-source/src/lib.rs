//! Reads the trust policies in a file: plain JSON, responses of IAM's API, CloudFormation, Terraform; each with its
//! line numbers, and with notes on what could not be read. Separate from `trust-policy`, which reads a policy's JSON
//! only and has no parsers of other languages. No I/O.

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
mod span;
mod terraform;
mod yaml;

pub use note::Note;
pub use policy_text::PolicyText;
pub use read::{Source, read};
pub use source_error::SourceError;
pub use span::{Span, excerpt};
