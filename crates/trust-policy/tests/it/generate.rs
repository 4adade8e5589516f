//! Generated policies, checked with the evaluator and with tokens that another crate makes.

mod github;
mod github_properties;
mod plans;
mod properties;
pub(crate) mod random;
mod verdicts;
