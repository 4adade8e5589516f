//! Notes about parts of a file that were not checked: every reader writes them.

use trust_policy::lint::printable;

use crate::position::Position;

/// A part of a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Counted from 1.
    pub line: usize,
    /// Where it begins in its line, counted from 1 in Unicode code points, if that is known.
    pub column: Option<usize>,
    /// What could not be read, and why.
    pub text: String,
    /// Where the policy stands instead, if the file says so.
    pub elsewhere: Option<Elsewhere>,
    start: Option<usize>,
}

/// A policy that a file refers to, and that another file holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Elsewhere {
    /// The path, relative to the directory of the file that names it.
    File(String),
    /// The name of an `aws_iam_policy_document` of the same directory.
    Document(String),
}

impl Note {
    pub(crate) fn about(line: impl Into<Position>, name: Option<&str>, text: &str) -> Self {
        let text = match name {
            Some(name) => format!("`{name}`: {text}"),
            None => text.to_owned(),
        };
        let position = line.into();
        let start = position.extent().map(|(start, _)| start);
        Self { line: position.first, column: None, text: printable(&text), elsewhere: None, start }
    }

    /// With its column in the file's text.
    pub(crate) fn with_column(self, text: &str) -> Self {
        let before = self.start.and_then(|start| text.get(..start)?.rsplit('\n').next());
        Self { column: before.map(|before| before.chars().count() + 1), ..self }
    }

    pub(crate) fn in_place(self, elsewhere: Elsewhere) -> Self {
        Self { elsewhere: Some(elsewhere), ..self }
    }
}

/// The notes of a file.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Parts that cannot be a trust policy for web identity, or that a report judges around.
    pub(crate) minor: Vec<Note>,
    /// Parts that can be one: findings may be missing.
    pub(crate) unread: Vec<Note>,
    /// Whether what was searched is all that counts of the file: other mentions are of what was before.
    pub(crate) is_all: bool,
}

impl Notes {
    pub(crate) fn push(&mut self, note: Note) {
        self.minor.push(note);
    }

    /// Adds a note on a part that may allow `AssumeRoleWithWebIdentity`, or not.
    pub(crate) fn add(&mut self, note: Note, may_exchange: bool) {
        if may_exchange { self.unread.push(note) } else { self.minor.push(note) }
    }
}
