//! Output for other programs. Messages for people are written to stderr by `report`.

use std::io::{self, Write};

use aws::Secret;

use crate::io::signals::{self, Interrupted};

/// What a pipe takes at once where it can be written to: its `PIPE_BUF`, and POSIX's smallest where that is not known.
const CHUNK: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// Writes the whole text. A closed pipe is not an error: its reader needs no more. A signal that waits for files to be
/// written does not wait for the reader of stdout as well.
pub(crate) fn write(text: &Secret) -> io::Result<()> {
    match write_chunks(text.expose().as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
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
