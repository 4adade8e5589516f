//! Trust policies: reading files, comparing them with a token, explaining the result, planning new ones.

pub(crate) mod explanation;
pub(crate) mod known_policy;
pub(crate) mod policy_files;
pub(crate) mod trust_file;
pub(crate) mod trust_plan;
