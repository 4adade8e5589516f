//! The output of a child process, within limits on its time and size: a job must not hang on it, and the output is a
//! secret.

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use aws::Secret;
use zeroize::Zeroizing;

use crate::io::clock::{self, Deadline};
use crate::io::signals::{self, Hold, Interrupted};
use crate::io::untrusted_text;

/// Enough of stderr for one line.
const LARGEST_STDERR: usize = 4 * 1024;

/// Shorter at first: a bash that only checks a text ends within a few milliseconds.
const FIRST_POLL_INTERVAL: Duration = Duration::from_millis(1);
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Why a program gave no output. Its stdout is never shown; of its stderr, one line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChildError {
    /// The system's own reason.
    #[error("it cannot be run: {0}")]
    Start(io::Error),
    /// It exited with an error.
    #[error("it ended with {status}{message}")]
    Failed {
        /// Its exit status.
        status: ExitStatus,
        /// Its first line on stderr, if any, in parentheses.
        message: String,
    },
    /// It was killed, because a signal ends this process.
    #[error(transparent)]
    Interrupted(Interrupted),
    /// It was killed at the time limit.
    #[error("it did not end within {:.0} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// More than the size limit.
    #[error("it printed more than {} KiB", .0 / 1024)]
    TooLarge(usize),
    /// It exited with success.
    #[error("it ended without an error and printed nothing")]
    EmptyOutput,
    /// Bytes that are not UTF-8.
    #[error("its output is not UTF-8")]
    NotUtf8,
}

/// What a program has left, whatever its status is.
pub(crate) struct Ended {
    /// Its status.
    pub(crate) status: ExitStatus,
    /// What it has printed on stdout.
    pub(crate) stdout: Zeroizing<Vec<u8>>,
    /// What it has printed on stderr or sent through the socket in its place.
    pub(crate) stderr: Zeroizing<Vec<u8>>,
}

/// A running program and its output so far. Dropping it kills the program, and what it has started and left in its process
/// group.
pub(crate) struct RunningChild {
    child: Child,
    status: Option<ExitStatus>,
    output: Pipe,
    stderr: Pipe,
    deadline: Deadline,
    limit: Duration,
    /// Dropped after the program has been killed: a signal to this process would leave it running, as a terminal's signals do
    /// not reach its process group.
    _hold: Hold,
}

impl RunningChild {
    /// Starts a program in a process group of its own, with this text as its stdin. It may print `largest` bytes, and run for
    /// `limit`.
    pub(crate) fn start(
        command: &mut Command,
        stdin: Option<&[u8]>,
        largest: usize,
        limit: Duration,
    ) -> Result<Self, ChildError> {
        command.stderr(Stdio::piped());
        Self::spawn(command, stdin, None, largest, limit)
    }

    /// The same with a socket as its stderr, from which it can read this greeting.
    #[cfg(unix)]
    pub(crate) fn start_with_socket(
        command: &mut Command,
        stdin: Option<&[u8]>,
        greeting: &[u8],
        largest: usize,
        limit: Duration,
    ) -> Result<Self, ChildError> {
        use std::os::fd::OwnedFd;
        use std::os::unix::net::UnixStream;

        let (mut ours, theirs) = UnixStream::pair().map_err(ChildError::Start)?;
        ours.write_all(greeting).map_err(ChildError::Start)?;
        command.stderr(OwnedFd::from(theirs));
        Self::spawn(command, stdin, Some(OwnedFd::from(ours).into()), largest, limit)
    }

