//! Exchanges a CI job's OIDC token for short-lived AWS credentials.
//!
//! Reads the environment and the command line once, runs the command, and turns its failure into a message and an
//! exit code. The architecture: crates/README.md.

mod args;
mod ci;
mod commands;
mod credentials;
mod exchange;
mod existing;
mod failure;
mod io;
mod preflight;
mod profiles;
mod receipt;
mod renewal;
mod report;
mod settings;
mod sinks;
mod trust;
mod verify;

use std::ffi::OsString;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use crate::args::{Command, Parsed, UsageError};
use crate::io::environment::Environment;
use crate::io::secrets;
use crate::report::Report;
use crate::settings::flags::Flags;
use crate::settings::{Inputs, table};

/// musl's own gives each group of allocations back to the system as soon as it is free, and asks for the next one.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    io::process::core_dump::disable();
    let mut environment = Environment::of_this_process();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let parsed = args::parse(&arguments);
    if let Ok(Parsed::Text(text)) = &parsed {
        let _ = stdout().lock().write_all(text.as_bytes());
        return ExitCode::SUCCESS;
    }
    secrets::remember_environment(&environment);
    secrets::remember_arguments(arguments.iter().map(OsString::as_os_str));
    let (command, flags) = match parsed {
        Ok(Parsed::Run(command, flags)) => (command, flags),
        Ok(Parsed::Text(_)) => return ExitCode::SUCCESS,
        Err(error) => return print_usage_error(&error, &environment),
    };
    // A profile's `credential_process` line has all its settings as flags or in a file: it must request the same session in
    // a step whose variables are for another purpose.
    let is_of_profile = flags.has(&table::ROLE_ARN) || flags.has(&table::SETTINGS);
    if command == Command::CredentialProcess && is_of_profile {
        environment = table::without_settings(&environment);
    }
    let inputs = Inputs { flags: &flags, environment: &environment };
    let report = Report::new(inputs);
    match commands::run(command, inputs, &report) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(failure.print(&report)),
    }
}

/// A command line that is not understood. The message repeats what the user typed.
fn print_usage_error(error: &UsageError, environment: &Environment) -> ExitCode {
    match error {
        UsageError::NoCommand(help) => {
            let _ = stderr().lock().write_all(help.as_bytes());
        }
        UsageError::Invalid { message, hint } => {
            let report = Report::new(Inputs { flags: &Flags::default(), environment });
            report.error(message);
            report.detail("hint:", hint);
        }
    }
    ExitCode::from(2)
}
