//! One writer at a time in a directory: parallel runs may edit the same shared files. The lock is on the
//! directory itself, so no lock file remains, and it ends with the process.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::io::clock;
use crate::io::files::lock_holder::{self, LockHeld};

/// Attempts to take the lock, and the pause between them: 5 s in all. An edit takes milliseconds.
const ATTEMPTS: u32 = 250;
const PAUSE: Duration = Duration::from_millis(20);

/// Held until dropped.
pub(crate) struct DirectoryLock(#[expect(dead_code, reason = "the open handle is the lock")] Option<File>);

/// Takes the lock, waiting up to 5 s for other writers.
pub(crate) fn lock(directory: &Path) -> io::Result<DirectoryLock> {
    if cfg!(windows) {
        // Windows cannot open a directory; files are still replaced atomically.
        return Ok(DirectoryLock(None));
    }
    let handle = File::open(directory)?;
    for _ in 0..ATTEMPTS {
        match handle.try_lock() {
            Ok(()) => return Ok(DirectoryLock(Some(handle))),
            Err(TryLockError::WouldBlock) => clock::wait(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    let seconds = (PAUSE * ATTEMPTS).as_secs();
    Err(io::Error::new(io::ErrorKind::TimedOut, LockHeld { seconds, holder: lock_holder::of(&handle) }))
}
