//! `local-sts` for scripts: runs the server, mints tokens for it, and makes certificates for other
//! servers. Everything that a script needs is in files of one directory.

mod arguments;
mod certificate;
mod failure;
mod mint;
mod serve;
mod state_directory;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve(options) => serve::run(options),
        Command::Mint(options) => mint::run(&options),
        Command::Certificate(options) => certificate::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
