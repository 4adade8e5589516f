//! Blocks that a body has or makes: `dynamic` blocks with a known `for_each`, a block for each value; and the
//! instances of a resource.

use super::{
    evaluate::pairs,
    scope::{Scope, Variables},
};
use crate::{
    hcl::{Block, Body, Kind},
    node::{Content, Node},
    position::Position,
};

/// The body of a block with what its expressions are evaluated with.
#[derive(Clone)]
pub(crate) struct Made<'a> {
    pub(crate) line: Position,
    pub(crate) body: &'a Body,
    pub(crate) variables: Variables,
}

/// The blocks of one place in a body.
pub(crate) enum Place<'a> {
    Known(Vec<Made<'a>>),
    /// A `dynamic` block whose values are not known: none, one or many.
    Unknown(Made<'a>),
    /// A condition decides: the blocks if it holds, and if not.
    Either(String, [Box<Self>; 2]),
}

/// The blocks of a kind, place by place.
pub(crate) fn of_kind<'a>(
    scope: &Scope<'_>,
    body: &'a Body,
    kind: &str,
    variables: &Variables,
    depth: usize,
) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    for block in &body.blocks {
        if block.kind == kind {
            let variables = variables.clone();
            places.push(Place::Known(vec![Made { line: block.line, body: &block.body, variables }]));
        } else if block.kind == "dynamic" && block.label(0) == Some(kind) {
            places.push(dynamic(scope, block, kind, variables, depth));
        }
    }
    places
}

fn dynamic<'a>(
    scope: &Scope<'_>,
    block: &'a Block,
    kind: &str,
    variables: &Variables,
    depth: usize,
) -> Place<'a> {
    let content = block.body.blocks.iter().find(|inner| inner.kind == "content");
    let iterator = match block.body.attribute("iterator").map(|iterator| &iterator.kind) {
        Some(Kind::Variable(name)) => name,
        _ => kind,
    };
    let content = content.unwrap_or(block);
    match block.body.attribute("for_each") {
        Some(values) => place(&scope.node(values, variables, depth + 1), content, iterator, variables),
        None => unknown(content, iterator, variables),
    }
}

fn place<'a>(values: &Node, content: &'a Block, iterator: &str, variables: &Variables) -> Place<'a> {
    if let Content::Either(condition, values) = &values.content {
        let of = |values: &Node| Box::new(place(values, content, iterator, variables));
        let [then, otherwise] = values.as_ref();
        return Place::Either(condition.clone(), [of(then), of(otherwise)]);
    }
    let Some(pairs) = pairs(values) else { return unknown(content, iterator, variables) };
    let made = pairs.into_iter().map(|(key, value)| Made {
        line: content.line,
        body: &content.body,
        variables: variables.with(iterator, pair(key, value)),
    });
    Place::Known(made.collect())
}

fn unknown<'a>(content: &'a Block, iterator: &str, variables: &Variables) -> Place<'a> {
    let variables = variables.with(iterator, Node::new(content.line, Content::Unknown));
    Place::Unknown(Made { line: content.line, body: &content.body, variables })
}

/// The instances of a resource: a name each, and what `each` is in it.
pub(crate) fn instances(scope: &Scope<'_>, block: &Block) -> Vec<(String, Variables)> {
    let address = block.address();
    match instances_by_key(scope, block) {
        Some(all) => {
            all.into_iter().map(|(key, variables)| (format!("{address}[\"{key}\"]"), variables)).collect()
        }
        None => vec![(address, Variables::default())],
    }
}

/// The keys of `for_each` if they are known, and what `each` is for each.
pub(super) fn instances_by_key(scope: &Scope<'_>, block: &Block) -> Option<Vec<(String, Variables)>> {
    let none = Variables::default();
    let values = scope.evaluate(block.body.attribute("for_each")?, &none);
    let given = match &values.content {
        // Of a set, the key is the value.
        Content::List(nodes) => nodes.iter().map(|node| (node.text_or_hole(), node.clone())).collect(),
        Content::Map(entries) => entries.clone(),
        _ => return None,
    };
    let each = |(key, value): (String, Node)| (key.clone(), none.with("each", pair(key, value)));
    Some(given.into_iter().map(each).collect())
}

fn pair(key: String, value: Node) -> Node {
    let line = value.line;
    let key = Node::new(line, Content::Text(key));
    Node::new(line, Content::Map(vec![("key".to_owned(), key), ("value".to_owned(), value)]))
}
