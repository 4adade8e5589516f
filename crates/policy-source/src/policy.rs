//! From a tree to a trust policy: which statement came from which line, and what can't be read.
//!
//! A statement that can't be read becomes a `Deny` of which nothing is known: it may restrict another statement,
//! and the lint must not report what it might prevent.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use trust_policy::{
    Statement, TrustPolicy,
    lint::{HOLE, printable},
};

use crate::{
    forms::forms,
    json,
    lines::Lines,
    may_exchange::{may_exchange, names_web_identity, text_may_exchange},
    node::{Content, Node},
    note::{Elsewhere, Note, Notes},
    policy_text::{PolicyText, StatementLines},
    position::Position,
};

/// The field of a role's trust policy, in IAM's API and in CloudFormation.
pub(crate) const ASSUME_ROLE_POLICY_DOCUMENT: &str = "AssumeRolePolicyDocument";

/// Whether a statement of the policy names it.
pub(crate) fn has_web_identity(policy: &PolicyText) -> bool {
    let statements = policy.policy.statements.iter();
    statements.flat_map(|statement| &statement.actions).any(|action| names_web_identity(action))
}

/// Reads the policy in a node: a map, or a text that contains the policy's JSON. Where conditions decide about it,
/// every form is a policy.
pub(crate) fn read(name: Option<&str>, node: &Node, notes: &mut Notes) -> Vec<PolicyText> {
    let forms = forms(node);
    // Of more forms, most notes are the same.
    let is_told_apart = forms.len() <= 2;
    let read = |(label, node): (Option<String>, Node)| {
        let full_name = match (name, label) {
            (Some(name), Some(label)) => Some(format!("{name} if {label}")),
            (None, Some(label)) => Some(format!("if {label}")),
            (name, None) => name.map(str::to_owned),
        };
        if is_told_apart {
            return read_form(full_name, &node, notes);
        }
        let policy = read_form(name.map(str::to_owned), &node, notes)?;
        Some(PolicyText { name: full_name, ..policy })
    };
    forms.into_iter().filter_map(read).collect()
}

fn read_form(name: Option<String>, node: &Node, notes: &mut Notes) -> Option<PolicyText> {
    let parsed;
    let document = match (&node.content, node.as_text()) {
        (_, Some(text)) => match embedded(node, text) {
            Ok(document) => {
                parsed = document;
                &parsed
            }
            Err(error) => {
                let about =
                    Note::about(node.line, name.as_deref(), &format!("cannot read the policy: {error}"));
                notes.add(about, text_may_exchange(text));
                return None;
            }
        },
        (Content::Map(_), _) => node,
        (Content::File(path), _) => {
            let path = path.trim_start_matches("./");
            let text =
                format!("the policy is in `{path}` and was not checked: run `trust lint` on that file");
            let about = Note::about(node.line, name.as_deref(), &text);
            notes.add(about.in_place(Elsewhere::File(path.to_owned())), true);
            return None;
        }
        _ => {
            let text = "the policy is not literal in this file and was not checked";
            notes.add(Note::about(node.line, name.as_deref(), text), true);
            return None;
        }
    };
    let (values, lines) = statements(name.as_deref(), document, notes);
    if values.iter().all(|value| *value == unread()) {
        notes.push(Note::about(node.line, name.as_deref(), "cannot read any statement of the policy"));
        return None;
    }
    let mut whole = json!({ "Statement": values });
    if let (Some(version), Value::Object(whole)) = (document.at("Version"), &mut whole) {
        whole.insert("Version".to_owned(), Value::String(version.text_or_hole()));
    }
    // Inside a text only lines are known; the text itself may have its extent.
    let is_text_on_line = node.line == document.line && node.line.first == document.line.first;
    let position = if is_text_on_line { node.line } else { document.line };
    match policy(&whole) {
        Ok(policy) => Some(PolicyText {
            name,
            role_arn: None,
            line: document.line.line,
            position,
            policy,
            statements: lines,
        }),
        Err(error) => {
            let about = Note::about(node.line, name.as_deref(), &format!("cannot read the policy: {error}"));
            notes.add(about, may_exchange(document));
            None
        }
    }
}

