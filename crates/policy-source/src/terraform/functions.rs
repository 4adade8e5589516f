//! Terraform's functions that policies are made with, for arguments that are known.

use trust_policy::lint::HOLE;

use super::evaluate::pairs;
use crate::{
    node::{Content, Node},
    search,
};

/// The value of a call; unknown for any other function, and if it depends on what is not known.
pub(super) fn call(name: &str, arguments: &[Node]) -> Content {
    known(name, arguments).unwrap_or(Content::Unknown)
}

fn known(name: &str, arguments: &[Node]) -> Option<Content> {
    let expanded;
    let arguments = if arguments.iter().any(is_expansion) {
        expanded = expand(arguments)?;
        &expanded
    } else {
        arguments
    };
    let text = |index: usize| arguments.get(index).and_then(Node::as_text);
    let literal = |index: usize| text(index).filter(|text| !text.contains(HOLE));
    Some(match (name, arguments) {
        ("...", [list]) => Content::Map(vec![(EXPANSION.to_owned(), list.clone())]),
        (
            "jsonencode" | "yamlencode" | "tolist" | "toset" | "tomap" | "sensitive" | "nonsensitive"
            | "tostring",
            [only],
        ) => only.content.clone(),
        ("file", [_]) => Content::File(literal(0)?.to_owned()),
        ("jsondecode" | "yamldecode", [only]) => decoded(only)?,
        ("concat" | "setunion", lists) => Content::List(concat(lists)?),
        // A policy means the same in any order.
        ("sort" | "reverse", [list]) => {
            Content::List(pairs(list)?.into_iter().map(|(_, value)| value).collect())
        }
        ("coalescelist", [first, others @ ..]) => match &first.content {
            Content::List(nodes) if nodes.is_empty() => known(name, others)?,
            Content::List(_) => first.content.clone(),
            _ => return None,
        },
        ("flatten", [list]) => {
            let mut flat = Vec::new();
            flatten(list, &mut flat)?;
            Content::List(flat)
        }
        ("merge", maps) => merge(maps)?,
        ("keys", [map]) => {
            Content::List(pairs(map)?.into_iter().map(|(key, _)| Node::text(map.line, &key)).collect())
        }
        ("values", [map]) => Content::List(pairs(map)?.into_iter().map(|(_, value)| value).collect()),
        ("distinct" | "compact", [list]) => Content::List(distinct(list)?),
        ("lookup", [map, _, default @ ..]) => found(map, literal(1)?, default.first())?,
        ("element", [list, _]) => {
            let Content::List(nodes) = &list.content else { return None };
            let index = literal(1)?.parse::<usize>().ok()?;
            nodes.get(index.checked_rem(nodes.len())?)?.content.clone()
        }
        ("one", [list]) => match list.items() {
            [only] => only.content.clone(),
            [] if list.content == Content::List(Vec::new()) => Content::Null,
            _ => return None,
        },
        // The first value that is there. One that is not known may be missing.
        ("try", [first, ..]) if !matches!(first.content, Content::Unknown | Content::Either(..)) => {
            first.content.clone()
        }
        ("coalesce", [first, others @ ..]) => match first.as_text() {
            Some("") => known(name, others)?,
            Some(_) => first.content.clone(),
            None if first.content == Content::Null => known(name, others)?,
            None if matches!(first.content, Content::Map(_)) => first.content.clone(),
            None => return None,
        },
        ("replace", [_, _, _]) => replace(text(0)?, literal(1)?, text(2)?)?,
        ("trimprefix", [_, _]) => {
            Content::Text(trimmed(text(0)?, literal(1)?, |text, prefix| text.strip_prefix(prefix)))
        }
        ("trimsuffix", [_, _]) => {
            Content::Text(trimmed(text(0)?, literal(1)?, |text, suffix| text.strip_suffix(suffix)))
        }
        ("lower", [_]) => Content::Text(text(0)?.to_lowercase()),
        ("upper", [_]) => Content::Text(literal(0)?.to_uppercase()),
        ("trimspace" | "chomp", [_]) => Content::Text(text(0)?.trim().to_owned()),
        ("format", [_, values @ ..]) => Content::Text(format(text(0)?, values)?),
        ("formatlist", [_, list]) => {
            let Content::List(nodes) = &list.content else { return None };
            let line = list.line;
            let texts = nodes.iter().map(|node| format(text(0)?, std::slice::from_ref(node)));
            Content::List(texts.map(|text| Some(Node::text(line, &text?))).collect::<Option<_>>()?)
        }
        ("join", [_, lists @ ..]) => match concat(lists)?.as_slice() {
            // Also of a document, which is the only instance.
            [only] => only.content.clone(),
            all => {
                let parts: Vec<String> = all.iter().map(Node::text_or_hole).collect();
                Content::Text(parts.join(literal(0)?))
            }
        },
        ("split", [_, list]) => {
            let texts = literal(1)?.split(literal(0).filter(|separator| !separator.is_empty())?);
            Content::List(texts.map(|text| Node::text(list.line, text)).collect())
        }
        ("startswith", [_, _]) => Content::Text(literal(0)?.starts_with(literal(1)?).to_string()),
        ("contains", [list, _]) if list.is_literal() => {
            let wanted = literal(1)?;
            Content::Text(list.items().iter().any(|node| node.as_text() == Some(wanted)).to_string())
        }
        ("length", [only]) => match &only.content {
            Content::Text(text) if only.is_literal() => Content::Text(text.chars().count().to_string()),
            _ => Content::Text(pairs(only)?.len().to_string()),
        },
        _ => return None,
    })
}

