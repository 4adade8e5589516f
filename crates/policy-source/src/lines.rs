//! From an offset in a text to its line in the file. The text may be a part of the file.

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    first: usize,
    is_file: bool,
}

impl Lines {
    /// A text whose first line is line `first` of the file.
    pub(crate) fn from(first: usize, text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self { starts, first, is_file: false }
    }

    /// A text that is the whole file.
    pub(crate) fn of_file(text: &str) -> Self {
        Self { is_file: true, ..Self::from(1, text) }
    }

    /// A text that is on one line of the file, even if its value has line breaks.
    pub(crate) fn one(line: usize) -> Self {
        Self { starts: Vec::new(), first: line, is_file: false }
    }

    /// Whether an offset in the text is one in the file.
    pub(crate) fn is_file(&self) -> bool {
        self.is_file
    }

    /// The line of the byte at `offset`.
    pub(crate) fn at(&self, offset: usize) -> usize {
        self.first + self.starts.partition_point(|start| *start <= offset)
    }
}
