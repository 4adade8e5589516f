//! Statements outside a policy: arguments of modules, lists in locals, Pulumi's `getPolicyDocument`. They are written
//! as in JSON, or in the form of Terraform's `aws_iam_policy_document`, as values: `actions`, `principals` with `type`
//! and `identifiers`, `condition` with `test`, `variable` and `values`.

use crate::{
    may_exchange::mentions_web_identity,
    node::{Content, Node},
    position::Position,
};

const FIELDS: [(&str, &str); 3] = [("effect", "Effect"), ("actions", "Action"), ("not_actions", "NotAction")];

/// A policy of the values that are statements for web identity or stand beside one; `None` if there is none.
pub(crate) fn policy_of<'a>(line: Position, values: impl Iterator<Item = &'a Node>) -> Option<Node> {
    let statements: Vec<Node> = values.filter_map(statement).collect();
    statements.iter().any(mentions_web_identity).then(|| policy(line, statements))
}

/// The policy of a list of statements; a value that is no statement is one that is not known.
pub(crate) fn document(statements: &Node) -> Node {
    let all = statements.items().iter();
    let all = all.map(|node| statement(node).unwrap_or_else(|| unknown(node)));
    match statements.content {
        Content::List(_) => policy(statements.line, all.collect()),
        _ => unknown(statements),
    }
}

fn policy(line: Position, statements: Vec<Node>) -> Node {
    let list = Node::new(line, Content::List(statements));
    Node::new(line, Content::Map(vec![("Statement".to_owned(), list)]))
}

/// The statement that a value is, as JSON has it.
pub(crate) fn statement(node: &Node) -> Option<Node> {
    if node.at("Principal").is_some() && node.at("Action").is_some() {
        return Some(node.clone());
    }
    let actions = node.at("actions")?;
    let blocks =
        |names: [&str; 2]| names.iter().find_map(|name| node.at(name)).filter(|node| !is_empty(node));
    let principals = blocks(["principals", "principal"])?;
    let mut fields: Vec<(String, Node)> = FIELDS
        .iter()
        .filter_map(|(name, field)| {
            let value = node.at(name).filter(|value| !is_empty(value))?;
            Some(((*field).to_owned(), value.clone()))
        })
        .collect();
    if !fields.iter().any(|(name, _)| name == "Effect") {
        fields.push(("Effect".to_owned(), Node::text(actions.line, "Allow")));
    }
    fields.push(("Principal".to_owned(), principal(principals)));
    if let Some(conditions) = blocks(["condition", "conditions"]) {
        fields.push(("Condition".to_owned(), condition(conditions)));
    }
    Some(Node::new(node.line, Content::Map(fields)))
}

fn is_empty(node: &Node) -> bool {
    match &node.content {
        Content::Null | Content::Absent => true,
        Content::List(nodes) => nodes.is_empty(),
        _ => false,
    }
}

fn principal(blocks: &Node) -> Node {
    let mut kinds = Vec::new();
    for block in blocks.items() {
        let Some(kind) = block.at("type") else { return unknown(blocks) };
        put(&mut kinds, kind.text_or_hole(), block, "identifiers");
    }
    match (&blocks.content, kinds.as_slice()) {
        (Content::List(_), [(kind, _)]) if kind == "*" => Node::text(blocks.line, "*"),
        (Content::List(_), _) => Node::new(blocks.line, Content::Map(kinds)),
        _ => unknown(blocks),
    }
}

fn condition(blocks: &Node) -> Node {
    if !matches!(blocks.content, Content::List(_)) {
        return unknown(blocks);
    }
    let mut operators: Vec<(String, Node)> = Vec::new();
    for block in blocks.items() {
        let (Some(test), Some(variable)) = (block.at("test"), block.at("variable")) else {
            return unknown(blocks);
        };
        let test = test.text_or_hole();
        let at = operators.iter().position(|(own, _)| *own == test).unwrap_or_else(|| {
            operators.push((test, Node::new(block.line, Content::Map(Vec::new()))));
            operators.len() - 1
        });
        if let Some((_, Node { content: Content::Map(keys), .. })) = operators.get_mut(at) {
            put(keys, variable.text_or_hole(), block, "values");
        }
    }
    Node::new(blocks.line, Content::Map(operators))
}

/// Adds a block's values to those of a name.
fn put(entries: &mut Vec<(String, Node)>, name: String, block: &Node, field: &str) {
    let values = block.at(field).cloned().unwrap_or_else(|| unknown(block));
    let values = match values.content {
        Content::List(list) => list,
        _ => vec![values],
    };
    match entries.iter_mut().find(|(own, _)| *own == name) {
        Some((_, Node { content: Content::List(list), .. })) => list.extend(values),
        _ => entries.push((name, Node::new(block.line, Content::List(values)))),
    }
}

fn unknown(node: &Node) -> Node {
    Node::new(node.line, Content::Unknown)
}
