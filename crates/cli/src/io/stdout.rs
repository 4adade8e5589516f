//! Output for other programs. Messages for people are written to stderr by `report`.

use std::io::{self, Write};

use aws::Secret;

use crate::io::signals::{self, Interrupted};

/// Why nobody gets the output.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StdoutError {
    /// Stdout was closed before this program was started.
    #[error("stdout cannot be written: it is closed")]
    Closed,
    /// Its disk is full, or it fails otherwise.
    #[error("stdout cannot be written")]
    Io(#[source] io::Error),
}

/// What a pipe takes at once where it can be written to: its `PIPE_BUF`, and POSIX's smallest where that is not known.
const CHUNK: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// Writes the whole text. A closed pipe is not an error: its reader needs no more. A signal that waits for files to be
/// written does not wait for the reader of stdout as well.
pub(crate) fn write(text: &Secret) -> Result<(), StdoutError> {
    match write_chunks(text.expose().as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(StdoutError::Io),
    }
}

/// Without stdout the credentials would be gone, and the run would look like a success. Not for what a command has found: its
/// exit code says that too, and Python's and Node's ways to ignore an output look like a closed stdout.
pub(crate) fn require() -> Result<(), StdoutError> {
    if is_closed() { Err(StdoutError::Closed) } else { Ok(()) }
}

/// Whether this process was started without stdout. The standard library has then opened `/dev/null` in its place, for
/// reading and writing, so that no file gets its number; `>/dev/null` opens it for writing alone.
#[cfg(unix)]
fn is_closed() -> bool {
    use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
    let stdout = io::stdout();
    let is_read_too = fcntl_getfl(&stdout).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDWR);
    let device = |of: rustix::io::Result<rustix::fs::Stat>| of.ok().map(|file| (file.st_mode, file.st_rdev));
    is_read_too && device(fstat(&stdout)).is_some_and(|found| device(stat("/dev/null")) == Some(found))
}

/// Windows: a write to it fails.
#[cfg(not(unix))]
fn is_closed() -> bool {
    false
}

fn write_chunks(text: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for chunk in text.chunks(CHUNK) {
        wait_for_reader(&stdout)?;
        stdout.write_all(chunk)?;
        stdout.flush()?;
    }
    Ok(())
}

#[cfg(unix)]
fn wait_for_reader(stdout: &io::StdoutLock<'_>) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    const POLL_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    loop {
        signals::check().map_err(Interrupted::into_io)?;
        match poll(&mut [PollFd::new(stdout, PollFlags::OUT)], Some(&POLL_INTERVAL)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            // What is wrong with it shows when it is written to.
            _ => return Ok(()),
        }
    }
}

/// Windows: no signal waits.
#[cfg(not(unix))]
fn wait_for_reader(_: &io::StdoutLock<'_>) -> io::Result<()> {
    signals::check().map_err(Interrupted::into_io)
}
