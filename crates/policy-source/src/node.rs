//! What every language is read into: a tree of texts with their lines, some of them not literal.

use trust_policy::lint::HOLE;

/// How deep a document may be nested; more than any policy or template needs.
pub(crate) const DEEPEST: usize = 64;

/// A value and the line where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) content: Content,
}

/// A value, as far as it is known. Numbers and booleans are kept as texts, as IAM treats them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Not literal in the file: another file, or the deployment, decides it.
    Unknown,
    Null,
    /// A text; `HOLE` stands for each part that isn't literal.
    Text(String),
    /// A text that has the file's own line breaks, from the node's line on.
    Block(String),
    List(Vec<Node>),
    /// In the order of the file; a name may be repeated.
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn new(line: usize, content: Content) -> Self {
        Self { line, content }
    }

    pub(crate) fn text(line: usize, text: &str) -> Self {
        Self::new(line, Content::Text(text.to_owned()))
    }

    /// The first value with this name, if the node is a map that has one.
    pub(crate) fn at(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|(own, _)| own == name).map(|(_, node)| node)
    }

    /// The pairs of a map; empty for anything else.
    pub(crate) fn entries(&self) -> &[(String, Self)] {
        if let Content::Map(entries) = &self.content { entries } else { &[] }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) | Content::Block(text) => Some(text),
            _ => None,
        }
    }

    /// The text, or a hole if the text is not known.
    pub(crate) fn text_or_hole(&self) -> String {
        self.as_text().map_or_else(|| HOLE.to_string(), str::to_owned)
    }
}
