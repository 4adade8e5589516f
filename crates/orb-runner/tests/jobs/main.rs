//! Real runs of jobs: the runner's own rules, then the orb's scripts in several shells.
//!
//! One test program, because they share a fixture: a config in a temporary directory, and the binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod assume;
mod clear;
mod command_line;
mod downloads;
mod faults;
mod file_server;
mod fixture;
mod image;
mod install;
mod modes;
mod preflight;
mod run_rules;
mod windows;
