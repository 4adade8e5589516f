//! The program that follows this one in the same process. Where a process cannot become another program, this one waits for
//! it and ends as it did.

use std::convert::Infallible;
use std::io;
use std::process::Command;

/// Becomes the program: it has this process's ID, files, limits and ignored signals; the standard library gives SIGPIPE
/// its default again, and the system takes this program's memory away, secrets and all. Returns only if that fails.
#[cfg(unix)]
pub(crate) fn run(command: &mut Command) -> Result<Infallible, io::Error> {
    use super::core_dump;
    core_dump::restore();
    let error = std::os::unix::process::CommandExt::exec(command);
    core_dump::disable();
    Err(error)
}

/// Runs the program, and ends with its exit code.
#[cfg(not(unix))]
pub(crate) fn run(command: &mut Command) -> Result<Infallible, io::Error> {
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}

/// The command with the name by which the user has called it, if the system lets it see that.
#[cfg(unix)]
pub(crate) fn command(program: &std::path::Path, name: &std::ffi::OsStr) -> Command {
    let mut command = Command::new(program);
    std::os::unix::process::CommandExt::arg0(&mut command, name);
    command
}

/// Windows does not.
#[cfg(not(unix))]
pub(crate) fn command(program: &std::path::Path, _: &std::ffi::OsStr) -> Command {
    Command::new(program)
}