    /// `socket` is the end of this process, if the program's stderr is one.
    fn spawn(
        command: &mut Command,
        stdin: Option<&[u8]>,
        socket: Option<File>,
        largest: usize,
        limit: Duration,
    ) -> Result<Self, ChildError> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        let hold = Hold::start();
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(ChildError::Start)?;
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), stdin) {
            // A program that ends early or reads nothing shows that in its output.
            let _ = pipe.write_all(text);
        }
        let stdout = child.stdout.take().map(file_of);
        let largest_stderr = if socket.is_some() { largest } else { LARGEST_STDERR };
        let stderr = socket.or_else(|| child.stderr.take().map(file_of));
        let pipes =
            Pipe::new(stdout, largest).and_then(|output| Ok((output, Pipe::new(stderr, largest_stderr)?)));
        match pipes {
            Ok((output, stderr)) => {
                let deadline = Deadline::after(limit);
                Ok(Self { child, status: None, output, stderr, deadline, limit, _hold: hold })
            }
            Err(error) => {
                kill(&mut child);
                Err(ChildError::Start(error))
            }
        }
    }

    /// Waits for the program to end, and returns its output.
    pub(crate) async fn output(mut self) -> Result<Secret, ChildError> {
        self.wait().await?;
        self.into_output()
    }

    /// Waits for the program to end, and returns its status and output whatever both are.
    pub(crate) async fn ended(mut self) -> Result<Ended, ChildError> {
        self.wait().await?;
        if self.output.exceeds_limit() {
            return Err(ChildError::TooLarge(self.output.limit));
        }
        let status = self.status.ok_or(ChildError::Timeout(self.limit))?;
        let [stdout, stderr] =
            [&mut self.output, &mut self.stderr].map(|pipe| std::mem::take(&mut pipe.bytes));
        Ok(Ended { status, stdout, stderr })
    }

    async fn wait(&mut self) -> Result<(), ChildError> {
        let mut interval = FIRST_POLL_INTERVAL;
        while self.poll()? {
            clock::pause(interval).await;
            interval = (interval * 2).min(POLL_INTERVAL);
        }
        Ok(())
    }

    /// Reads the output so far. Returns false once there is nothing more to wait for.
    fn poll(&mut self) -> Result<bool, ChildError> {
        signals::check().map_err(ChildError::Interrupted)?;
        self.status = self.child.try_wait().map_err(ChildError::Start)?;
        let has_ended = self.status.is_some();
        if has_ended || cfg!(unix) {
            self.output.read_available().map_err(ChildError::Start)?;
            self.stderr.read_available().map_err(ChildError::Start)?;
        }
        Ok(!has_ended && !self.deadline.left().is_zero() && !self.output.exceeds_limit())
    }

    fn into_output(self) -> Result<Secret, ChildError> {
        if self.output.exceeds_limit() {
            return Err(ChildError::TooLarge(self.output.limit));
        }
        match self.status {
            None => Err(ChildError::Timeout(self.limit)),
            Some(status) if !status.success() => {
                let line = untrusted_text::first_line(&self.stderr.bytes);
                let message = if line.is_empty() { line } else { format!(" ({line})") };
                Err(ChildError::Failed { status, message })
            }
            Some(_) => match std::str::from_utf8(&self.output.bytes) {
                Ok(text) if text.trim().is_empty() => Err(ChildError::EmptyOutput),
                Ok(text) => Ok(Secret::new(text.to_owned())),
                Err(_) => Err(ChildError::NotUtf8),
            },
        }
    }
}

impl Drop for RunningChild {
    fn drop(&mut self) {
        kill(&mut self.child);
    }
}

/// Ignores errors: the program may have ended already.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn file_of(pipe: impl Into<std::os::fd::OwnedFd>) -> File {
    File::from(pipe.into())
}

#[cfg(windows)]
fn file_of(pipe: impl Into<std::os::windows::io::OwnedHandle>) -> File {
    File::from(pipe.into())
}

/// The reading end of a pipe or a socket, and the bytes read from it.
struct Pipe {
    reader: Option<File>,
    bytes: Zeroizing<Vec<u8>>,
    limit: usize,
}

impl Pipe {
    /// On Unix reading must not block: a child of the child can hold the other end open for ever. On Windows it is read only
    /// after the child has ended. A buffer that grows would leave copies of secrets behind.
    fn new(reader: Option<File>, limit: usize) -> io::Result<Self> {
        #[cfg(unix)]
        if let Some(reader) = &reader {
            let flags = rustix::fs::fcntl_getfl(reader)?;
            rustix::fs::fcntl_setfl(reader, flags | rustix::fs::OFlags::NONBLOCK)?;
        }
        Ok(Self { reader, bytes: Zeroizing::new(Vec::with_capacity(limit + 1)), limit })
    }

    fn exceeds_limit(&self) -> bool {
        self.bytes.len() > self.limit
    }

    /// Reads all available bytes, and keeps at most one more than the limit.
    fn read_available(&mut self) -> io::Result<()> {
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let mut chunk = Zeroizing::new([0; 4096]);
        loop {
            match reader.read(chunk.as_mut_slice()) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    let room = self.limit + 1 - self.bytes.len();
                    self.bytes.extend(chunk.iter().take(count.min(room)));
                    if room == 0 {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}
