//! Generated policies, checked with the evaluator and with tokens that another crate makes.

mod github;
mod plans;
mod properties;
mod random;
mod verdicts;
