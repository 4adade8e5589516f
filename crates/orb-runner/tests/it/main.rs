//! The orb: packed, expanded, reviewed, and its jobs run.
#![cfg(test)]

mod compiler_rules;
mod expansion;
mod jobs;
mod orb_review;
mod packing;
