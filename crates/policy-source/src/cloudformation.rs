//! The trust policies in a CloudFormation or SAM template.

mod intrinsic;

use crate::{
    node::{Content, Node},
    note::Note,
    policy::{self, ASSUME_ROLE_POLICY_DOCUMENT},
    policy_text::PolicyText,
};

/// Reads the trust policy of each resource that has one.
pub(crate) fn read(template: Node, notes: &mut Vec<Note>) -> Vec<PolicyText> {
    let template = intrinsic::resolve(template);
    let resources = template.at("Resources").map(Node::entries).unwrap_or_default();
    resources.iter().filter_map(|(id, resource)| role(id, resource, notes)).collect()
}

fn role(id: &str, resource: &Node, notes: &mut Vec<Note>) -> Option<PolicyText> {
    let properties = resource.at("Properties");
    if let Some(document) = properties.and_then(|properties| properties.at(ASSUME_ROLE_POLICY_DOCUMENT)) {
        return policy::read(Some(id.to_owned()), document, notes);
    }
    let is_role = resource.at("Type").and_then(Node::as_text) == Some("AWS::IAM::Role");
    if is_role || resource.content == Content::Unknown {
        notes.push(Note::about(
            resource.line,
            Some(id),
            "its trust policy is not literal in this file and was not checked",
        ));
    }
    None
}
