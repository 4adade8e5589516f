//! A note about a part of a file that was not checked: every reader writes them.

use trust_policy::lint::printable;

/// A part of a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Counted from 1.
    pub line: usize,
    /// What could not be read, and why.
    pub text: String,
}

impl Note {
    pub(crate) fn about(line: usize, name: Option<&str>, text: &str) -> Self {
        let text = match name {
            Some(name) => format!("`{name}`: {text}"),
            None => text.to_owned(),
        };
        Self { line, text: printable(&text) }
    }
}
