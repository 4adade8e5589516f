//! A tree as YAML. Every text has JSON's quotes, which YAML supports, so that no text is read as a number, a
//! boolean, a tag or an alias.

use super::tree::{Node, is_plain, quoted};

/// The lines, with a line end after the last.
pub(super) fn document(node: &Node) -> String {
    let mut text = String::new();
    for line in lines(node) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn lines(node: &Node) -> Vec<String> {
    match node {
        Node::Text(text) => vec![quoted(text)],
        Node::Number(number) => vec![number.to_string()],
        Node::List(items) if items.is_empty() => vec!["[]".to_owned()],
        Node::Object(pairs) if pairs.is_empty() => vec!["{}".to_owned()],
        Node::List(items) => items.iter().flat_map(|item| indented("- ", lines(item))).collect(),
        Node::Object(pairs) => pairs.iter().flat_map(|(key, value)| pair(key, value)).collect(),
    }
}

fn pair(key: &str, value: &Node) -> Vec<String> {
    let key = if is_plain(key) { key.to_owned() } else { quoted(key) };
    let of_value = lines(value);
    let is_block = match value {
        Node::List(items) => !items.is_empty(),
        Node::Object(pairs) => !pairs.is_empty(),
        Node::Text(_) | Node::Number(_) => false,
    };
    if is_block {
        let indented = of_value.into_iter().map(|line| format!("  {line}"));
        [format!("{key}:")].into_iter().chain(indented).collect()
    } else {
        indented(&format!("{key}: "), of_value)
    }
}

/// The first line after `lead`, the others indented by its width.
fn indented(lead: &str, lines: Vec<String>) -> Vec<String> {
    let below = " ".repeat(lead.chars().count());
    let lead = |(at, line)| if at == 0 { format!("{lead}{line}") } else { format!("{below}{line}") };
    lines.into_iter().enumerate().map(lead).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_and_levels_indented() {
        let node = Node::object([
            ("A", Node::List(vec![Node::object([("x", Node::text("yes")), ("y", Node::list(["1", "*a"]))])])),
            ("k:b", Node::Number(3600)),
            ("empty", Node::List(Vec::new())),
        ]);
        let expected =
            "A:\n  - x: \"yes\"\n    y:\n      - \"1\"\n      - \"*a\"\n\"k:b\": 3600\nempty: []\n";
        assert_eq!(document(&node), expected);
    }
}
