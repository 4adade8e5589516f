//! Real runs of jobs: the runner's own rules, then the orb's scripts in several shells.
//!
//! One test program, because they share a fixture: a config in a temporary directory, and the binary.

mod assume;
mod clear;
mod command_line;
mod compressed;
mod directory;
mod downloads;
mod faults;
mod file_server;
mod fixture;
mod image;
mod install;
mod modes;
mod path;
mod preflight;
mod run_rules;
mod shells;
mod windows;
mod with_credentials;
