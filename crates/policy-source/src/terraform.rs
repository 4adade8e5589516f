//! The trust policies in a file of Terraform (or `tofu`): `assume_role_policy` as `jsonencode`, a heredoc, or an
//! `aws_iam_policy_document`; in HCL or in JSON.

mod blocks;
mod condition;
mod elsewhere;
mod evaluate;
mod functions;
mod modules;
mod policy_document;
mod scope;
mod values;

use crate::{
    hcl::{self, Block, Body, Expression, Kind, Step},
    lines::Lines,
    may_exchange::names_web_identity,
    node::Node,
    note::{Elsewhere, Note, Notes},
    policy,
    policy_text::PolicyText,
    source_error::SourceError,
};
use blocks::instances;
use scope::Scope;
use trust_policy::lint::printable;

/// The attributes of a role's trust policy, in the providers `aws` and `awscc`.
const ATTRIBUTES: [&str; 2] = ["assume_role_policy", "assume_role_policy_document"];

/// What was read, and the names of the documents among it.
pub(crate) type Read = (Vec<PolicyText>, Vec<String>);

/// Reads every trust policy of an HCL file, including the documents that no role of the file uses.
pub(crate) fn read(text: &str, notes: &mut Notes) -> Result<Read, SourceError> {
    let lines = Lines::of_file(text);
    let (body, skipped) = hcl::parse(text, &lines);
    let is_empty = body.blocks.is_empty() && body.attributes.is_empty();
    if let Some(first) = skipped.first().filter(|_| is_empty) {
        return Err(SourceError::Terraform { problem: printable(&first.error.to_string()) });
    }
    for part in skipped {
        let block = part.text.lines().next().unwrap_or_default().trim_end();
        let text = format!("skipped the block around this, `{block}`: {}", part.error.problem);
        let note = Note::about(part.error.line, None, &text);
        let is_role = ATTRIBUTES.iter().any(|name| part.text.contains(name));
        let is_for_a_service = part.text.contains(".amazonaws.com");
        notes.add(note, names_web_identity(part.text) || (is_role && !is_for_a_service));
    }
    Ok(of_body(&body, notes))
}

/// The same of a file in Terraform's JSON syntax.
pub(crate) fn read_json(root: &Node, notes: &mut Notes) -> Read {
    of_body(&hcl::body_of_json(root), notes)
}

fn of_body(body: &Body, notes: &mut Notes) -> Read {
    let scope = Scope::new(body);
    let mut policies = Vec::new();
    let mut used: Vec<&str> = Vec::new();
    for block in &body.blocks {
        for value in ATTRIBUTES.iter().filter_map(|name| block.body.attribute(name)) {
            match document(value) {
                Some(name) if scope.find(("data", policy_document::KIND, name)).is_some() => used.push(name),
                Some(name) => missing_document(name, value, &block.address(), notes),
                None => {
                    for (name, variables) in instances(&scope, block) {
                        policies.extend(policy::read(Some(&name), &scope.evaluate(value, &variables), notes));
                    }
                }
            }
        }
    }
    let mut documents = Vec::new();
    for block in body.blocks.iter().filter(|block| is_document(block)) {
        let is_used = block.label(1).is_some_and(|name| used.contains(&name));
        for (name, variables) in instances(&scope, block) {
            let node = policy_document::read(&scope, block, &variables, 0);
            if is_used || policy_document::is_for_a_role(&node) {
                documents.extend(block.label(1).map(str::to_owned));
                policies.extend(policy::read(Some(&name), &node, notes));
            }
        }
    }
    elsewhere::read(&scope, body, notes, &mut policies);
    policies.sort_by_key(|policy| policy.line);
    (policies, documents)
}

/// A note on a document that no block of this file makes.
fn missing_document(name: &str, value: &Expression, address: &str, notes: &mut Notes) {
    let text = format!("`data.{}.{name}` is not in this file and was not checked", policy_document::KIND);
    let note = Note::about(value.line, Some(address), &text);
    notes.add(note.in_place(Elsewhere::Document(name.to_owned())), true);
}

/// The name of the document that an expression refers to: `data.aws_iam_policy_document.NAME.json`, of one instance
/// or of all.
fn document(value: &Expression) -> Option<&str> {
    let (root, steps) = match &value.kind {
        Kind::Traversal(root, steps) => (root.as_ref(), steps.as_slice()),
        Kind::Call(name, arguments) if matches!(name.as_str(), "join" | "one" | "try" | "coalesce") => {
            return arguments.iter().find_map(document);
        }
        Kind::For(each) if each.is_splat() => return document_of_all(&each.collection, &each.value),
        _ => return None,
    };
    let Kind::Variable(data) = &root.kind else { return document(root).filter(|_| steps.is_empty()) };
    let names = steps.iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Index(_) => None,
    });
    match (data.as_str(), names.collect::<Vec<_>>().as_slice()) {
        ("data", [policy_document::KIND, name, "json" | "minified_json"]) => Some(name),
        _ => None,
    }
}

/// The same of a splat.
fn document_of_all<'a>(collection: &'a Expression, value: &Expression) -> Option<&'a str> {
    let (Kind::Traversal(root, steps), Kind::Traversal(_, properties)) = (&collection.kind, &value.kind)
    else {
        return None;
    };
    let Kind::Variable(data) = &root.kind else { return None };
    let is_json =
        matches!(properties.as_slice(), [Step::Name(name)] if name == "json" || name == "minified_json");
    match (data.as_str(), steps.as_slice()) {
        ("data", [Step::Name(kind), Step::Name(name)]) if is_json && kind == policy_document::KIND => {
            Some(name)
        }
        _ => None,
    }
}

fn is_document(block: &Block) -> bool {
    block.kind == "data" && block.label(0) == Some(policy_document::KIND)
}
