//! The CircleCI CLI in a job, run without a shell, from a directory in PATH only.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use aws::Secret;

use crate::io::environment::vars;
use crate::io::process::child_output::{ChildError, RunningChild};
use crate::io::process::program_search::is_program;
use crate::io::signals::Interrupted;

/// On a self-hosted runner it has only the second name (facts/circleci.md 6.2).
const NAMES: [&str; 2] = ["circleci", "circleci-agent"];

/// STS accepts tokens of up to 20,000 characters.
const LARGEST_OUTPUT: usize = 32 * 1024;

/// Why the program gave no token. Its stdout is never shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// Not a CircleCI job, or a container inside of one.
    #[error("neither `circleci` nor `circleci-agent` is in PATH")]
    NotFound,
    /// The system's own reason.
    #[error("`{program}` cannot be run: {reason}")]
    Start {
        /// Its path.
        program: String,
        /// The system's own reason.
        reason: io::Error,
    },
    /// It exited with an error.
    #[error("`{program}` ended with {status}{message}")]
    Failed {
        /// Its path.
        program: String,
        /// Its exit status.
        status: ExitStatus,
        /// Its first line on stderr, if any, in parentheses.
        message: String,
    },
    /// It was killed, because a signal ends this process.
    #[error("`{program}` was ended")]
    Interrupted {
        /// Its path.
        program: String,
        /// The signal.
        source: Interrupted,
    },
    /// It was killed at the time limit.
    #[error("`{program}` did not end within {:.0} s", limit.as_secs_f64())]
    Timeout {
        /// Its path.
        program: String,
        /// The time limit.
        limit: Duration,
    },
    /// Larger than a token, or not a token.
    #[error("the output of `{program}` is not a token")]
    NotAToken {
        /// Its path.
        program: String,
    },
    /// It exited with success, as has been observed (facts/circleci.md 1.5).
    #[error("`{program}` ended without an error and printed nothing")]
    EmptyOutput {
        /// Its path.
        program: String,
    },
}

/// The paths of the program, under both names. Relative directories in PATH are ignored: a checkout can hold any
/// program.
pub(crate) fn programs(search_path: &str) -> Vec<PathBuf> {
    let directories: Vec<PathBuf> =
        std::env::split_paths(search_path).filter(|directory| directory.is_absolute()).collect();
    let find = |name: &str| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        directories.iter().map(|directory| directory.join(&name)).find(|path| is_program(path))
    };
    NAMES.into_iter().filter_map(find).collect()
}

/// The output of the program, which is not given AWS's secrets: it needs none.
pub(crate) async fn output_of(
    program: &Path,
    arguments: &[&str],
    limit: Duration,
) -> Result<Secret, CliError> {
    let mut command = Command::new(program);
    command.args(arguments);
    for name in vars::SECRETS_OF_AWS {
        command.env_remove(name);
    }
    let output = match RunningChild::start(&mut command, None, LARGEST_OUTPUT, limit) {
        Ok(child) => child.output().await,
        Err(error) => Err(error),
    };
    let program = || program.display().to_string();
    output.map_err(|error| match error {
        ChildError::Start(reason) => CliError::Start { program: program(), reason },
        ChildError::Failed { status, message } => CliError::Failed { program: program(), status, message },
        ChildError::Interrupted(source) => CliError::Interrupted { program: program(), source },
        ChildError::Timeout(limit) => CliError::Timeout { program: program(), limit },
        ChildError::TooLarge(_) | ChildError::NotUtf8 => CliError::NotAToken { program: program() },
        ChildError::EmptyOutput => CliError::EmptyOutput { program: program() },
    })
}
