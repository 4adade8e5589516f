//! Swaps a CI job's OIDC token for short-lived AWS credentials.
//!
//! The environment and the command line are read here, once; a command runs; what it could not do is printed
//! and becomes the exit code. The architecture: crates/README.md.

mod args;
mod commands;
mod credentials;
mod exchange;
mod failure;
mod io;
mod preflight;
mod profiles;
mod renewal;
mod report;
mod settings;
mod sinks;
mod trust;
mod verify;

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::args::{Command, CommandLine, TrustCommand};
use crate::io::environment::Environment;
use crate::report::Report;

fn main() -> ExitCode {
    let command_line = match CommandLine::try_parse() {
        Ok(command_line) => command_line,
        Err(message) => return help_or_usage(&message),
    };
    io::process::core_dump::forbid();
    let mut environment = Environment::of_this_process();
    if !command_line.command.reads_variables() {
        environment = settings::table::without_settings(&environment);
    }
    let output = command_line.command.output();
    let mut report = Report::new(output.quiet, output.color.as_deref(), &environment);
    let outcome = match &command_line.command {
        Command::Assume(args) => commands::assume::run(args, &environment, &mut report),
        Command::Serve(args) => commands::serve::run(args, &environment, &mut report),
        Command::Profiles(args) => commands::profiles::run(args, &environment, &mut report),
        Command::CredentialProcess(args) => {
            commands::credential_process::run(args, &environment, &mut report)
        }
        Command::Whoami(args) => commands::whoami::run(args, &environment, &mut report),
        Command::Clear(args) => commands::clear::run(args, &environment, &mut report),
        Command::Preflight(args) => commands::preflight::run(args, &environment, &mut report),
        Command::Trust(TrustCommand::Generate(args)) => {
            commands::trust_generate::run(args, &environment, &mut report)
        }
        Command::Trust(TrustCommand::Lint(args)) => {
            commands::trust_lint::run(args, &environment, &mut report)
        }
        Command::Trust(TrustCommand::Test(args)) => {
            commands::trust_test::run(args, &environment, &mut report)
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(failure.print(&mut report)),
    }
}

/// clap's own printing panics on a closed pipe or exits by itself.
fn help_or_usage(message: &clap::Error) -> ExitCode {
    let text = message.render().to_string();
    if matches!(message.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = stdout().lock().write_all(text.as_bytes());
        return ExitCode::SUCCESS;
    }
    let _ = stderr().lock().write_all(text.as_bytes());
    ExitCode::from(2)
}
