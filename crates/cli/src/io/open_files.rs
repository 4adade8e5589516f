//! The limits of open files, which an error of any call that opens one can report.

use std::io;

/// The limit that was reached.
#[cfg_attr(not(unix), expect(dead_code, reason = "no other system has it"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenFilesLimit {
    /// That of this process, which it has from the shell that starts it (`ulimit -n`).
    OfProcess,
    /// That of the whole machine.
    OfMachine,
}

impl OpenFilesLimit {
    /// `None` for any other error.
    #[cfg(unix)]
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        match rustix::io::Errno::from_io_error(error)? {
            rustix::io::Errno::MFILE => Some(Self::OfProcess),
            rustix::io::Errno::NFILE => Some(Self::OfMachine),
            _ => None,
        }
    }

    /// Windows has no such limit.
    #[cfg(not(unix))]
    pub(crate) fn of(_: &io::Error) -> Option<Self> {
        None
    }
}
