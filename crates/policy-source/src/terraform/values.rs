//! Lists and objects of values, as arguments of a module are.

use crate::{
    node::{Content, Node},
    position::Position,
};

/// The values of a list; a single value is a list of itself.
pub(super) fn list(node: &Node) -> Vec<Node> {
    match &node.content {
        Content::List(nodes) => nodes.clone(),
        _ => vec![node.clone()],
    }
}

/// An object with these fields.
pub(super) fn record<const N: usize>(line: Position, fields: [(&str, Node); N]) -> Node {
    Node::new(line, Content::Map(fields.map(|(name, node)| (name.to_owned(), node)).into()))
}

/// The same value with each text replaced.
pub(super) fn map_texts(mut node: Node, change: &impl Fn(&str) -> String) -> Node {
    node.visit_mut(&mut |node| {
        if let Content::Text(text) = &mut node.content {
            *text = change(text);
        }
    });
    node
}
