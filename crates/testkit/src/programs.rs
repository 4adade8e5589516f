//! Programs that a test writes and then runs. Another process writes them: a thread of the test that starts a program of
//! its own hands every open file on until that program runs, and the system refuses to run a file that somebody has open
//! for writing (`Text file busy`).

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes a script that can be run, with the directories above it.
///
/// # Errors
/// When it cannot be written.
pub fn write_program(path: &Path, text: &[u8]) -> io::Result<()> {
    run(r#"mkdir -p "$(dirname "$1")" && cat >"$1" && chmod 755 "$1""#, &[path], text)
}

/// Copies a program to where it is run, with the directories above it.
///
/// # Errors
/// When it cannot be copied.
pub fn copy_program(from: &Path, to: &Path) -> io::Result<()> {
    run(r#"mkdir -p "$(dirname "$2")" && cp "$1" "$2""#, &[from, to], b"")
}

fn run(script: &str, paths: &[&Path], input: &[u8]) -> io::Result<()> {
    let mut child =
        Command::new("sh").args(["-c", script, "sh"]).args(paths).stdin(Stdio::piped()).spawn()?;
    child.stdin.take().into_iter().try_for_each(|mut stdin| stdin.write_all(input))?;
    if child.wait()?.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("{paths:?} cannot be written")))
    }
}
