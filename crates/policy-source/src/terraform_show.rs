//! The output of `terraform show -json` and `tofu show -json` for a plan or a state: what will be, or is, deployed.

use crate::{
    node::{Content, Node},
    note::{Note, Notes},
    policy,
    policy_text::PolicyText,
    search,
};

/// The values of a plan or state, if the node is one. The plan's other parts repeat them, or are what was before.
pub(crate) fn values(root: &Node) -> Option<&Node> {
    root.at("format_version")?;
    root.at("planned_values").or_else(|| root.at("values"))?.at("root_module")
}

/// Reads a module's roles, and those of the modules inside it.
pub(crate) fn read(module: &Node, notes: &mut Notes, found: &mut Vec<PolicyText>) {
    for resource in module.at("resources").map(Node::items).unwrap_or_default() {
        let text = |name: &str| resource.at(name).and_then(Node::as_text);
        let fields = resource.at("values").map(Node::entries).unwrap_or_default();
        let address = text("address").map(str::to_owned);
        let is_policy = |name: &str| matches!(name, "assume_role_policy" | "assume_role_policy_document");
        let policies = fields.iter().filter(|(name, node)| is_policy(name) && node.content != Content::Null);
        let mut is_read = false;
        for (_, policy) in policies {
            is_read = true;
            found.extend(policy::read(address.as_deref(), policy, notes));
        }
        if text("mode") == Some("data") {
            continue;
        }
        let others = fields.iter().filter(|(name, _)| !is_policy(name));
        let place = address.as_deref().unwrap_or_default();
        others.for_each(|(name, value)| search::by_shape(&format!("{place}.{name}"), value, notes, found));
        let is_role = matches!(text("type"), Some("aws_iam_role" | "awscc_iam_role"));
        if is_role && !is_read {
            let text = "its trust policy is known only after the plan is applied, and was not checked";
            notes.add(Note::about(resource.line, address.as_deref(), text), true);
        }
    }
    for child in module.at("child_modules").map(Node::items).unwrap_or_default() {
        read(child, notes, found);
    }
}
