//! Terraform's `data "aws_iam_policy_document"`, as the policy that the AWS provider makes of it.

use super::{
    blocks::{Made, Place, of_kind},
    scope::{Scope, Variables},
};
use crate::{
    hcl::{Block, Body},
    json,
    lines::Lines,
    node::{Content, Node},
    position::Position,
};

pub(crate) const KIND: &str = "aws_iam_policy_document";

/// Attributes that add the statements of other policies, and those that also replace some.
const ADDED: [&str; 2] = ["source_policy_documents", "source_json"];
const REPLACING: [&str; 2] = ["override_policy_documents", "override_json"];

/// How many conditions decide about the blocks of one statement.
const MOST_CONDITIONS: usize = 4;

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
pub(crate) fn read(scope: &Scope<'_>, block: &Block, variables: &Variables, depth: usize) -> Node {
    let version = block.body.attribute("version").map(|value| scope.node(value, variables, depth + 1));
    let mut statements: Vec<Node> = Vec::new();
    for place in of_kind(scope, &block.body, "statement", variables, depth) {
        statements.extend(statements_of(scope, &place, depth));
    }
    for name in ADDED {
        if let Some(value) = block.body.attribute(name) {
            added(&scope.node(value, variables, depth + 1), &mut statements);
        }
    }
    let replacing = REPLACING.iter().filter_map(|name| block.body.attribute(name));
    statements.extend(replacing.map(|value| Node::new(value.line, Content::Unknown)));
    let line = block.line;
    let entries = vec![
        ("Version".to_owned(), version.unwrap_or_else(|| Node::text(line, "2012-10-17"))),
        ("Statement".to_owned(), Node::new(line, Content::List(statements))),
    ];
    with_variables(Node::new(line, Content::Map(entries)))
}

fn statements_of(scope: &Scope<'_>, place: &Place<'_>, depth: usize) -> Vec<Node> {
    match place {
        Place::Known(made) => made.iter().map(|made| statement(scope, made, depth)).collect(),
        // What its content has for every value is checked.
        Place::Unknown(made) => vec![statement(scope, made, depth)],
        Place::Either(condition, places) => {
            let [then, otherwise] = places.each_ref().map(|place| statements_of(scope, place, depth));
            let absent = |line: Position| Node::new(line, Content::Absent);
            let when = |node: Node| (node.line, [node.clone(), absent(node.line)]);
            let unless = |node: Node| (node.line, [absent(node.line), node]);
            let all = then.into_iter().map(when).chain(otherwise.into_iter().map(unless));
            all.map(|(line, values)| Node::new(line, Content::Either(condition.clone(), Box::new(values))))
                .collect()
        }
    }
}

/// Adds the statements of documents that are known; of any other, one that is not known.
fn added(documents: &Node, statements: &mut Vec<Node>) {
    let list = match &documents.content {
        Content::List(list) => list.as_slice(),
        _ => std::slice::from_ref(documents),
    };
    for document in list {
        let parsed =
            document.as_text().and_then(|text| json::parse(text, &Lines::one(document.line.line)).ok());
        match parsed.as_ref().unwrap_or(document).at("Statement") {
            Some(Node { content: Content::List(list), .. }) => statements.extend(list.iter().cloned()),
            Some(single) => statements.push(single.clone()),
            None => statements.push(Node::new(document.line, Content::Unknown)),
        }
    }
}

/// Whether a policy is a trust policy: it names an `sts:AssumeRole…` action and a principal.
pub(crate) fn is_for_a_role(document: &Node) -> bool {
    document.at("Statement").is_some_and(names_sts)
}

fn names_sts(node: &Node) -> bool {
    match &node.content {
        Content::List(nodes) => nodes.iter().any(names_sts),
        Content::Either(_, values) => values.iter().any(names_sts),
        Content::Map(_) => {
            let has_principal = ["Principal", "NotPrincipal"].iter().any(|name| node.at(name).is_some());
            has_principal && node.at("Action").is_some_and(names_sts)
        }
        _ => node.as_text().is_some_and(|action| action.to_ascii_lowercase().starts_with("sts:assumerole")),
    }
}

fn statement(scope: &Scope<'_>, made: &Made<'_>, depth: usize) -> Node {
    let line = made.line;
    let mut fields: Vec<(String, Node)> = Vec::new();
    for (name, field) in FIELDS {
        if let Some(value) = made.body.attribute(name) {
            fields.push((field.to_owned(), scope.node(value, &made.variables, depth + 1)));
        }
    }
    if !fields.iter().any(|(name, _)| name == "Effect") {
        fields.push(("Effect".to_owned(), Node::text(line, "Allow")));
    }
    for (name, field) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        fields.extend(gathered(scope, made, name, depth, principals).map(|node| (field.to_owned(), node)));
    }
    let condition = gathered(scope, made, "condition", depth, conditions);
    fields.extend(condition.map(|node| ("Condition".to_owned(), node)));
    Node::new(line, Content::Map(fields))
}

