//! What every language is read into: a tree of texts with their lines, some of them not literal.

use trust_policy::lint::HOLE;

use crate::position::Position;

/// How deep a document may be nested; more than any policy or template needs.
pub(crate) const DEEPEST: usize = 64;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) line: Position,
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
    /// The text of another file, by its path relative to this one.
    File(String),
    /// In the order of the file; a name may be repeated.
    Map(Vec<(String, Node)>),
    /// Nothing, in its place in a list or map: `AWS::NoValue`.
    Absent,
    /// Two values that a condition decides between when the file is deployed: if it holds, and if not.
    Either(String, Box<[Node; 2]>),
}

impl Node {
    pub(crate) fn new(line: impl Into<Position>, content: Content) -> Self {
        Self { line: line.into(), content }
    }

    pub(crate) fn text(line: impl Into<Position>, text: &str) -> Self {
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

    /// The values of a list; empty for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        if let Content::List(nodes) = &self.content { nodes } else { &[] }
    }

    /// How many values it has, itself included, and how many bytes of text.
    pub(crate) fn size(&self) -> usize {
        1 + match &self.content {
            Content::Unknown | Content::Null | Content::Absent => 0,
            Content::Text(text) | Content::Block(text) | Content::File(text) => text.len(),
            Content::List(nodes) => nodes.iter().map(Self::size).sum(),
            Content::Map(entries) => entries.iter().map(|(name, node)| name.len() + node.size()).sum(),
            Content::Either(condition, values) => {
                condition.len() + values.iter().map(Self::size).sum::<usize>()
            }
        }
    }

    /// Whether all of it is known.
    pub(crate) fn is_literal(&self) -> bool {
        match &self.content {
            Content::Unknown | Content::File(_) | Content::Either(..) => false,
            Content::Null | Content::Absent => true,
            Content::Text(text) | Content::Block(text) => !text.contains(HOLE),
            Content::List(nodes) => nodes.iter().all(Self::is_literal),
            Content::Map(entries) => {
                entries.iter().all(|(name, node)| !name.contains(HOLE) && node.is_literal())
            }
        }
    }

    /// The same tree, all of it on one line.
    pub(crate) fn on_line(mut self, line: Position) -> Self {
        self.visit_mut(&mut |node| node.line = line);
        self
    }

    /// The same tree, further down in its file.
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.visit_mut(&mut |node| node.line = node.line.below(by));
        self
    }

    /// Calls a function with every node.
    pub(crate) fn visit_mut(&mut self, change: &mut impl FnMut(&mut Self)) {
        change(self);
        match &mut self.content {
            Content::List(nodes) => nodes.iter_mut().for_each(|node| node.visit_mut(change)),
            Content::Map(entries) => entries.iter_mut().for_each(|(_, node)| node.visit_mut(change)),
            Content::Either(_, values) => values.iter_mut().for_each(|node| node.visit_mut(change)),
            _ => {}
        }
    }

    /// The text, or a hole if the text is not known.
    pub(crate) fn text_or_hole(&self) -> String {
        self.as_text().map_or_else(|| HOLE.to_string(), str::to_owned)
    }
}
