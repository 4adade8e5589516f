//! Where a value stands in a file: its line, and its extent where the parser knows it.

use crate::lines::Lines;

/// A value's line, and the bytes of the file from its start to its end. Of a map's value, they begin with its name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    /// Counted from 1.
    pub(crate) line: usize,
    /// The line of the name.
    pub(crate) first: usize,
    extent: Option<(usize, usize)>,
}

/// Where a value stands does not make it another value, and two of one line are seldom told apart.
impl PartialEq for Position {
    fn eq(&self, other: &Self) -> bool {
        self.line == other.line
    }
}

impl Eq for Position {}

/// A line of which nothing more is known.
impl From<usize> for Position {
    fn from(line: usize) -> Self {
        Self { line, first: line, extent: None }
    }
}

impl Position {
    pub(crate) fn new(lines: &Lines, start: usize, end: usize) -> Self {
        let line = lines.at(start);
        Self { line, first: line, extent: lines.is_file().then_some((start, end)) }
    }

    /// Of a value that has the name at another position.
    pub(crate) fn named(self, name: Self) -> Self {
        // An alias stands behind its name, and its value elsewhere.
        let extent = name.extent.zip(self.extent).map(|((start, least), (_, end))| (start, end.max(least)));
        Self { line: self.line, first: name.first, extent }
    }

    /// The same start, with another end.
    pub(crate) fn ending(self, end: usize) -> Self {
        Self { extent: self.extent.map(|(start, _)| (start, end.max(start))), ..self }
    }

    /// A line further down, of which nothing more is known.
    pub(crate) fn below(self, by: usize) -> Self {
        (self.line + by).into()
    }

    pub(crate) fn extent(self) -> Option<(usize, usize)> {
        self.extent
    }
}
