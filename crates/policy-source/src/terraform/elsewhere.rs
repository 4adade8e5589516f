//! Policies that are not in a role's attribute: arguments of modules, other resources, locals, defaults of variables.
//! What names `AssumeRoleWithWebIdentity` there is judged, or a note says that it was not read.

use std::collections::BTreeSet;

use super::{
    ATTRIBUTES,
    blocks::instances,
    document, is_document, missing_document, modules,
    policy_document::KIND,
    scope::{Scope, Variables},
};
use crate::{
    hcl::{Block, Body, Expression},
    may_exchange::{mentions_web_identity, names_web_identity},
    node::{Content, Node},
    note::{Note, Notes},
    policy,
    policy_text::PolicyText,
    position::Position,
    search,
};

/// Reads the policies of a file's attributes and blocks, besides roles and documents, which are read before.
pub(super) fn read(scope: &Scope<'_>, body: &Body, notes: &mut Notes, policies: &mut Vec<PolicyText>) {
    let mut search = Search { scope, notes, policies };
    for (name, value) in &body.attributes {
        search.value(name, name, value, &Variables::default());
    }
    let (locals, others): (Vec<&Block>, Vec<&Block>) =
        body.blocks.iter().filter(|block| !is_document(block)).partition(|block| block.kind == "locals");
    for block in others {
        for (address, variables) in instances(scope, block) {
            if scope.is_spent() {
                let text = "this block and all after it were not checked: the file's values are too many";
                return search.unread(block.line, &address, text);
            }
            if block.kind == "module" {
                modules::read(scope, block, &address, &variables, search.notes, search.policies);
            }
            search.block(block, &address, &variables, true);
        }
    }
    // Last, when it is known which of them the others use.
    for (name, value) in locals.iter().flat_map(|block| &block.body.attributes) {
        search.local(name, value);
    }
}

struct Search<'a, 'b> {
    scope: &'a Scope<'b>,
    notes: &'a mut Notes,
    policies: &'a mut Vec<PolicyText>,
}

impl Search<'_, '_> {
    fn block(&mut self, block: &Block, address: &str, variables: &Variables, is_outermost: bool) {
        for (name, value) in &block.body.attributes {
            if is_outermost && ATTRIBUTES.contains(&name.as_str()) {
                continue;
            }
            let place = format!("{address}.{name}");
            let found = self.value(&place, name, value, variables);
            if found == Found::Nothing && block.kind == "module" && name != "description" {
                self.argument(&place, name, value, variables);
            }
        }
        for inner in &block.body.blocks {
            self.block(inner, &format!("{address}.{}", inner.address()), variables, false);
        }
    }

    fn value(&mut self, place: &str, name: &str, value: &Expression, variables: &Variables) -> Found {
        match document(value) {
            Some(name) if self.scope.find(("data", KIND, name)).is_some() => return Found::Something,
            Some(document) if is_trust_argument(name) => {
                missing_document(document, value, place, self.notes);
                return Found::Something;
            }
            _ => {}
        }
        let before = self.count();
        let node = self.scope.evaluate(value, variables);
        search::by_shape(place, &node, self.notes, self.policies);
        if before != self.count() {
            return Found::Something;
        }
        if value.has_text(&names_web_identity) && !mentions_web_identity(&node) {
            self.unread(
                value.line,
                place,
                "names `AssumeRoleWithWebIdentity` in a value that cannot be read",
            );
            return Found::Something;
        }
        Found::Nothing
    }

    /// A module's argument in which no policy was found.
    fn argument(&mut self, place: &str, name: &str, value: &Expression, variables: &Variables) {
        let node = self.scope.evaluate(value, variables);
        if mentions_web_identity(&node) {
            self.unread(value.line, place, "the module makes a trust policy of this, which was not checked");
        } else if is_trust_argument(name) && matches!(node.content, Content::Unknown | Content::File(_)) {
            self.policies.extend(policy::read(Some(place), &node, self.notes));
        }
    }

    /// A local that another value needs was read there, and may be only a part of a policy.
    fn local(&mut self, name: &str, value: &Expression) {
        let place = format!("locals.{name}");
        if !self.scope.is_used(name) {
            let node = self.scope.evaluate(value, &Variables::default());
            if is_part(&node) {
                let text = "a part of a policy that this file does not use, and that was not checked";
                self.unread(value.line, &place, text);
            } else {
                self.value(&place, name, value, &Variables::default());
            }
            return;
        }
        let node = self.scope.evaluate(value, &Variables::default());
        if !search::is_trust_policy(&node) && node.as_text().is_none() {
            return;
        }
        let known: BTreeSet<usize> = self.policies.iter().flat_map(PolicyText::lines).collect();
        let from = self.policies.len();
        search::by_shape(&place, &node, self.notes, self.policies);
        let found = self.policies.split_off(from);
        let is_new = |policy: &PolicyText| policy.lines().any(|line| !known.contains(&line));
        self.policies.extend(found.into_iter().filter(is_new));
    }

    fn unread(&mut self, line: Position, place: &str, text: &str) {
        self.notes.add(Note::about(line, Some(place), text), true);
    }

    fn count(&self) -> (usize, usize) {
        (self.policies.len(), self.notes.unread.len())
    }
}

#[derive(PartialEq, Eq)]
enum Found {
    Something,
    Nothing,
}

/// A statement or several, outside a policy.
fn is_part(node: &Node) -> bool {
    let is_policy = node.at("Statement").is_some();
    let values = node.items().iter().chain(node.entries().iter().map(|(_, value)| value)).chain([node]);
    !is_policy && crate::statement_form::policy_of(node.line, values).is_some()
}

/// An argument that modules take a role's trust policy from.
fn is_trust_argument(name: &str) -> bool {
    let is_trust = ["trust", "assume_role", "assume_policy"].iter().any(|word| name.contains(word));
    is_trust
        && ["policy", "policies", "policy_json", "document", "documents"]
            .iter()
            .any(|end| name.ends_with(end))
}
