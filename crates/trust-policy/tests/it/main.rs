//! The judge of trust policies, the lint and the generator.
#![cfg(test)]

mod differential;
mod generate;
mod lint;
mod policies;
