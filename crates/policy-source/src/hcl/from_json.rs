//! Terraform's JSON syntax (`*.tf.json`): the same tree from JSON. Texts are templates. Only a schema tells a block
//! from an attribute there, so the blocks that trust policies need are named here.

use super::{
    parser::Parser,
    syntax::{Block, Body, Expression, Kind, Part},
};
use crate::{
    lines::Lines,
    node::{Content, Node},
    position::Position,
};

/// Top-level blocks, and how many labels each has.
const LABELED: [(&str, usize); 5] =
    [("resource", 2), ("data", 2), ("ephemeral", 2), ("module", 1), ("locals", 0)];
const INNER: [&str; 5] = ["statement", "principals", "not_principals", "condition", "content"];

/// The body of a file.
pub(crate) fn body_of_json(root: &Node) -> Body {
    let mut body = Body::default();
    for (name, node) in root.entries() {
        if let Some((kind, labels)) = LABELED.iter().find(|(kind, _)| kind == name) {
            labeled(kind, *labels, Vec::new(), node, &mut body);
        }
    }
    body
}

fn labeled(kind: &str, labels: usize, given: Vec<String>, node: &Node, body: &mut Body) {
    match &node.content {
        Content::List(nodes) => {
            labeled_each(kind, labels, &given, nodes, body);
        }
        Content::Map(entries) if given.len() < labels => {
            for (label, node) in entries {
                let labels_of_one = given.iter().chain([label]).cloned().collect();
                labeled(kind, labels, labels_of_one, node, body);
            }
        }
        Content::Map(entries) => {
            body.blocks.push(Block {
                line: node.line,
                kind: kind.to_owned(),
                labels: given,
                body: inner(entries),
            });
        }
        _ => {}
    }
}

fn labeled_each(kind: &str, labels: usize, given: &[String], nodes: &[Node], body: &mut Body) {
    for node in nodes {
        labeled(kind, labels, given.to_vec(), node, body);
    }
}

fn inner(entries: &[(String, Node)]) -> Body {
    let mut body = Body::default();
    for (name, node) in entries {
        match name.as_str() {
            "dynamic" => labeled(name, 1, Vec::new(), node, &mut body),
            kind if INNER.contains(&kind) => labeled(kind, 0, Vec::new(), node, &mut body),
            _ => body.attributes.push((name.clone(), expression(node))),
        }
    }
    body
}

fn expression(node: &Node) -> Expression {
    let kind = match &node.content {
        Content::Text(text) | Content::Block(text) => Kind::Template(template(node.line, text)),
        Content::List(nodes) => Kind::List(nodes.iter().map(expression).collect()),
        Content::Map(entries) => {
            let key =
                |name: &str| Expression { line: node.line, kind: Kind::Template(template(node.line, name)) };
            Kind::Object(entries.iter().map(|(name, node)| (key(name), expression(node))).collect())
        }
        _ => Kind::Null,
    };
    Expression { line: node.line, kind }
}

/// A text that is no template is not literal: Terraform refuses it.
fn template(line: Position, text: &str) -> Vec<Part> {
    let lines = Lines::one(line.line);
    Parser::new(text, &lines).whole_template().unwrap_or_else(|_| vec![Part::Invalid])
}
