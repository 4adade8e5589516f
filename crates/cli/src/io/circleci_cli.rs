//! CircleCI's own program in a job. Started without a shell, from a directory of the PATH only, with a limit to its time
//! and to what it may say: a job must not hang on it, and its output is a secret.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use aws::Secret;
use zeroize::Zeroizing;

use crate::io::clock::{self, Deadline};

/// On a self-hosted runner it has only the second name (facts/circleci.md 6.2).
const NAMES: [&str; 2] = ["circleci", "circleci-agent"];

/// STS takes tokens of 20,000 characters; what is longer is none.
const LARGEST_OUTPUT: usize = 32 * 1024;

/// Of what it says on stderr, as much as makes a line.
const LARGEST_COMPLAINT: usize = 4 * 1024;

const PAUSE: Duration = Duration::from_millis(10);

/// Why the program gave nothing. Its output is never shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// Not a CircleCI job, or a container inside of one.
    #[error("neither `circleci` nor `circleci-agent` is in a directory of the PATH")]
    NotFound,
    /// The system's own reason.
    #[error("`{program}` can't be run: {reason}")]
    Start {
        /// Its path.
        program: String,
        /// What the system says.
        reason: io::Error,
    },
    /// It says no.
    #[error("`{program}` ended with {status}{words}")]
    Failed {
        /// Its path.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Its first line on stderr, if any.
        words: String,
    },
    /// It was stopped.
    #[error("`{program}` gave no answer within {:.0} s", limit.as_secs_f64())]
    Slow {
        /// Its path.
        program: String,
        /// How long it had.
        limit: Duration,
    },
    /// More than a token, or no text.
    #[error("`{program}` printed something else than a token")]
    Foreign {
        /// Its path.
        program: String,
    },
    /// It ended well and did nothing, as has been seen (facts/circleci.md 1.5).
    #[error("`{program}` ended without an error and printed nothing")]
    Silent {
        /// Its path.
        program: String,
    },
}

/// Where the program is, by both names. Directories that are named relative to the working one do not count: a
/// checkout can hold anything.
pub(crate) fn programs(search_path: &str) -> Vec<PathBuf> {
    let directories: Vec<PathBuf> =
        std::env::split_paths(search_path).filter(|directory| directory.is_absolute()).collect();
    let find = |name: &str| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        directories.iter().map(|directory| directory.join(&name)).find(|path| is_program(path))
    };
    NAMES.into_iter().filter_map(find).collect()
}

/// What the program prints.
pub(crate) fn output_of(program: &Path, arguments: &[&str], limit: Duration) -> Result<Secret, CliError> {
    let shown = || program.display().to_string();
    let start = |reason| CliError::Start { program: shown(), reason };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(start)?;
    let ended = wait(&mut child, Deadline::after(limit));
    if !matches!(ended, Ok(Ended { status: Some(_), .. })) {
        // Whether it is gone already makes no difference.
        let _ = child.kill();
        let _ = child.wait();
    }
    let Ended { status, output, complaint } = ended.map_err(start)?;
    if output.len() > LARGEST_OUTPUT {
        return Err(CliError::Foreign { program: shown() });
    }
    match status {
        None => Err(CliError::Slow { program: shown(), limit }),
        Some(status) if !status.success() => {
            Err(CliError::Failed { program: shown(), status, words: first_line(&complaint) })
        }
        Some(_) => match std::str::from_utf8(&output) {
            Ok(text) if text.trim().is_empty() => Err(CliError::Silent { program: shown() }),
            Ok(text) => Ok(Secret::new(text.to_owned())),
            Err(_) => Err(CliError::Foreign { program: shown() }),
        },
    }
}

/// What there was when it ended, or when its time was over.
struct Ended {
    status: Option<ExitStatus>,
    output: Zeroizing<Vec<u8>>,
    complaint: Zeroizing<Vec<u8>>,
}

fn wait(child: &mut Child, deadline: Deadline) -> io::Result<Ended> {
    let mut output = Pipe::new(child.stdout.take(), LARGEST_OUTPUT)?;
    let mut complaint = Pipe::new(child.stderr.take(), LARGEST_COMPLAINT)?;
    loop {
        let status = child.try_wait()?;
        if status.is_some() || cfg!(unix) {
            output.read_what_is_there()?;
            complaint.read_what_is_there()?;
        }
        if status.is_some() || deadline.left().is_zero() || output.kept.len() > LARGEST_OUTPUT {
            return Ok(Ended { status, output: output.kept, complaint: complaint.kept });
        }
        clock::wait(PAUSE);
    }
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
    /// Read only after the child's end. The system keeps more than a token for us.
    #[expect(clippy::unnecessary_wraps, reason = "on Unix the system can refuse")]
    fn new(end: Option<R>, limit: usize) -> io::Result<Self> {
        Ok(Self { end, kept: Zeroizing::new(Vec::with_capacity(limit + 1)), limit })
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

/// For a message. Words as long as a token could be one.
fn first_line(complaint: &[u8]) -> String {
    const LONGEST_WORD: usize = 60;
    let text = String::from_utf8_lossy(complaint);
    let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty()) else { return String::new() };
    let shorten = |word: &str| if word.len() > LONGEST_WORD { "…".to_owned() } else { word.to_owned() };
    let words: Vec<String> = line.split_whitespace().take(30).map(shorten).collect();
    format!(" ({})", words.join(" "))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_complaint_one_line_is_shown_and_no_word_that_could_be_a_token() {
        let token = format!("{}.{}.c2ln", "e".repeat(40), "f".repeat(40));
        for (complaint, shown) in [
            ("", String::new()),
            ("\n \n", String::new()),
            ("\n Error: unknown command \"oidc\"\nUsage: …", " (Error: unknown command \"oidc\")".to_owned()),
            (&format!("got\t{token}"), " (got …)".to_owned()),
        ] {
            assert_eq!(first_line(complaint.as_bytes()), shown);
        }
    }
}
