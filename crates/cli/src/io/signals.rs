//! Signals that end a process, while files are being written: they wait, so that no file of a set is new and another old, and
//! no staging file stays behind. At any other time the system's default applies, and nothing of this run is on disk.

#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub(crate) use unix::{Hold, hand_over, is_ignored, pending};

/// Another system: nothing is held off.
#[cfg(not(unix))]
mod none {
    /// Holds nothing.
    #[derive(Default)]
    pub(crate) struct Hold(());

    impl Hold {
        /// Nothing to do.
        pub(crate) fn start() -> Self {
            Self(())
        }
    }

    /// No signal waits.
    pub(crate) fn pending() -> Option<&'static str> {
        None
    }
}
#[cfg(not(unix))]
pub(crate) use none::{Hold, pending};

use std::io;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::io::clock;

const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// A signal came while files were being written.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("{0} ended the run before every file was written; this run's changes are rolled back")]
pub(crate) struct Interrupted(&'static str);

impl Interrupted {
    /// As the error of a write.
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

/// An error if a signal waits.
pub(crate) fn check() -> Result<(), Interrupted> {
    pending().map_or(Ok(()), |name| Err(Interrupted(name)))
}

/// The output of `future`, unless a signal comes first.
pub(crate) async fn unless_interrupted<T>(future: impl Future<Output = T>) -> Result<T, Interrupted> {
    let signal = async {
        loop {
            if let Err(interrupted) = check() {
                return interrupted;
            }
            clock::pause(POLL_INTERVAL).await;
        }
    };
    match select(pin!(future), pin!(signal)).await {
        Either::Left((output, _)) => Ok(output),
        Either::Right((interrupted, _)) => Err(interrupted),
    }
}
