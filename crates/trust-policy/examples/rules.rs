//! Writes the pages of the rules into a directory, `docs/rules`, so that the rules and their cases stay the only source.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a case that is wrong ends the program with its name")]

use std::{
    env,
    error::Error,
    fs::{self, File},
    io::Write as _,
    path::Path,
};

#[path = "../tests/it/lint/pages.rs"]
mod pages;
#[path = "../tests/it/lint/tables.rs"]
#[expect(dead_code, reason = "the pages need only some of a case")]
mod tables;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = env::args().nth(1).ok_or("usage: rules DIRECTORY")?;
    fs::create_dir_all(&directory)?;
    for (name, text) in pages::pages() {
        File::create(Path::new(&directory).join(name))?.write_all(text.as_bytes())?;
    }
    Ok(())
}
