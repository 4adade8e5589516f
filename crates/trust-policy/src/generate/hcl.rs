//! A tree as Terraform's expressions, formatted as `terraform fmt` does.

use super::tree::{Node, is_plain, quoted};

/// A name and the text of its value.
pub(super) type Attribute = (String, String);

/// A block of attributes, such as a resource.
pub(super) fn block(head: &str, attributes: &[Attribute]) -> String {
    format!("{head} {{\n{}}}\n", assignments(attributes, 1))
}

/// A value within a block.
pub(super) fn expression(node: &Node) -> String {
    at(node, 1)
}

/// A text in quotes. `${` and `%{` would begin a template, so their first character is written as an escape.
pub(super) fn text(text: &str) -> String {
    quoted(text).replace("${", "\\u0024{").replace("%{", "\\u0025{")
}

fn at(node: &Node, level: usize) -> String {
    match node {
        Node::Text(value) => text(value),
        Node::Number(number) => number.to_string(),
        Node::List(items)
            if items.iter().all(|item| matches!(item, Node::Object(_))) && !items.is_empty() =>
        {
            let items: Vec<String> = items.iter().map(|item| at(item, level)).collect();
            format!("[{}]", items.join(", "))
        }
        Node::List(items) if items.len() < 2 => {
            let items: Vec<String> = items.iter().map(|item| at(item, level)).collect();
            format!("[{}]", items.concat())
        }
        Node::List(items) => {
            let indent = "  ".repeat(level + 1);
            let items: String =
                items.iter().map(|item| format!("{indent}{},\n", at(item, level + 1))).collect();
            format!("[\n{items}{}]", "  ".repeat(level))
        }
        Node::Object(pairs) => {
            let name = |key: &String| if is_plain(key) { key.clone() } else { text(key) };
            let attributes: Vec<Attribute> =
                pairs.iter().map(|(key, value)| (name(key), at(value, level + 1))).collect();
            format!("{{\n{}{}}}", assignments(&attributes, level + 1), "  ".repeat(level))
        }
    }
}

/// One line each; the `=` of neighbours on single lines are aligned.
fn assignments(attributes: &[Attribute], level: usize) -> String {
    let indent = "  ".repeat(level);
    attributes
        .chunk_by(|(_, before), (_, after)| !before.contains('\n') && !after.contains('\n'))
        .flat_map(|neighbours| {
            let width = neighbours.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
            neighbours.iter().map(move |(name, value)| (width, name, value))
        })
        .map(|(width, name, value)| format!("{indent}{name:width$} = {value}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_begins_a_template() {
        for (value, expected) in [
            ("a", r#""a""#),
            ("${*}", r#""\u0024{*}""#),
            ("$${x}", r#""$\u0024{x}""#),
            ("%{if}%%{", r#""\u0025{if}%\u0025{""#),
            ("100%$", r#""100%$""#),
            ("a\"\\b", r#""a\"\\b""#),
        ] {
            assert_eq!(text(value), expected);
        }
    }

    #[test]
    fn neighbours_are_aligned_as_terraform_fmt_does() {
        let node = Node::object([
            ("Version", Node::text("v")),
            ("A", Node::Number(1)),
            ("Statement", Node::List(vec![Node::object([("k:x", Node::list(["a", "b"]))])])),
            ("Z", Node::List(Vec::new())),
        ]);
        let expected = "{\n    Version = \"v\"\n    A       = 1\n    Statement = [{\n      \"k:x\" = [\n        \
                        \"a\",\n        \"b\",\n      ]\n    }]\n    Z = []\n  }";
        assert_eq!(expression(&node), expected);
    }
}
