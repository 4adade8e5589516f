//! What another program prints, with a limit to its time and to what it may say: a job must not hang on it, and its
//! output is a secret.

use std::io::{self, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use aws::Secret;
use zeroize::Zeroizing;

use crate::io::clock::{self, Deadline};
use crate::io::untrusted_text;

/// Of what it says on stderr, as much as makes a line.
const LARGEST_COMPLAINT: usize = 4 * 1024;

const PAUSE: Duration = Duration::from_millis(10);

/// Why a program gave nothing. Its output is never shown, of its complaint a line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChildError {
    /// The system's own reason.
    #[error("it can't be run: {0}")]
    Start(io::Error),
    /// It says no.
    #[error("it ended with {status}{words}")]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// Its first line on stderr, if any, in brackets.
        words: String,
    },
    /// It was stopped.
    #[error("it gave no answer within {:.0} s", .0.as_secs_f64())]
    Slow(Duration),
    /// More than was expected.
    #[error("it printed more than {} KiB", .0 / 1024)]
    TooMuch(usize),
    /// It ended well.
    #[error("it ended without an error and printed nothing")]
    Silent,
    /// Bytes that are no text.
    #[error("it printed something that is not UTF-8")]
    NotUtf8,
}

/// A program that has been started, and what came from it so far. It ends with this value.
pub(crate) struct Running {
    child: Child,
    status: Option<ExitStatus>,
    output: Pipe<ChildStdout>,
    complaint: Pipe<ChildStderr>,
    deadline: Deadline,
    limit: Duration,
}

impl Running {
    /// Starts it without an input. It may print so many bytes, and has so much time.
    pub(crate) fn start(command: &mut Command, largest: usize, limit: Duration) -> Result<Self, ChildError> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(ChildError::Start)?;
        let pipes = Pipe::new(child.stdout.take(), largest)
            .and_then(|output| Ok((output, Pipe::new(child.stderr.take(), LARGEST_COMPLAINT)?)));
        match pipes {
            Ok((output, complaint)) => {
                Ok(Self { child, status: None, output, complaint, deadline: Deadline::after(limit), limit })
            }
            Err(error) => {
                end(&mut child);
                Err(ChildError::Start(error))
            }
        }
    }

    /// What it prints, up to its end.
    pub(crate) async fn output(mut self) -> Result<Secret, ChildError> {
        while self.goes_on()? {
            clock::pause(PAUSE).await;
        }
        self.printed()
    }

    /// Takes what has been printed, and says whether to come again.
    fn goes_on(&mut self) -> Result<bool, ChildError> {
        self.status = self.child.try_wait().map_err(ChildError::Start)?;
        let has_ended = self.status.is_some();
        if has_ended || cfg!(unix) {
            self.output.read_what_is_there().map_err(ChildError::Start)?;
            self.complaint.read_what_is_there().map_err(ChildError::Start)?;
        }
        Ok(!has_ended && !self.deadline.left().is_zero() && !self.output.is_over())
    }

    fn printed(self) -> Result<Secret, ChildError> {
        if self.output.is_over() {
            return Err(ChildError::TooMuch(self.output.limit));
        }
        match self.status {
            None => Err(ChildError::Slow(self.limit)),
            Some(status) if !status.success() => {
                let words = untrusted_text::first_line(&self.complaint.kept);
                let words = if words.is_empty() { words } else { format!(" ({words})") };
                Err(ChildError::Failed { status, words })
            }
            Some(_) => match std::str::from_utf8(&self.output.kept) {
                Ok(text) if text.trim().is_empty() => Err(ChildError::Silent),
                Ok(text) => Ok(Secret::new(text.to_owned())),
                Err(_) => Err(ChildError::NotUtf8),
            },
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Whether it is gone already makes no difference.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// One end of a pipe, and what came through it.
struct Pipe<R> {
    end: Option<R>,
    kept: Zeroizing<Vec<u8>>,
    limit: usize,
}

#[cfg(unix)]
impl<R: Read + std::os::fd::AsFd> Pipe<R> {
    /// Reading from it will not wait: a child of the child can hold the other end for ever.
    fn new(end: Option<R>, limit: usize) -> io::Result<Self> {
        if let Some(end) = &end {
            let flags = rustix::fs::fcntl_getfl(end)?;
            rustix::fs::fcntl_setfl(end, flags | rustix::fs::OFlags::NONBLOCK)?;
        }
        Ok(Self { end, kept: Zeroizing::new(Vec::with_capacity(limit + 1)), limit })
    }
}

#[cfg(not(unix))]
impl<R: Read> Pipe<R> {
    /// Read only after the child's end. The system keeps as much as a token or a set of keys for us.
    #[expect(clippy::unnecessary_wraps, reason = "on Unix the system can refuse")]
    fn new(end: Option<R>, limit: usize) -> io::Result<Self> {
        Ok(Self { end, kept: Zeroizing::new(Vec::with_capacity(limit + 1)), limit })
    }
}

impl<R> Pipe<R> {
    fn is_over(&self) -> bool {
        self.kept.len() > self.limit
    }
}

impl<R: Read> Pipe<R> {
    /// Takes everything out of the pipe, and keeps one byte more than the limit at most.
    fn read_what_is_there(&mut self) -> io::Result<()> {
        let Some(end) = &mut self.end else { return Ok(()) };
        let mut chunk = Zeroizing::new([0; 4096]);
        loop {
            match end.read(chunk.as_mut_slice()) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    let room = self.limit + 1 - self.kept.len();
                    self.kept.extend(chunk.iter().take(count.min(room)));
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
