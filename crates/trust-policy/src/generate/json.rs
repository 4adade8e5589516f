//! A tree as JSON, as IAM stores it.

use super::tree::{Node, quoted};

/// With two spaces for each level, without a line end.
pub(super) fn pretty(node: &Node) -> String {
    at(node, 0)
}

fn at(node: &Node, level: usize) -> String {
    let lines = |open, items: Vec<String>, close| {
        if items.is_empty() {
            return format!("{open}{close}");
        }
        let indent = "  ".repeat(level + 1);
        let items: Vec<String> = items.into_iter().map(|item| format!("{indent}{item}")).collect();
        format!("{open}\n{}\n{}{close}", items.join(",\n"), "  ".repeat(level))
    };
    match node {
        Node::Text(text) => quoted(text),
        Node::Number(number) => number.to_string(),
        Node::List(items) => lines('[', items.iter().map(|item| at(item, level + 1)).collect(), ']'),
        Node::Object(pairs) => {
            let pair = |(key, value): &(String, Node)| format!("{}: {}", quoted(key), at(value, level + 1));
            lines('{', pairs.iter().map(pair).collect(), '}')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_serde_json_writes() {
        let node = Node::object([
            ("b\"", Node::list(["x\\", "é'${*}"])),
            ("a", Node::object([("n", Node::Number(3600)), ("none", Node::List(Vec::new()))])),
        ]);
        let expected = "{\n  \"b\\\"\": [\n    \"x\\\\\",\n    \"é'${*}\"\n  ],\n  \"a\": {\n    \"n\": 3600,\n    \
                        \"none\": []\n  }\n}";
        assert_eq!(pretty(&node), expected);
        let read: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(read["b\""][1], "é'${*}");
    }
}
