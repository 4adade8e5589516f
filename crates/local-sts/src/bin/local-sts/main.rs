//! `local-sts`: rehearses a trust policy in one command. For scripts it runs the server, mints tokens for it, and makes
//! certificates for other servers; everything that a script needs is in files of one directory.

mod arguments;
mod certificate;
mod failure;
mod mint;
mod policy_file;
mod rehearse;
mod serve;
mod state_directory;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Rehearse(options) => rehearse::run(&options),
        Command::Serve(options) => serve::run(options),
        Command::Mint(options) => mint::run(&options),
        Command::Certificate(options) => certificate::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
