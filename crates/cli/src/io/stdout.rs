//! Data for another program. What people read goes to stderr, through `report`.

use std::io::{self, Write};

use aws::Secret;

/// Writes all of it. A reader that has enough closes the pipe, which is not a failure.
pub(crate) fn write(text: &Secret) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.expose().as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
