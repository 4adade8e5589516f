//! Output for other programs. Messages for people are written to stderr by `report`.

use std::io::{self, Write};

use aws::Secret;

/// Writes the whole text. A closed pipe is not an error: its reader needs no more.
pub(crate) fn write(text: &Secret) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.expose().as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
