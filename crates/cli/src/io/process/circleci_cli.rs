//! CircleCI's own program in a job. Started without a shell, from a directory of the PATH only.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use aws::Secret;

use crate::io::process::child_output::{ChildError, Running};

/// On a self-hosted runner it has only the second name (facts/circleci.md 6.2).
const NAMES: [&str; 2] = ["circleci", "circleci-agent"];

/// STS takes tokens of 20,000 characters; what is longer is none.
const LARGEST_OUTPUT: usize = 32 * 1024;

/// Why the program gave nothing. Its output is never shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// Not a CircleCI job, or a container inside of one.
    #[error("neither `circleci` nor `circleci-agent` is in a directory of the PATH")]
    NotFound,
    /// The system's own reason.
    #[error("`{program}` can't be run: {reason}")]
    Start {
        /// Its path.
        program: String,
        /// What the system says.
        reason: io::Error,
    },
    /// It says no.
    #[error("`{program}` ended with {status}{words}")]
    Failed {
        /// Its path.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Its first line on stderr, if any.
        words: String,
    },
    /// It was stopped.
    #[error("`{program}` gave no answer within {:.0} s", limit.as_secs_f64())]
    Slow {
        /// Its path.
        program: String,
        /// How long it had.
        limit: Duration,
    },
    /// More than a token, or no text.
    #[error("`{program}` printed something else than a token")]
    Foreign {
        /// Its path.
        program: String,
    },
    /// It ended well and did nothing, as has been seen (facts/circleci.md 1.5).
    #[error("`{program}` ended without an error and printed nothing")]
    Silent {
        /// Its path.
        program: String,
    },
}

/// Where the program is, by both names. Directories that are named relative to the working one do not count: a
/// checkout can hold anything.
pub(crate) fn programs(search_path: &str) -> Vec<PathBuf> {
    let directories: Vec<PathBuf> =
        std::env::split_paths(search_path).filter(|directory| directory.is_absolute()).collect();
    let find = |name: &str| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        directories.iter().map(|directory| directory.join(&name)).find(|path| is_program(path))
    };
    NAMES.into_iter().filter_map(find).collect()
}

/// What the program prints.
pub(crate) async fn output_of(
    program: &Path,
    arguments: &[&str],
    limit: Duration,
) -> Result<Secret, CliError> {
    let output = match Running::start(Command::new(program).args(arguments), LARGEST_OUTPUT, limit) {
        Ok(running) => running.output().await,
        Err(error) => Err(error),
    };
    let program = || program.display().to_string();
    output.map_err(|error| match error {
        ChildError::Start(reason) => CliError::Start { program: program(), reason },
        ChildError::Failed { status, words } => CliError::Failed { program: program(), status, words },
        ChildError::Slow(limit) => CliError::Slow { program: program(), limit },
        ChildError::TooMuch(_) | ChildError::NotUtf8 => CliError::Foreign { program: program() },
        ChildError::Silent => CliError::Silent { program: program() },
    })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
