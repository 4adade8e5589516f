//! The trust policies in a file of Terraform (or `tofu`): `assume_role_policy` as `jsonencode`, a heredoc, or an
//! `aws_iam_policy_document`; in HCL or in JSON.

mod blocks;
mod condition;
mod evaluate;
mod functions;
mod policy_document;
mod scope;

use crate::{
    hcl::{self, Block, Body, Expression, Kind, Step},
    lines::Lines,
    node::Node,
    note::Note,
    policy,
    policy_text::PolicyText,
    search,
    source_error::SourceError,
};
use blocks::instances;
use scope::{Scope, Variables};
use trust_policy::lint::printable;

/// The attributes of a role's trust policy, in the providers `aws` and `awscc`.
const ATTRIBUTES: [&str; 2] = ["assume_role_policy", "assume_role_policy_document"];

/// What was read, and notes on blocks that name `AssumeRoleWithWebIdentity` and could not be read.
pub(crate) type Read = (Vec<PolicyText>, Vec<Note>);

/// Reads every trust policy of an HCL file, including the documents that no role of the file uses.
pub(crate) fn read(text: &str, notes: &mut Vec<Note>) -> Result<Read, SourceError> {
    let lines = Lines::from(1, text);
    let (body, skipped) = hcl::parse(text, &lines);
    let is_empty = body.blocks.is_empty() && body.attributes.is_empty();
    if let Some(first) = skipped.first().filter(|_| is_empty) {
        return Err(SourceError::Terraform { problem: printable(&first.error.to_string()) });
    }
    let mut unread = Vec::new();
    for part in skipped {
        let block = part.text.lines().next().unwrap_or_default().trim_end();
        let text = format!("skipped the block around this, `{block}`: {}", part.error.problem);
        let note = Note::about(part.error.line, None, &text);
        if policy::names_web_identity(part.text) { unread.push(note) } else { notes.push(note) }
    }
    Ok((of_body(&body, notes), unread))
}

/// The same of a file in Terraform's JSON syntax.
pub(crate) fn read_json(root: &Node, notes: &mut Vec<Note>) -> Vec<PolicyText> {
    of_body(&hcl::body_of_json(root), notes)
}

fn of_body(body: &Body, notes: &mut Vec<Note>) -> Vec<PolicyText> {
    let scope = Scope::new(body);
    let mut policies = Vec::new();
    let mut used: Vec<&str> = Vec::new();
    for block in &body.blocks {
        for value in ATTRIBUTES.iter().filter_map(|name| block.body.attribute(name)) {
            match document(value) {
                Some(name) if scope.find(("data", policy_document::KIND, name)).is_some() => used.push(name),
                Some(name) => {
                    let text = format!(
                        "`data.{}.{name}` is not in this file and was not checked",
                        policy_document::KIND
                    );
                    notes.push(Note::about(value.line, Some(&block.address()), &text));
                }
                None => {
                    for (name, variables) in instances(&scope, block) {
                        policies.extend(policy::read(Some(&name), &scope.evaluate(value, &variables), notes));
                    }
                }
            }
        }
    }
    for block in body.blocks.iter().filter(|block| is_document(block)) {
        let is_used = block.label(1).is_some_and(|name| used.contains(&name));
        for (name, variables) in instances(&scope, block) {
            let node = policy_document::read(&scope, block, &variables, 0);
            if is_used || policy_document::is_for_a_role(&node) {
                policies.extend(policy::read(Some(&name), &node, notes));
            }
        }
    }
    if !policies.iter().any(policy::has_web_identity) {
        elsewhere(&scope, body, None, notes, &mut policies);
    }
    policies.sort_by_key(|policy| policy.line);
    policies
}

/// Policies in attributes of any other name, as modules and locals have them.
fn elsewhere(
    scope: &Scope<'_>,
    body: &Body,
    address: Option<&str>,
    notes: &mut Vec<Note>,
    policies: &mut Vec<PolicyText>,
) {
    for (name, value) in &body.attributes {
        if address.is_none() || !ATTRIBUTES.contains(&name.as_str()) {
            let name = address.map_or_else(|| name.clone(), |address| format!("{address}.{name}"));
            search::by_shape(&name, &scope.evaluate(value, &Variables::default()), notes, policies);
        }
    }
    for block in &body.blocks {
        let inner = address.map_or_else(|| block.address(), |outer| format!("{outer}.{}", block.address()));
        elsewhere(scope, &block.body, Some(&inner), notes, policies);
    }
}

/// The name of the document that an expression refers to: `data.aws_iam_policy_document.NAME.json`.
fn document(value: &Expression) -> Option<&str> {
    let Kind::Traversal(root, steps) = &value.kind else { return None };
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

fn is_document(block: &Block) -> bool {
    block.kind == "data" && block.label(0) == Some(policy_document::KIND)
}