/// The policy, checked against IAM's limits with a letter in place of every hole.
fn policy(whole: &Value) -> Result<TrustPolicy, String> {
    let text = whole.to_string();
    text.replace(HOLE, "x").parse::<TrustPolicy>().map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// The policy's JSON in a text: as it is, or percent-encoded as IAM's API returns it.
fn embedded(node: &Node, text: &str) -> Result<Node, json::InvalidJson> {
    if let Content::Block(text) = &node.content {
        return json::parse(text, &Lines::from(node.line.line, text));
    }
    let lines = Lines::one(node.line.line);
    if text.trim_start().starts_with('%') {
        // Bytes that are not UTF-8 become a character that IAM doesn't allow.
        return json::parse(&percent_decode_str(text.trim()).decode_utf8_lossy(), &lines);
    }
    json::parse(text, &lines)
}

fn statements(name: Option<&str>, document: &Node, notes: &mut Notes) -> (Vec<Value>, Vec<StatementLines>) {
    let parts = match document.at("Statement") {
        Some(Node { content: Content::List(parts), .. }) => parts.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let read = parts.iter().enumerate().map(|(index, node)| {
        let value = statement(node).unwrap_or_else(|fault| {
            let text = format!("cannot read statement {}: {fault}", index + 1);
            notes.add(Note::about(node.line, name, &text), may_exchange(node));
            unread()
        });
        (value, StatementLines { at: node.line, conditions: conditions(node) })
    });
    read.unzip()
}

/// A statement of which nothing is known, except that it may deny.
fn unread() -> Value {
    let hole = HOLE.to_string();
    let condition = json!({ hole.clone(): { hole.clone(): hole } });
    json!({ "Effect": "Deny", "Principal": { hole.clone(): hole }, "Action": hole, "Condition": condition })
}

/// The statement as JSON that `Statement` can be read from.
fn statement(node: &Node) -> Result<Value, String> {
    if matches!(node.content, Content::Unknown | Content::File(_)) {
        return Err("it is not literal in this file".to_owned());
    }
    let mut value = value(node)?;
    let hole = || Value::String(HOLE.to_string());
    let unknown = |inner: Value| json!({ HOLE.to_string(): inner });
    if let Some(fields) = value.as_object_mut() {
        for (name, field) in fields.iter_mut().filter(|(_, field)| **field == hole()) {
            match name.as_str() {
                "Effect" => return Err("its effect is not literal in this file".to_owned()),
                "Principal" => *field = unknown(hole()),
                "Condition" => *field = unknown(unknown(hole())),
                _ => {}
            }
        }
        let operators = fields.get_mut("Condition").and_then(Value::as_object_mut);
        for keys in operators.into_iter().flat_map(|operators| operators.values_mut()) {
            if *keys == hole() {
                *keys = unknown(hole());
            }
        }
    }
    match serde_json::from_value::<Statement>(value.clone()) {
        Ok(_) => Ok(value),
        // The rest of the message is a list of all fields.
        Err(error) => Err(printable(error.to_string().split(", expected").next().unwrap_or_default())),
    }
}

fn value(node: &Node) -> Result<Value, String> {
    Ok(match &node.content {
        Content::Unknown | Content::File(_) | Content::Either(..) | Content::Absent => {
            Value::String(HOLE.to_string())
        }
        Content::Null => Value::Null,
        Content::Text(text) | Content::Block(text) => Value::String(text.clone()),
        Content::List(nodes) => Value::Array(nodes.iter().map(value).collect::<Result<_, _>>()?),
        Content::Map(entries) => {
            let mut map = serde_json::Map::new();
            for (name, node) in entries {
                if map.insert(name.clone(), value(node)?).is_some() {
                    return Err(format!("`{}` appears twice", printable(name)));
                }
            }
            Value::Object(map)
        }
    })
}

fn conditions(node: &Node) -> Vec<((String, String), Position)> {
    let operators = node.at("Condition").map(Node::entries).unwrap_or_default();
    let pairs = operators.iter().flat_map(|(operator, keys)| {
        keys.entries().iter().map(move |(key, node)| ((printable(operator), printable(key)), node.line))
    });
    pairs.collect()
}
