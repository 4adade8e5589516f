//! The trust policies in a file: plain JSON, IAM's answers, CloudFormation, Terraform; each with its lines, and with
//! what could not be read. Apart from `trust-policy`, which knows one form only and no parser of languages. No I/O.

mod cloudformation;
mod hcl;
mod intrinsic;
mod json;
mod lines;
mod node;
mod policy;
mod policy_document;
mod read;
mod terraform;
mod tree;
mod yaml;

pub use policy::PolicyText;
pub use read::{Note, Source, SourceError, read};
