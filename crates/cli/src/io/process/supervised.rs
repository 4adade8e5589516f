//! A program below this one, for which it stands: it gets the signals that this process is sent, and this process ends as it
//! ends.

#[cfg(unix)]
mod unix;

use std::convert::Infallible;
use std::io;
use std::process::{Child, Command};

/// A running program.
pub(crate) struct Supervised {
    child: Child,
    #[cfg(unix)]
    signals: unix::Signals,
}

#[cfg(not(unix))]
impl Supervised {
    /// Starts the program.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        command.spawn().map(|child| Self { child })
    }

    /// Waits until the program ends, then ends with its exit code. Returns only if it cannot wait.
    #[expect(clippy::exit, reason = "this process ends as the program that it stands for")]
    pub(crate) fn stand_in(mut self) -> io::Result<Infallible> {
        let status = self.child.wait()?;
        std::process::exit(status.code().unwrap_or(1))
    }
}