type Gather = fn(&Scope<'_>, &[Made<'_>], usize) -> Node;

/// All blocks of a kind together; unknown if a `dynamic` block makes some of them.
fn gathered(scope: &Scope<'_>, made: &Made<'_>, kind: &str, depth: usize, gather: Gather) -> Option<Node> {
    let places = of_kind(scope, made.body, kind, &made.variables, depth);
    let places: Vec<&Place<'_>> = places.iter().collect();
    let node = together(scope, &places, depth, gather, MOST_CONDITIONS);
    (!places.is_empty() && node.content != Content::Absent).then_some(node)
}

fn together(scope: &Scope<'_>, places: &[&Place<'_>], depth: usize, gather: Gather, limit: usize) -> Node {
    let mut made = Vec::new();
    for (at, place) in places.iter().enumerate() {
        match place {
            Place::Known(blocks) => made.extend(blocks.iter().cloned()),
            Place::Unknown(made) => return Node::new(made.line, Content::Unknown),
            Place::Either(..) if limit == 0 => return Node::new(1, Content::Unknown),
            Place::Either(condition, choices) => {
                let values = choices.each_ref().map(|choice| {
                    let mut places = places.to_vec();
                    if let Some(place) = places.get_mut(at) {
                        *place = choice;
                    }
                    together(scope, &places, depth, gather, limit - 1)
                });
                let line = values.iter().map(|node| node.line).max_by_key(|at| at.line).unwrap_or(1.into());
                return Node::new(line, Content::Either(condition.clone(), Box::new(values)));
            }
        }
    }
    match made.as_slice() {
        [] => Node::new(1, Content::Absent),
        blocks => gather(scope, blocks, depth),
    }
}

fn principals(scope: &Scope<'_>, blocks: &[Made<'_>], depth: usize) -> Node {
    let mut kinds: Vec<(String, Node)> = Vec::new();
    for block in blocks {
        let kind = text(scope, block, "type", depth);
        add(&mut kinds, &kind, block.line, values(scope, block, "identifiers", depth));
    }
    let line = blocks.first().map_or(1.into(), |block| block.line);
    match kinds.as_slice() {
        // The AWS provider writes `type = "*"` as `"*"`.
        [(kind, _)] if kind == "*" => Node::text(line, "*"),
        _ => Node::new(line, Content::Map(kinds)),
    }
}

fn conditions(scope: &Scope<'_>, blocks: &[Made<'_>], depth: usize) -> Node {
    let mut operators: Vec<(String, Node)> = Vec::new();
    for block in blocks {
        let (line, test) = (block.line, text(scope, block, "test", depth));
        let variable = text(scope, block, "variable", depth);
        let at = operators.iter().position(|(own, _)| *own == test).unwrap_or_else(|| {
            operators.push((test, Node::new(line, Content::Map(Vec::new()))));
            operators.len() - 1
        });
        if let Some((_, Node { content: Content::Map(keys), .. })) = operators.get_mut(at) {
            add(keys, &variable, line, values(scope, block, "values", depth));
        }
    }
    Node::new(blocks.first().map_or(1.into(), |block| block.line), Content::Map(operators))
}

/// Adds values to a name's list.
fn add(entries: &mut Vec<(String, Node)>, name: &str, line: Position, values: Vec<Node>) {
    match entries.iter_mut().find(|(own, _)| own == name) {
        Some((_, Node { content: Content::List(list), .. })) => list.extend(values),
        _ => entries.push((name.to_owned(), Node::new(line, Content::List(values)))),
    }
}

fn values(scope: &Scope<'_>, made: &Made<'_>, name: &str, depth: usize) -> Vec<Node> {
    match attribute(scope, made.body, name, &made.variables, depth) {
        Some(Node { content: Content::List(list), .. }) => list,
        Some(node) => vec![node],
        None => Vec::new(),
    }
}

fn text(scope: &Scope<'_>, made: &Made<'_>, name: &str, depth: usize) -> String {
    let value = attribute(scope, made.body, name, &made.variables, depth);
    value.unwrap_or(Node::new(1, Content::Unknown)).text_or_hole()
}

fn attribute(
    scope: &Scope<'_>,
    body: &Body,
    name: &str,
    variables: &Variables,
    depth: usize,
) -> Option<Node> {
    body.attribute(name).map(|value| scope.node(value, variables, depth + 1))
}

/// Here a policy variable is written `&{…}`, because `${…}` is Terraform's interpolation.
fn with_variables(mut node: Node) -> Node {
    node.visit_mut(&mut |node| match &mut node.content {
        Content::Text(text) => *text = text.replace("&{", "${"),
        Content::Map(entries) => entries.iter_mut().for_each(|(name, _)| *name = name.replace("&{", "${")),
        _ => {}
    });
    node
}
