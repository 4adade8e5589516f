//! Prints the page `RULES.md`, so that the rules stay its only source.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout().write_all(trust_policy::lint::rules_page().as_bytes())
}
