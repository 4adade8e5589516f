//! A pipe in the place of a file: `--ca-bundle <(cat ca.pem)`. It is read to its end, until the deadline of the run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::io::clock::Deadline;
use crate::io::files::text_file::ReadError;

static DEADLINE: OnceLock<(Deadline, Duration)> = OnceLock::new();

thread_local! {
    /// What each pipe held: a run reads a token, for one, to look at it and to send it.
    static READ: RefCell<BTreeMap<PathBuf, Zeroizing<Vec<u8>>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Sets the time in which all pipes of this run are read. The first call counts.
pub(crate) fn set_time(time: Duration) {
    DEADLINE.get_or_init(|| (Deadline::after(time), time));
}

/// The bytes of the pipe at a path, which is read once.
pub(super) fn read_once(limit: u64, path: &Path, pipe: &mut File) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    if let Some(bytes) = READ.with_borrow(|read| read.get(path).cloned()) {
        return Ok(bytes);
    }
    let bytes = read(limit, pipe)?;
    READ.with_borrow_mut(|read| read.insert(path.to_owned(), bytes.clone()));
    Ok(bytes)
}

/// The bytes until the last writer closes the pipe.
#[cfg(unix)]
fn read(limit: u64, pipe: &mut File) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    use std::io::{ErrorKind, Read};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    /// For what is read before the deadline is known.
    const DEFAULT: Duration = Duration::from_secs(45);
    /// Between two looks at the clock.
    const POLL_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

    let (deadline, time) = *DEADLINE.get_or_init(|| (Deadline::after(DEFAULT), DEFAULT));
    let mut bytes = Zeroizing::new(Vec::new());
    let mut chunk = Zeroizing::new([0; 4096]);
    while !deadline.left().is_zero() {
        // A pipe that has had no writer yet is not at its end, and only this call can tell.
        let mut descriptors = [PollFd::new(&*pipe, PollFlags::IN)];
        match poll(&mut descriptors, Some(&POLL_INTERVAL)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => continue,
            outcome => outcome.map_err(|error| ReadError::Io(error.into()))?,
        };
        match pipe.read(chunk.as_mut_slice()) {
            Ok(0) => return Ok(bytes),
            Ok(count) => bytes.extend(chunk.iter().take(count)),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(error) => return Err(ReadError::Io(error)),
        }
        if bytes.len() as u64 > limit {
            return Err(ReadError::TooLarge(limit));
        }
    }
    Err(ReadError::NotWritten(time))
}

/// Windows: a named pipe is no file there.
#[cfg(not(unix))]
fn read(_: u64, _: &mut File) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    Err(ReadError::NotAFile)
}

/// Whether only this process can read what the path names: a pipe is at its end afterwards, a descriptor is closed.
pub(crate) fn is_of_this_process(path: &Path) -> bool {
    let names_descriptor =
        ["/dev/fd", "/dev/stdin", "/proc/self/fd"].iter().any(|start| path.starts_with(start));
    let is_kept =
        path.metadata().map_or(true, |metadata| metadata.file_type().is_file() || metadata.is_dir());
    names_descriptor || !is_kept
}

/// Whether it is a pipe.
#[cfg(unix)]
pub(super) fn is_pipe(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo()
}

/// Windows: never.
#[cfg(not(unix))]
pub(super) fn is_pipe(_: &Metadata) -> bool {
    false
}
