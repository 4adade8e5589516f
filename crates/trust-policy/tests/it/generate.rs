//! What is generated, held against the evaluator and against tokens that another crate makes.

mod plans;
mod properties;
mod random;
mod verdicts;
