//! Why there is no connection, as far as the system tells it: what to check differs.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use crate::io::open_files::OpenFilesLimit;

/// What keeps a connection from being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The resolver has no address for the name.
    UnknownName,
    /// Something answers at the address and rejects the connection.
    Refused,
    /// No route, no answer within the limit, or this machine's own rules.
    Unreachable,
    /// There is no file descriptor for a socket.
    OpenFiles(OpenFilesLimit),
    /// It broke before it was complete, or the system says something else.
    Other,
}

/// A connection that was not made.
#[derive(Debug, Clone)]
pub(crate) struct NoConnection {
    /// What to look at.
    pub(crate) obstacle: Obstacle,
    words: String,
}

/// The resolver's error, which the system does not tell from others by a number.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct LookupError(#[from] io::Error);

impl NoConnection {
    /// `--connect-timeout` is over.
    pub(super) fn too_slow() -> Self {
        Self { obstacle: Obstacle::Unreachable, words: "it takes longer than `--connect-timeout`".to_owned() }
    }

    /// By the first error of the chain that says something, in the words of the last one.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        let mut obstacle = None;
        let mut words = error.to_string();
        let mut cause = Some(error);
        while let Some(error) = cause {
            obstacle = obstacle.or_else(|| Obstacle::of(error));
            words = error.to_string();
            cause = error.source();
        }
        Self { obstacle: obstacle.unwrap_or(Obstacle::Other), words }
    }
}

impl Obstacle {
    fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        if let Some(LookupError(error)) = error.downcast_ref() {
            // The resolver itself needs a socket and files.
            let limit = OpenFilesLimit::of(error).map(Self::OpenFiles);
            return Some(limit.unwrap_or(Self::UnknownName));
        }
        let error: &io::Error = error.downcast_ref()?;
        if let Some(limit) = OpenFilesLimit::of(error) {
            return Some(Self::OpenFiles(limit));
        }
        match error.kind() {
            ErrorKind::ConnectionRefused => Some(Self::Refused),
            ErrorKind::NetworkUnreachable
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::TimedOut
            | ErrorKind::PermissionDenied => Some(Self::Unreachable),
            _ => None,
        }
    }
}

impl fmt::Display for NoConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn the_number_of_the_system_decides_what_to_look_at() {
        for (number, obstacle) in [
            (Errno::CONNREFUSED, Obstacle::Refused),
            (Errno::NETUNREACH, Obstacle::Unreachable),
            (Errno::HOSTUNREACH, Obstacle::Unreachable),
            (Errno::TIMEDOUT, Obstacle::Unreachable),
            (Errno::PERM, Obstacle::Unreachable),
            (Errno::MFILE, Obstacle::OpenFiles(OpenFilesLimit::OfProcess)),
            (Errno::NFILE, Obstacle::OpenFiles(OpenFilesLimit::OfMachine)),
            (Errno::CONNRESET, Obstacle::Other),
        ] {
            let error = io::Error::from(number);
            let NoConnection { obstacle: found, words } = NoConnection::of(&error);
            assert_eq!((found, words), (obstacle, error.to_string()), "{number:?}");
        }
    }

    #[test]
    fn a_name_is_unknown_unless_the_resolver_had_no_files() {
        let lookup = |error| NoConnection::of(&LookupError(error)).obstacle;
        assert_eq!(lookup(io::Error::other("no such name")), Obstacle::UnknownName);
        let full = Obstacle::OpenFiles(OpenFilesLimit::OfProcess);
        assert_eq!(lookup(Errno::MFILE.into()), full);
    }
}
