//! Prints the page `docs/refusals.md`, so that the catalogue stays its only source.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout().write_all(sts::refusals_page().as_bytes())
}
