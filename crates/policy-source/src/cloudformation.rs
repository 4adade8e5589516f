//! The trust policies in a CloudFormation or SAM template, and in those of its stack sets.

mod for_each;
mod intrinsic;
mod serverless;

use crate::{
    node::{Content, Node},
    note::{Note, Notes},
    policy::{self, ASSUME_ROLE_POLICY_DOCUMENT},
    policy_text::PolicyText,
    search,
};
use intrinsic::Template;

pub(crate) use serverless::without_variables;

/// Properties whose value is a template.
const TEMPLATES: [&str; 2] = ["TemplateBody", "DefinitionBody"];

/// Reads the trust policy of each resource that has one. `outer` names the resource that the template is in, `texts`
/// counts the templates around it.
pub(crate) fn read(
    template: &Node,
    outer: Option<&str>,
    texts: usize,
    notes: &mut Notes,
    found: &mut Vec<PolicyText>,
) {
    let expanded = for_each::expand(template);
    let resolved = Template::new(&expanded).resources();
    for (id, resource) in resolved.entries() {
        let name = outer.map_or_else(|| id.clone(), |outer| format!("{outer}.{id}"));
        role(&name, resource, is_literal(template), notes, found);
        for (property, value) in resource.at("Properties").map(Node::entries).unwrap_or_default() {
            if TEMPLATES.contains(&property.as_str()) && value.as_text().is_some() {
                search::in_text(Some(&name), texts, value, notes, found);
            } else if property != ASSUME_ROLE_POLICY_DOCUMENT {
                search::by_shape(&name, value, notes, found);
            }
        }
    }
}

/// Whether the names of all properties are known.
fn is_named(properties: &Node) -> bool {
    let names = properties.entries();
    matches!(properties.content, Content::Map(_)) && names.iter().all(|(name, _)| !name.starts_with("Fn::"))
}

/// Whether no macro of the account changes the resources.
fn is_literal(template: &Node) -> bool {
    let is_known =
        |node: &Node| node.as_text().is_some_and(|name| name.starts_with("AWS::") && name != "AWS::Include");
    match template.at("Transform") {
        None => true,
        Some(Node { content: Content::List(names), .. }) => names.iter().all(is_known),
        Some(name) => is_known(name),
    }
}

fn role(id: &str, resource: &Node, is_literal: bool, notes: &mut Notes, found: &mut Vec<PolicyText>) {
    let properties = resource.at("Properties");
    let document = properties.and_then(|properties| properties.at(ASSUME_ROLE_POLICY_DOCUMENT));
    if let Some(document) = document.filter(|node| !matches!(node.content, Content::Absent | Content::Null)) {
        found.extend(policy::read(Some(id), document, notes));
        return;
    }
    let is_role = resource.at("Type").and_then(Node::as_text) == Some("AWS::IAM::Role");
    if is_role || resource.content == Content::Unknown {
        let has_no_policy =
            is_literal && properties.is_none_or(is_named) && resource.content != Content::Unknown;
        let text = if has_no_policy {
            "it has no trust policy"
        } else {
            "its trust policy is not literal in this file and was not checked"
        };
        notes.add(Note::about(resource.line, Some(id), text), !has_no_policy);
    }
}
