//! Reads the trust policies in a file: plain JSON, responses of IAM's API, CloudFormation, Terraform, Pulumi and
//! Kubernetes resources; each with its line numbers, and with notes on what could not be read. Separate from
//! `trust-policy`, which reads a policy's JSON only and has no parsers of other languages. No I/O.

mod cloudformation;
mod forms;
mod hcl;
mod json;
mod language;
mod lines;
mod may_exchange;
mod node;
mod note;
mod policy;
mod policy_text;
mod position;
mod provider_url;
mod pulumi;
mod read;
mod search;
mod source_error;
mod span;
mod statement_form;
mod terraform;
mod terraform_show;
mod yaml;

pub use note::{Elsewhere, Note};
pub use policy_text::PolicyText;
pub use read::{Source, read};
pub use source_error::{LARGEST, SourceError};
pub use span::{Span, excerpt};
