//! `Fn::ForEach` of the language extensions: a loop over literal values becomes the resources that it makes. A value
//! that is not literal is a hole.

use trust_policy::lint::HOLE;

use crate::node::{Content, Node};

/// The prefix of a loop's key; its name follows.
const KEY: &str = "Fn::ForEach::";

/// The limit for one template after all loops, in values and bytes of text.
const MOST: usize = 4 * 1024 * 1024;

/// The template without loops.
pub(crate) fn expand(template: &Node) -> Node {
    let mut spent = 0;
    node(template, &[], &mut spent)
}

/// Loop variables with their values.
type Bindings<'a> = &'a [(&'a str, &'a str)];

fn node(from: &Node, bindings: Bindings<'_>, spent: &mut usize) -> Node {
    *spent += 1;
    if *spent > MOST {
        return Node::new(from.line, Content::Unknown);
    }
    let content = match &from.content {
        Content::Text(text) => Content::Text(with_values(text, bindings, spent)),
        Content::Block(text) => Content::Block(with_values(text, bindings, spent)),
        Content::List(nodes) => {
            Content::List(nodes.iter().map(|inner| node(inner, bindings, spent)).collect())
        }
        Content::Map(entries) => match entries.as_slice() {
            [(name, argument)] if name == "Ref" && value_of(argument.as_text(), bindings).is_some() => {
                Content::Text(value_of(argument.as_text(), bindings).unwrap_or_default().to_owned())
            }
            _ => Content::Map(map(entries, bindings, spent)),
        },
        other => other.clone(),
    };
    Node::new(from.line, content)
}

fn value_of<'a>(name: Option<&str>, bindings: Bindings<'a>) -> Option<&'a str> {
    bindings.iter().rev().find(|(own, _)| Some(*own) == name).map(|(_, value)| *value)
}

fn map(entries: &[(String, Node)], bindings: Bindings<'_>, spent: &mut usize) -> Vec<(String, Node)> {
    let mut all = Vec::new();
    for (name, value) in entries {
        if name.starts_with(KEY)
            && let [Node { content: Content::Text(variable), .. }, values, template] = value.items()
        {
            for text in texts(values, bindings) {
                let bindings: Vec<(&str, &str)> =
                    bindings.iter().copied().chain([(variable.as_str(), text.as_str())]).collect();
                all.extend(map(template.entries(), &bindings, spent));
                if *spent > MOST {
                    break;
                }
            }
        } else {
            all.push((with_values(name, bindings, spent), node(value, bindings, spent)));
        }
    }
    all
}

/// The values of a loop; a single hole if they are not literal.
fn texts(values: &Node, bindings: Bindings<'_>) -> Vec<String> {
    let text = |value: &Node| match value_of(value.at("Ref").and_then(Node::as_text), bindings) {
        Some(value) => value.to_owned(),
        None => value.text_or_hole(),
    };
    match values.content {
        Content::List(_) => values.items().iter().map(text).collect(),
        _ => vec![HOLE.to_string()],
    }
}

/// `${Name}` and `&{Name}` of loop variables become their values.
fn with_values(text: &str, bindings: Bindings<'_>, spent: &mut usize) -> String {
    *spent += text.len();
    let mut text = text.to_owned();
    for (name, value) in bindings.iter().rev() {
        for reference in [format!("${{{name}}}"), format!("&{{{name}}}")] {
            if text.contains(&reference) {
                text = text.replace(&reference, value);
                *spent += text.len();
            }
        }
    }
    text
}
