//! The trust policies in a Terraform file: `assume_role_policy` as `jsonencode`, a heredoc, or an
//! `aws_iam_policy_document`.

mod hcl;
mod policy_document;

use hcl_edit::{
    expr::Expression,
    parser,
    structure::{Block, BlockLabel, Body},
};
use trust_policy::lint::printable;

use crate::{
    note::Note,
    policy,
    policy_text::PolicyText,
    source_error::{MOST_ASSIGNMENTS, SourceError},
};
use hcl::Scope;
use policy_document::attribute;

/// The attribute of a role's trust policy.
const ATTRIBUTE: &str = "assume_role_policy";
const POLICY_DOCUMENT: &str = "aws_iam_policy_document";

/// Reads every trust policy of the file, including the documents that no role of the file uses.
pub(crate) fn read(text: &str, notes: &mut Vec<Note>) -> Result<Vec<PolicyText>, SourceError> {
    let assignments = text.bytes().filter(|byte| matches!(byte, b'=' | b':')).count();
    if assignments > MOST_ASSIGNMENTS {
        return Err(SourceError::TooManyAssignments(assignments));
    }
    let body = parser::parse_body(text).map_err(|error| {
        let problem = format!("{} at line {}", error.message(), error.location().line());
        SourceError::Terraform { problem: printable(&problem) }
    })?;
    let scope = Scope::new(text, &body);
    let mut policies = Vec::new();
    let mut used: Vec<&str> = Vec::new();
    for block in body.blocks() {
        let Some(value) = attribute(&block.body, ATTRIBUTE) else { continue };
        match document(value) {
            Some(name) if find(&body, name).is_some() => used.push(name),
            Some(name) => {
                let text = format!("`data.{POLICY_DOCUMENT}.{name}` is not in this file and was not checked");
                notes.push(Note::about(scope.line(value), Some(&address(block)), &text));
            }
            None => policies.extend(policy::read(Some(address(block)), &scope.evaluate(value), notes)),
        }
    }
    for block in body.blocks().filter(|block| is_document(block)) {
        let is_used = block.labels.get(1).is_some_and(|name| used.contains(&name.as_str()));
        if is_used || policy_document::is_for_a_role(&scope, block) {
            let node = policy_document::read(&scope, block);
            policies.extend(policy::read(Some(address(block)), &node, notes));
        }
    }
    policies.sort_by_key(|policy| policy.line);
    Ok(policies)
}

/// The name of the document that an expression refers to: `data.aws_iam_policy_document.NAME.json`.
fn document(value: &Expression) -> Option<&str> {
    match value {
        Expression::Parenthesis(inner) => document(inner.inner()),
        Expression::Traversal(traversal) => match hcl::path(traversal)?.as_slice() {
            ["data", POLICY_DOCUMENT, name, "json" | "minified_json"] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn find<'a>(body: &'a Body, name: &str) -> Option<&'a Block> {
    let mut documents = body.blocks().filter(|block| is_document(block));
    documents.find(|block| block.labels.get(1).is_some_and(|label| label.as_str() == name))
}

fn is_document(block: &Block) -> bool {
    block.ident.as_str() == "data" && policy_document::label(block) == Some(POLICY_DOCUMENT)
}

/// The block's address in Terraform's form: a resource has only its labels.
fn address(block: &Block) -> String {
    let kind = Some(block.ident.as_str()).filter(|kind| *kind != "resource");
    let names: Vec<&str> = kind.into_iter().chain(block.labels.iter().map(BlockLabel::as_str)).collect();
    names.join(".")
}
