//! Trust policies in files: read, compared with a token, explained, planned.

pub(crate) mod explanation;
pub(crate) mod known_policy;
pub(crate) mod trust_file;
pub(crate) mod trust_plan;
