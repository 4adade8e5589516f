//! The judge of trust policies, the lint and the generator.
#![cfg(test)]

mod changes;
mod differential;
mod generate;
mod lint;
mod policies;
