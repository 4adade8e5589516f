//! A trust policy that is the whole file, and the ones in responses of IAM's API about roles.

use crate::{
    node::{Content, Node},
    note::Note,
    policy::{self, ASSUME_ROLE_POLICY_DOCUMENT},
    policy_text::PolicyText,
};

/// Reads the node as a policy, or else every trust policy of a role inside it.
pub(crate) fn read(node: &Node, notes: &mut Vec<Note>) -> Vec<PolicyText> {
    if node.at("Statement").is_some() {
        return policy::read(None, node, notes).into_iter().collect();
    }
    let mut found = Vec::new();
    search(node, notes, &mut found);
    found
}

fn search(node: &Node, notes: &mut Vec<Note>, found: &mut Vec<PolicyText>) {
    if let Some(document) = node.at(ASSUME_ROLE_POLICY_DOCUMENT) {
        let name = node.at("RoleName").and_then(Node::as_text).map(str::to_owned);
        found.extend(policy::read(name, document, notes));
    }
    match &node.content {
        Content::List(parts) => parts.iter().for_each(|part| search(part, notes, found)),
        Content::Map(entries) => {
            let others = entries.iter().filter(|(name, _)| name != ASSUME_ROLE_POLICY_DOCUMENT);
            others.for_each(|(_, node)| search(node, notes, found));
        }
        _ => {}
    }
}
