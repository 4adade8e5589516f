//! What keeps the next bash from the variables that are written for it.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use super::LARGEST_OUTPUT;
use super::stop::Stop;
use crate::io::process::child_output::ChildError;

/// Why that environment is unknown, or lacks what was written to the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NextBashError {
    /// An `exit`, an `exec`, or a command that fails after `set -e`.
    #[error(
        "bash ends with {status} while it reads `{}` (BASH_ENV), before the first command of a step{}",
        path.display(),
        because(stop.as_ref())
    )]
    EndsEarly {
        /// The file.
        path: PathBuf,
        /// What a step ends with.
        status: ExitStatus,
        /// Where bash stops, if that is seen.
        stop: Option<Stop>,
    },
    /// It waits for something, or does too much.
    #[error("bash does not finish reading `{}` (BASH_ENV) within {:.0} s", path.display(), limit.as_secs_f64())]
    TooSlow {
        /// The file.
        path: PathBuf,
        /// The time limit.
        limit: Duration,
    },
    /// It prints without end.
    #[error("bash prints more than {} MiB while it reads `{}` (BASH_ENV)", LARGEST_OUTPUT / 1024 / 1024, path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A variable makes bash ignore the file.
    #[error("bash does not read `{}` (BASH_ENV), because {variable} makes it a POSIX or a privileged shell", path.display())]
    NotRead {
        /// The file.
        path: PathBuf,
        /// The variable.
        variable: &'static str,
    },
    /// An earlier line ends or hides the rest of the file.
    #[error("bash does not run what is appended to `{}` (BASH_ENV){}", path.display(), because(stop.as_ref()))]
    NotReached {
        /// The file.
        path: PathBuf,
        /// Where bash stops, if that is seen.
        stop: Option<Stop>,
    },
    /// A trap that runs between the lines.
    #[error("a DEBUG trap in `{}` (BASH_ENV) undoes what is appended to it, or keeps bash from running it", path.display())]
    DebugTrap {
        /// The file.
        path: PathBuf,
    },
    /// An alias or a function in place of a builtin.
    #[error("`{}` (BASH_ENV) defines {what}: bash runs that in the lines that are appended", path.display())]
    Replaced {
        /// The file.
        path: PathBuf,
        /// Such as an alias `export`.
        what: String,
    },
    /// Readonly variables, or what sets them again.
    #[error("what is appended to `{}` (BASH_ENV) cannot change {names}", path.display())]
    NotChanged {
        /// The file.
        path: PathBuf,
        /// The names, separated by commas.
        names: String,
        /// Whether they are readonly.
        is_readonly: bool,
    },
    /// The descriptor through which the variables come.
    #[error("`{}` (BASH_ENV) closes or redirects file descriptor 63, through which this program gets the variables", path.display())]
    Diverted {
        /// The file.
        path: PathBuf,
    },
    /// No right to run it.
    #[error("`{}` cannot be run to read `{}` (BASH_ENV)", program.display(), path.display())]
    NotExecutable {
        /// The file.
        path: PathBuf,
        /// bash.
        program: PathBuf,
        /// The system's own reason.
        source: std::io::Error,
    },
    /// Bash is there and cannot be run.
    #[error("bash cannot be run to read `{}` (BASH_ENV)", path.display())]
    Start {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ChildError,
    },
}

fn because(stop: Option<&Stop>) -> String {
    stop.map_or_else(String::new, |stop| format!(": {stop}"))
}
