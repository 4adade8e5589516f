//! The manual, README.md and docs/: what is made from the orb, what its links lead to, what tests its blocks, and what
//! tests its promises.

mod block_table;
mod configs;
mod links;
mod orb_page;
mod promises;

use std::fs;
use std::path::Path;
use std::process::Command;

use testkit::manual::root;

/// The Markdown files of the repository, below the root, with their text: tracked, or new and not ignored.
fn pages() -> Vec<(String, String)> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).unwrap();
    let names = names.split_terminator('\0').filter(|name| root().join(name).exists());
    names.map(|name| (name.to_owned(), read(Path::new(name)))).collect()
}

/// Pages that a user copies from. Not docs/rules, which is made from tested cases, nor docs/facts, which quotes.
fn manual() -> Vec<(String, String)> {
    let is_manual =
        |page: &str| ["", "docs"].contains(&page.rsplit_once('/').map_or("", |(parent, _)| parent));
    pages().into_iter().filter(|(page, _)| is_manual(page)).collect()
}

/// A file below the root.
fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
