//! Trust policies in any JSON or YAML: a file that is one, responses of IAM's API, plans and state of Terraform,
//! Kubernetes and Pulumi resources. A field's name or the shape of a policy shows where one is.

use crate::{
    cloudformation, json,
    lines::Lines,
    may_exchange::{mentions_web_identity, names_web_identity},
    node::{Content, Node},
    note::{Note, Notes},
    policy,
    policy_text::PolicyText,
    pulumi, statement_form, terraform_show, yaml,
};

/// Texts that are templates may contain texts that are templates.
const MOST_NESTED_TEXTS: usize = 3;

/// Reads the node as a policy, or else every trust policy of a role inside it.
pub(crate) fn read(node: Node, notes: &mut Notes) -> Vec<PolicyText> {
    let mut found = Vec::new();
    if node.at("Statement").is_some() {
        return policy::read(None, &node, notes);
    }
    if let Some(values) = terraform_show::values(&node) {
        terraform_show::read(values, notes, &mut found);
        notes.is_all = true;
        return found;
    }
    let node = if pulumi::is_program(&node) { pulumi::resolve(&node) } else { node };
    search(&Place::default(), &node, notes, &mut found);
    found
}

/// Every trust policy in a value, as its shape shows.
pub(crate) fn by_shape(name: &str, node: &Node, notes: &mut Notes, found: &mut Vec<PolicyText>) {
    search(&Place { name: Some(name.to_owned()), texts: 0 }, node, notes, found);
}

/// Policies in the text of a template inside another.
pub(crate) fn in_text(
    name: Option<&str>,
    texts: usize,
    node: &Node,
    notes: &mut Notes,
    found: &mut Vec<PolicyText>,
) {
    let place = Place { name: name.map(str::to_owned), texts: texts + 1 };
    if let Some(inner) =
        node.as_text().filter(|_| texts < MOST_NESTED_TEXTS).and_then(|text| parsed(node, text))
    {
        search(&place, &inner, notes, found);
    }
}

/// What surrounds a value.
#[derive(Default)]
struct Place {
    name: Option<String>,
    texts: usize,
}

impl Place {
    /// The place of a map's values: the map may name itself.
    fn inside(&self, map: &Node) -> Self {
        let text = |name: &str| map.at(name).and_then(Node::as_text);
        let own = text("address").or_else(|| map.at("metadata")?.at("name")?.as_text());
        let of_state = || Some(format!("{}.{}", text("type")?, text("name")?));
        let name = own.map(str::to_owned).or_else(of_state).or_else(|| self.name.clone());
        Self { name, texts: self.texts }
    }

    fn role(&self, map: &Node) -> Option<String> {
        let own =
            || ["RoleName", "roleName", "role_name", "name"].iter().find_map(|name| map.at(name)?.as_text());
        self.name.clone().or_else(|| own().map(str::to_owned))
    }
}

