//! What all the languages have in common: a tree of texts with their lines, some of them not literal.

use trust_policy::lint::HOLE;

/// How deep a document may be nested, beyond any policy and any template.
pub(crate) const DEEPEST: usize = 64;

/// A value and the line where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) content: Content,
}

/// A value as far as it is known. Numbers and booleans are their texts, as IAM takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Made at another time or elsewhere.
    Unknown,
    Null,
    /// A text; the parts that aren't literal are `HOLE`s.
    Text(String),
    /// A text that is laid out over the file's lines from the node's line on.
    Block(String),
    List(Vec<Node>),
    /// In the order of the file; a name may be there twice.
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn new(line: usize, content: Content) -> Self {
        Self { line, content }
    }

    pub(crate) fn text(line: usize, text: &str) -> Self {
        Self::new(line, Content::Text(text.to_owned()))
    }

    /// The first value under a name, if this is a map that has it.
    pub(crate) fn at(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|(own, _)| own == name).map(|(_, node)| node)
    }

    /// The pairs of a map; none of anything else.
    pub(crate) fn entries(&self) -> &[(String, Self)] {
        if let Content::Map(entries) = &self.content { entries } else { &[] }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) | Content::Block(text) => Some(text),
            _ => None,
        }
    }

    /// The text, or a hole where there is none to know.
    pub(crate) fn text_or_hole(&self) -> String {
        self.as_text().map_or_else(|| HOLE.to_string(), str::to_owned)
    }
}
