//! Pulumi programs in YAML: functions and interpolations as values, as far as they are literal.

use std::cell::Cell;

use trust_policy::lint::HOLE;

use crate::{
    node::{Content, Node},
    position::Position,
    provider_url, statement_form,
};

/// The limit for what variables repeat, in values and bytes of text.
const MOST_REPEATED: usize = 1024 * 1024;

/// Whether a file is such a program: its resources have types like `aws:iam:Role`.
pub(crate) fn is_program(root: &Node) -> bool {
    let resources = root.at("resources").map(Node::entries).unwrap_or_default();
    resources.iter().any(|(_, resource)| {
        resource.at("type").and_then(Node::as_text).is_some_and(|kind| kind.contains(':'))
    })
}

/// The program's resources with their functions replaced by values, each with its name as address.
pub(crate) fn resolve(root: &Node) -> Node {
    let line = root.line;
    let resources = root.at("resources").map(Node::entries).unwrap_or_default();
    let variables = root.at("variables").map(Node::entries).unwrap_or_default();
    let providers: Vec<(&str, String)> = resources.iter().filter_map(provider).collect();
    let known = Known { providers, variables, repeated: Cell::new(0) };
    let named = resources.iter().map(|(name, resource)| {
        let mut entries = vec![("address".to_owned(), Node::text(resource.line, name))];
        entries.extend(
            resource.at("properties").cloned().map(|node| ("properties".to_owned(), known.value(node, 0))),
        );
        Node::new(resource.line, Content::Map(entries))
    });
    Node::new(line, Content::List(named.collect()))
}

fn provider((name, resource): &(String, Node)) -> Option<(&str, String)> {
    let kind = resource.at("type")?.as_text()?;
    let is_provider = matches!(
        kind,
        "aws:iam:OpenIdConnectProvider" | "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    );
    let url = resource.at("properties")?.at("url")?.as_text().filter(|url| !url.contains("${"))?;
    is_provider.then(|| (name.as_str(), url.to_owned()))
}

struct Known<'a> {
    providers: Vec<(&'a str, String)>,
    variables: &'a [(String, Node)],
    repeated: Cell<usize>,
}

impl Known<'_> {
    fn value(&self, node: Node, depth: usize) -> Node {
        let line = node.line;
        let content = match node.content {
            Content::Text(text) => {
                match self.variable(&text).filter(|value| depth < 8 && self.can_repeat(value)) {
                    Some(value) => return self.value(value.clone(), depth + 1),
                    None => Content::Text(self.interpolated(&text)),
                }
            }
            Content::Block(text) => Content::Block(self.interpolated(&text)),
            Content::List(nodes) => {
                Content::List(nodes.into_iter().map(|node| self.value(node, depth)).collect())
            }
            Content::Map(entries) => {
                let entries: Vec<(String, Node)> = entries
                    .into_iter()
                    .map(|(name, node)| (self.interpolated(&name), self.value(node, depth)))
                    .collect();
                match entries.as_slice() {
                    [(name, argument)] if name.to_ascii_lowercase().starts_with("fn::") => {
                        return call(line, &name.to_ascii_lowercase(), argument);
                    }
                    _ => Content::Map(entries),
                }
            }
            other => other,
        };
        Node::new(line, content)
    }

    fn can_repeat(&self, value: &Node) -> bool {
        self.repeated.set(self.repeated.get().saturating_add(value.size()));
        self.repeated.get() <= MOST_REPEATED
    }

    /// The variable that is the whole text.
    fn variable(&self, text: &str) -> Option<&Node> {
        let name = text.strip_prefix("${")?.strip_suffix('}')?;
        let find = |name: &str| self.variables.iter().find(|(own, _)| own == name).map(|(_, node)| node);
        // A policy document is its own JSON.
        let document = || find(name.strip_suffix(".json")?).filter(|node| is_document(node));
        find(name).or_else(document)
    }

    /// `${name.property}` becomes its value or a hole, `$${` the text `${`.
    fn interpolated(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let before = rest.get(..at).unwrap_or_default();
            let behind = rest.get(at + 2..).unwrap_or_default();
            if let Some(before) = before.strip_suffix('$') {
                out.extend([before, "${"]);
                rest = behind;
                continue;
            }
            out.push_str(before);
            let Some((reference, behind)) = behind.split_once('}') else {
                out.push(HOLE);
                return out;
            };
            out.push_str(&self.reference(reference).unwrap_or_else(|| HOLE.to_string()));
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn reference(&self, reference: &str) -> Option<String> {
        if let Some((_, value)) = self.variables.iter().find(|(name, _)| name == reference) {
            return value.as_text().filter(|text| !text.contains("${")).map(str::to_owned);
        }
        let (name, property) = reference.split_once('.')?;
        let (_, url) = self.providers.iter().find(|(own, _)| *own == name)?;
        match property {
            "arn" | "id" => Some(provider_url::arn(url)),
            "url" => Some(provider_url::without_scheme(url).to_owned()),
            _ => None,
        }
    }
}

/// Whether a value is a call that makes a policy document.
fn is_document(node: &Node) -> bool {
    node.entries().iter().any(|(name, argument)| {
        let function = field(argument, "function").and_then(Node::as_text);
        names_document(&name.to_ascii_lowercase()) || function.is_some_and(names_document)
    })
}

fn names_document(function: &str) -> bool {
    function.to_ascii_lowercase().ends_with("getpolicydocument")
}

/// A field of a call, which older programs write with a capital.
fn field<'a>(argument: &'a Node, name: &str) -> Option<&'a Node> {
    argument.entries().iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, node)| node)
}

fn document(arguments: &Node) -> Content {
    arguments.at("statements").map_or(Content::Unknown, |list| statement_form::document(list).content)
}

fn call(line: Position, function: &str, argument: &Node) -> Node {
    let content = match (function, argument.items()) {
        ("fn::tojson", _) => argument.content.clone(),
        ("fn::readfile", _) => {
            argument.as_text().map_or(Content::Unknown, |path| Content::File(path.to_owned()))
        }
        ("fn::invoke", _)
            if field(argument, "function").and_then(Node::as_text).is_some_and(names_document) =>
        {
            field(argument, "arguments").map_or(Content::Unknown, document)
        }
        (name, _) if names_document(name) => document(argument),
        ("fn::join", [delimiter, list]) => match (delimiter.as_text(), &list.content) {
            (Some(delimiter), Content::List(parts)) => {
                Content::Text(parts.iter().map(Node::text_or_hole).collect::<Vec<_>>().join(delimiter))
            }
            _ => Content::Unknown,
        },
        _ => Content::Unknown,
    };
    Node::new(line, content)
}