fn search(place: &Place, node: &Node, notes: &mut Notes, found: &mut Vec<PolicyText>) {
    match &node.content {
        Content::List(parts) => match statement_form::policy_of(node.line, parts.iter()) {
            Some(policy) => found.extend(policy::read(place.name.as_deref(), &policy, notes)),
            None => parts.iter().for_each(|part| search(place, part, notes, found)),
        },
        Content::Either(_, values) => values.iter().for_each(|value| search(place, value, notes, found)),
        Content::Map(_) if is_trust_policy(node) => {
            found.extend(policy::read(place.name.as_deref(), node, notes));
        }
        Content::Map(_) if is_template(node) => {
            cloudformation::read(node, place.name.as_deref(), place.texts, notes, found);
        }
        Content::Map(_) if statement_form::statement(node).is_some() && mentions_web_identity(node) => {
            let policy = statement_form::policy_of(node.line, std::iter::once(node));
            found.extend(policy.iter().flat_map(|policy| policy::read(place.name.as_deref(), policy, notes)));
        }
        Content::Map(entries) => {
            let inside = place.inside(node);
            let values = entries.iter().map(|(_, value)| value);
            let policy = statement_form::policy_of(node.line, values);
            found
                .extend(policy.iter().flat_map(|policy| policy::read(inside.name.as_deref(), policy, notes)));
            let others = entries
                .iter()
                .filter(|(_, value)| policy.is_none() || statement_form::statement(value).is_none());
            for (name, value) in others {
                if is_trust_policy_field(name) && value.content != Content::Null {
                    let role_arn = node.at("Arn").and_then(Node::as_text);
                    let policies = policy::read(inside.role(node).as_deref(), value, notes).into_iter();
                    found.extend(
                        policies.map(|policy| PolicyText { role_arn: role_arn.map(str::to_owned), ..policy }),
                    );
                } else {
                    search(&inside, value, notes, found);
                }
            }
        }
        Content::Text(text) | Content::Block(text) => {
            let may_be_policy = ["AssumeRole", "Federated"].iter().any(|word| text.contains(word));
            if may_be_policy && embedded(node, text).as_ref().is_some_and(is_trust_policy) {
                found.extend(policy::read(place.name.as_deref(), node, notes));
            } else if names_web_identity(text) {
                text_inside(place, node, text, notes, found);
            }
        }
        Content::Unknown | Content::File(_) | Content::Null | Content::Absent => {}
    }
}

/// A text that names the exchange and is no policy: a template, or what a reader does not know.
fn text_inside(place: &Place, node: &Node, text: &str, notes: &mut Notes, found: &mut Vec<PolicyText>) {
    let before = (found.len(), notes.unread.len());
    in_text(place.name.as_deref(), place.texts, node, notes, found);
    let lower = text.to_ascii_lowercase();
    let is_policy = ["principal", "federated"].iter().any(|word| lower.contains(word));
    if is_policy && before == (found.len(), notes.unread.len()) {
        let text = "`AssumeRoleWithWebIdentity` is named in this text, which cannot be read as a policy";
        notes.add(Note::about(node.line, place.name.as_deref(), text), true);
    }
}

/// A role's field in IAM's API, Terraform, Pulumi and Kubernetes.
fn is_trust_policy_field(name: &str) -> bool {
    let letters: String = name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect();
    matches!(letters.as_str(), "assumerolepolicydocument" | "assumerolepolicy")
}

fn is_template(node: &Node) -> bool {
    node.at("Resources").is_some_and(|resources| matches!(resources.content, Content::Map(_)))
}

/// A policy with an action `sts:AssumeRole…` for a principal, or for an identity provider.
pub(crate) fn is_trust_policy(node: &Node) -> bool {
    let statements = match node.at("Statement") {
        Some(Node { content: Content::List(statements), .. }) => statements.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => return false,
    };
    statements.iter().any(is_trust_statement)
}

fn is_trust_statement(statement: &Node) -> bool {
    if let Content::Either(_, values) = &statement.content {
        return values.iter().any(is_trust_statement);
    }
    let action = statement.at("Action").is_some_and(|action| match &action.content {
        Content::List(actions) => actions.iter().any(is_exchange),
        Content::Either(_, values) => values.iter().any(mentions_web_identity),
        _ => is_exchange(action),
    });
    statement.at("Principal").is_some_and(|principal| action || principal.at("Federated").is_some())
}

fn is_exchange(action: &Node) -> bool {
    action.as_text().is_some_and(|action| action.to_ascii_lowercase().starts_with("sts:assumerole"))
}

fn embedded(node: &Node, text: &str) -> Option<Node> {
    match node.content {
        Content::Block(_) => json::parse(text, &Lines::from(node.line.line, text)).ok(),
        _ => json::parse(text, &Lines::one(node.line.line)).ok(),
    }
}

/// A value in a text: JSON or YAML.
pub(crate) fn parsed(node: &Node, text: &str) -> Option<Node> {
    if let Some(json) = embedded(node, text) {
        return Some(json);
    }
    let first = yaml::parse(text).ok()?.into_iter().next()?;
    Some(match node.content {
        Content::Block(_) => first.moved(node.line.line.saturating_sub(1)),
        _ => first.on_line(node.line),
    })
}
