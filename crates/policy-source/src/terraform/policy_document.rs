//! Terraform's `data "aws_iam_policy_document"`, as the policy that the AWS provider makes of it.

use hcl_edit::{
    expr::Expression,
    structure::{Block, Body},
};

use super::hcl::Scope;
use crate::node::{Content, Node};

/// Attributes that add statements of other policies.
const OTHERS: [&str; 4] =
    ["source_policy_documents", "override_policy_documents", "source_json", "override_json"];

/// A statement's attributes and their names in JSON.
const FIELDS: [(&str, &str); 6] = [
    ("sid", "Sid"),
    ("effect", "Effect"),
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

/// The policy of a `data` block.
pub(crate) fn read(scope: &Scope<'_>, block: &Block) -> Node {
    let version = attribute(&block.body, "version").map(|value| scope.evaluate(value));
    let mut statements: Vec<Node> = Vec::new();
    for inner in block.body.blocks() {
        match (inner.ident.as_str(), label(inner)) {
            ("statement", _) => statements.push(statement(scope, inner)),
            ("dynamic", Some("statement")) => statements.push(Node::new(scope.line(inner), Content::Unknown)),
            _ => {}
        }
    }
    let others = OTHERS.iter().filter_map(|name| attribute(&block.body, name));
    statements.extend(others.map(|value| Node::new(scope.line(value), Content::Unknown)));
    let line = scope.line(block);
    let entries = vec![
        ("Version".to_owned(), version.unwrap_or_else(|| Node::text(line, "2012-10-17"))),
        ("Statement".to_owned(), Node::new(line, Content::List(statements))),
    ];
    with_variables(Node::new(line, Content::Map(entries)))
}

/// Whether a `data` block is a trust policy: it names an `sts:AssumeRole…` action.
pub(crate) fn is_for_a_role(scope: &Scope<'_>, block: &Block) -> bool {
    let statements = block.body.blocks().filter(|inner| inner.ident.as_str() == "statement");
    statements
        .flat_map(|statement| statement.body.attributes())
        .any(|attribute| attribute.key.as_str() == "actions" && names_sts(&scope.evaluate(&attribute.value)))
}

fn names_sts(node: &Node) -> bool {
    match &node.content {
        Content::List(actions) => actions.iter().any(names_sts),
        _ => node.as_text().is_some_and(|action| action.to_ascii_lowercase().starts_with("sts:assumerole")),
    }
}

fn statement(scope: &Scope<'_>, block: &Block) -> Node {
    let line = scope.line(block);
    let mut fields: Vec<(String, Node)> = Vec::new();
    for (name, field) in FIELDS {
        if let Some(value) = attribute(&block.body, name) {
            fields.push((field.to_owned(), scope.evaluate(value)));
        }
    }
    if !fields.iter().any(|(name, _)| name == "Effect") {
        fields.push(("Effect".to_owned(), Node::text(line, "Allow")));
    }
    for (name, field) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        fields.extend(gathered(scope, block, name, principals).map(|node| (field.to_owned(), node)));
    }
    fields.extend(gathered(scope, block, "condition", conditions).map(|node| ("Condition".to_owned(), node)));
    Node::new(line, Content::Map(fields))
}

/// All blocks of a kind together; unknown if a `dynamic` block makes some of them.
fn gathered(
    scope: &Scope<'_>,
    block: &Block,
    kind: &str,
    gather: fn(&Scope<'_>, &[&Block]) -> Node,
) -> Option<Node> {
    let dynamic =
        block.body.blocks().find(|inner| inner.ident.as_str() == "dynamic" && label(inner) == Some(kind));
    if let Some(dynamic) = dynamic {
        return Some(Node::new(scope.line(dynamic), Content::Unknown));
    }
    let blocks: Vec<&Block> = block.body.blocks().filter(|inner| inner.ident.as_str() == kind).collect();
    (!blocks.is_empty()).then(|| gather(scope, &blocks))
}

fn principals(scope: &Scope<'_>, blocks: &[&Block]) -> Node {
    let mut kinds: Vec<(String, Node)> = Vec::new();
    for block in blocks {
        let kind = text(scope, &block.body, "type");
        add(&mut kinds, &kind, scope.line(*block), values(scope, &block.body, "identifiers"));
    }
    let line = blocks.first().map_or(1, |block| scope.line(*block));
    match kinds.as_slice() {
        // The AWS provider writes `type = "*"` as `"*"`.
        [(kind, _)] if kind == "*" => Node::text(line, "*"),
        _ => Node::new(line, Content::Map(kinds)),
    }
}

fn conditions(scope: &Scope<'_>, blocks: &[&Block]) -> Node {
    let mut operators: Vec<(String, Node)> = Vec::new();
    for block in blocks {
        let (line, test) = (scope.line(*block), text(scope, &block.body, "test"));
        let variable = text(scope, &block.body, "variable");
        let at = operators.iter().position(|(own, _)| *own == test).unwrap_or_else(|| {
            operators.push((test, Node::new(line, Content::Map(Vec::new()))));
            operators.len() - 1
        });
        if let Some((_, Node { content: Content::Map(keys), .. })) = operators.get_mut(at) {
            add(keys, &variable, line, values(scope, &block.body, "values"));
        }
    }
    Node::new(blocks.first().map_or(1, |block| scope.line(*block)), Content::Map(operators))
}

/// Adds values to a name's list.
fn add(entries: &mut Vec<(String, Node)>, name: &str, line: usize, values: Vec<Node>) {
    match entries.iter_mut().find(|(own, _)| own == name) {
        Some((_, Node { content: Content::List(list), .. })) => list.extend(values),
        _ => entries.push((name.to_owned(), Node::new(line, Content::List(values)))),
    }
}

fn values(scope: &Scope<'_>, body: &Body, name: &str) -> Vec<Node> {
    match attribute(body, name).map(|value| scope.evaluate(value)) {
        Some(Node { content: Content::List(list), .. }) => list,
        Some(node) => vec![node],
        None => Vec::new(),
    }
}

fn text(scope: &Scope<'_>, body: &Body, name: &str) -> String {
    let value = attribute(body, name).map(|value| scope.evaluate(value));
    value.unwrap_or(Node::new(1, Content::Unknown)).text_or_hole()
}

pub(crate) fn attribute<'a>(body: &'a Body, name: &str) -> Option<&'a Expression> {
    body.attributes().find(|attribute| attribute.key.as_str() == name).map(|attribute| &attribute.value)
}

pub(crate) fn label(block: &Block) -> Option<&str> {
    block.labels.first().map(hcl_edit::structure::BlockLabel::as_str)
}

/// Here a policy variable is written `&{…}`, because `${…}` is Terraform's interpolation.
fn with_variables(node: Node) -> Node {
    let content = match node.content {
        Content::Text(text) => Content::Text(text.replace("&{", "${")),
        Content::List(nodes) => Content::List(nodes.into_iter().map(with_variables).collect()),
        Content::Map(entries) => {
            let entries = entries.into_iter();
            Content::Map(
                entries.map(|(name, node)| (name.replace("&{", "${"), with_variables(node))).collect(),
            )
        }
        other => other,
    };
    Node::new(node.line, content)
}
