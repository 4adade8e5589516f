//! One process at a time for work that takes longer than an edit. The lock is on a separate file, so that other users of
//! the directory do not wait; it ends with the process, the empty file stays.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::io::clock::{self, Deadline};
use crate::io::files::directory::Directory;
use crate::io::files::file_trust::directory_of;
use crate::io::files::lock_holder::{self, LockHolder};

const PAUSE: Duration = Duration::from_millis(20);

/// Held until dropped.
#[derive(Debug)]
pub(crate) struct FileLock(#[expect(dead_code, reason = "the open handle is the lock")] File);

/// What became of a lock.
pub(crate) enum Lock {
    /// It was free.
    Taken(FileLock),
    /// Another process held it until the deadline: which one, if that is known.
    Held(Option<LockHolder>),
}

/// Takes the lock once it is free.
pub(crate) fn lock(path: &Path, deadline: Deadline) -> io::Result<Lock> {
    let directory = Directory::open(directory_of(path))?;
    let name = path.file_name().unwrap_or_default();
    let file = match directory.create_file(name) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => directory.append_to(name)?,
        created => created?,
    };
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock::Taken(FileLock(file))),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if deadline.left().is_zero() => {
                return Ok(Lock::Held(lock_holder::of(&file)));
            }
            Err(TryLockError::WouldBlock) => clock::wait(PAUSE.min(deadline.left())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_has_it_and_the_next_one_gets_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let soon = || Deadline::after(Duration::from_millis(50));
        let first = lock(&path, soon()).unwrap();
        assert!(matches!(first, Lock::Taken(_)));
        assert!(matches!(lock(&path, soon()).unwrap(), Lock::Held(_)));
        drop(first);
        // Not at once: a program that another test starts has every open file until it runs.
        let last = lock(&path, Deadline::after(Duration::from_secs(10))).unwrap();
        assert!(matches!(last, Lock::Taken(_)));
    }
}
