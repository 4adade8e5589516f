//! The orb: packed, expanded, reviewed, and its jobs run.
#![cfg(test)]

mod expansion;
mod jobs;
mod orb_review;
mod packing;
