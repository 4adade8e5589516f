//! From a place in a text to its line, where the text may be a part of a larger one.

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    first: usize,
}

impl Lines {
    /// A text whose first line is the line `first` of the file.
    pub(crate) fn from(first: usize, text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self { starts, first }
    }

    /// A text that stands on one line of the file, whatever line ends it holds.
    pub(crate) fn one(line: usize) -> Self {
        Self { starts: Vec::new(), first: line }
    }

    /// The line of a byte.
    pub(crate) fn at(&self, offset: usize) -> usize {
        self.first + self.starts.partition_point(|start| *start <= offset)
    }
}