/// A list whose values are arguments, `list...`: a map with a key that no file can write.
const EXPANSION: &str = "\u{FDD0}...";

fn is_expansion(node: &Node) -> bool {
    node.at(EXPANSION).is_some()
}

fn expand(arguments: &[Node]) -> Option<Vec<Node>> {
    let mut expanded = Vec::new();
    for argument in arguments {
        match argument.at(EXPANSION) {
            Some(list) => expanded.extend(pairs(list)?.into_iter().map(|(_, value)| value)),
            None => expanded.push(argument.clone()),
        }
    }
    Some(expanded)
}

/// All values of the lists. A list that is not known becomes one value that is not known: it may be any.
fn concat(lists: &[Node]) -> Option<Vec<Node>> {
    let mut all = Vec::new();
    for list in lists {
        match &list.content {
            Content::List(nodes) => all.extend(nodes.iter().cloned()),
            Content::Unknown => all.push(list.clone()),
            Content::Null => {}
            _ => return None,
        }
    }
    Some(all)
}

fn flatten(node: &Node, flat: &mut Vec<Node>) -> Option<()> {
    let Content::List(nodes) = &node.content else { return None };
    for node in nodes {
        match node.content {
            Content::List(_) => flatten(node, flat)?,
            _ => flat.push(node.clone()),
        }
    }
    Some(())
}

fn merge(maps: &[Node]) -> Option<Content> {
    let mut all: Vec<(String, Node)> = Vec::new();
    for map in maps {
        let unknown = [(HOLE.to_string(), map.clone())];
        let entries = match &map.content {
            Content::Map(entries) => entries.as_slice(),
            Content::Null => &[],
            // What it adds, or has in place of other values, is not known.
            Content::Unknown => &unknown,
            _ => return None,
        };
        let replaced: std::collections::BTreeSet<&str> =
            entries.iter().map(|(name, _)| name.as_str()).collect();
        all.retain(|(name, _)| !replaced.contains(name.as_str()));
        all.extend(entries.iter().cloned());
    }
    Some(Content::Map(all))
}

fn distinct(list: &Node) -> Option<Vec<Node>> {
    let Content::List(nodes) = &list.content else { return None };
    let mut seen = std::collections::BTreeSet::new();
    let is_new =
        |node: &&Node| node.as_text().is_none_or(|text| !text.is_empty() && seen.insert(text.to_owned()));
    Some(nodes.iter().filter(is_new).cloned().collect())
}

fn found(map: &Node, key: &str, default: Option<&Node>) -> Option<Content> {
    if !matches!(map.content, Content::Map(_)) {
        return None;
    }
    map.at(key).or(default).map(|node| node.content.clone())
}

fn decoded(node: &Node) -> Option<Content> {
    match node.as_text() {
        Some(text) => Some(search::parsed(node, text)?.content),
        // `jsonencode` leaves the value as it is.
        None => matches!(node.content, Content::Map(_) | Content::File(_)).then(|| node.content.clone()),
    }
}

/// A pattern between slashes is a regular expression: read only if it is a text at the beginning.
fn replace(text: &str, pattern: &str, replacement: &str) -> Option<Content> {
    let expression = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    match expression.filter(|_| pattern.len() > 1) {
        None if pattern.is_empty() => None,
        None => Some(Content::Text(text.replace(pattern, replacement))),
        Some(expression) => {
            let prefix = expression.strip_prefix('^')?.replace("\\/", "/").replace("(.*)", ".*");
            let (prefix, group) = match prefix.strip_suffix(".*") {
                Some(prefix) => (prefix.to_owned(), true),
                None => (prefix, false),
            };
            let is_plain = prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '-'));
            if !is_plain || (group && !matches!(replacement, "$1" | "${1}")) {
                return None;
            }
            Some(Content::Text(match text.strip_prefix(prefix.as_str()) {
                Some(rest) if group => rest.to_owned(),
                Some(rest) => format!("{replacement}{rest}"),
                None => text.to_owned(),
            }))
        }
    }
}

fn trimmed<'t>(text: &'t str, fix: &str, strip: impl Fn(&'t str, &str) -> Option<&'t str>) -> String {
    strip(text, fix).unwrap_or(text).to_owned()
}

/// `%s`, `%v`, `%d` and `%%` of a format.
fn format(format: &str, values: &[Node]) -> Option<String> {
    let mut values = values.iter();
    let mut parts = format.split('%');
    let mut out = parts.next()?.to_owned();
    while let Some(part) = parts.next() {
        if part.is_empty() {
            out.push('%');
            out.push_str(parts.next()?);
        } else {
            out.push_str(&values.next()?.text_or_hole());
            out.push_str(part.strip_prefix(['s', 'v', 'd'])?);
        }
    }
    Some(out)
}
