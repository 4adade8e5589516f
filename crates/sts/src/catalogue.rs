//! Every known refusal by STS: how it is recognised, what it means, its likely causes and their fixes. Data, separate
//! from its readers: retries, explanations and the page `docs/refusals.md`. The codes and texts are those of facts/aws.md
//! 1.4, 2.3 to 2.6 and 4.

mod by_operator;
mod chapters;
mod denied;
mod entry;
mod evidence;
mod of_request;
mod of_service;
mod of_signature;
mod of_token;
mod page;
mod recognise;
mod template;

#[cfg(test)]
pub(crate) use chapters::entries;
pub(crate) use entry::{Call, Cause, Place, Shows};
pub(crate) use evidence::Evidence;
pub use page::refusals_page;
pub(crate) use recognise::{class_by_any_call, find};
pub(crate) use template::fill;
