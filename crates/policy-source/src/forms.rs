//! A tree that conditions decide about, as the trees that a deployment can make of it: each is checked.

use std::collections::BTreeSet;

use crate::node::{Content, Node};

/// Conditions of one policy; twice as many forms with each. The values under any other condition count as unknown.
const MOST_CONDITIONS: usize = 4;

/// What a deployment can make of the tree, each with the conditions that it stands for.
pub(crate) fn forms(node: &Node) -> Vec<(Option<String>, Node)> {
    let mut conditions = BTreeSet::new();
    gather(node, &mut conditions);
    let mut given: Vec<Vec<(&str, bool)>> = vec![Vec::new()];
    for condition in conditions.into_iter().take(MOST_CONDITIONS) {
        let with = |holds: bool| {
            given.iter().map(move |others| others.iter().copied().chain([(condition, holds)]).collect())
        };
        given = with(true).chain(with(false)).collect();
    }
    let form = |given: Vec<(&str, bool)>| {
        let words = given.iter().map(|(condition, holds)| match holds {
            true => (*condition).to_owned(),
            false => format!("not {condition}"),
        });
        let words: Vec<String> = words.collect();
        let label = (!words.is_empty()).then(|| words.join(", "));
        (label, decided(node, &given))
    };
    given.into_iter().map(form).collect()
}

fn gather<'a>(node: &'a Node, conditions: &mut BTreeSet<&'a str>) {
    match &node.content {
        Content::Either(condition, values) => {
            conditions.insert(condition);
            values.iter().for_each(|node| gather(node, conditions));
        }
        Content::List(nodes) => nodes.iter().for_each(|node| gather(node, conditions)),
        Content::Map(entries) => entries.iter().for_each(|(_, node)| gather(node, conditions)),
        _ => {}
    }
}

fn decided(node: &Node, given: &[(&str, bool)]) -> Node {
    let content = match &node.content {
        Content::Either(condition, values) => {
            let [then, otherwise] = values.as_ref();
            match given.iter().find(|(own, _)| own == condition) {
                Some((_, true)) => return placed(decided(then, given), node),
                Some((_, false)) => return placed(decided(otherwise, given), node),
                None => match [then, otherwise].map(absent_or_allows) {
                    // A statement allows what it allows, whichever others there are.
                    [Some(true), Some(false)] => return placed(decided(otherwise, given), node),
                    [Some(false), Some(true)] => return placed(decided(then, given), node),
                    _ => Content::Unknown,
                },
            }
        }
        Content::List(nodes) => Content::List(nodes.iter().flat_map(|node| items(node, given)).collect()),
        Content::Map(entries) => Content::Map(
            entries
                .iter()
                .map(|(name, node)| (name.clone(), decided(node, given)))
                .filter(|(_, node)| node.content != Content::Absent)
                .collect(),
        ),
        other => other.clone(),
    };
    Node::new(node.line, content)
}

/// Whether the value is nothing; `None` unless it is, or is a statement that allows.
fn absent_or_allows(node: &Node) -> Option<bool> {
    let allows = node.at("Effect").and_then(Node::as_text) == Some("Allow");
    (node.content == Content::Absent || allows).then_some(!allows)
}

/// A value on the line of its name is shown with the name.
fn placed(mut value: Node, choice: &Node) -> Node {
    if value.line.line == choice.line.first {
        value.line = choice.line;
    }
    value
}

/// What an item of a list becomes: a condition may choose between lists of items.
fn items(node: &Node, given: &[(&str, bool)]) -> Vec<Node> {
    let is_choice = matches!(node.content, Content::Either(..));
    let node = decided(node, given);
    match node.content {
        Content::Absent => Vec::new(),
        Content::Null if is_choice => Vec::new(),
        Content::List(nodes) if is_choice => nodes,
        _ => vec![node],
    }
}
