//! The conditions of a statement, in the order in which they are added: operators, and the keys under each.

use super::tree::Node;

/// Operators, each once, with their keys and values.
#[derive(Debug, Default)]
pub(super) struct Conditions(Vec<(&'static str, Vec<(String, Node)>)>);

impl Conditions {
    /// Adds a key with its values.
    pub(super) fn add(&mut self, operator: &'static str, key: String, values: Node) {
        let pair = (key, values);
        match self.0.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, pairs)) => pairs.push(pair),
            None => self.0.push((operator, vec![pair])),
        }
    }

    /// `StringLike` if a value has a wildcard, else `StringEquals`: without wildcards no name can imitate another.
    pub(super) fn add_patterns(&mut self, key: String, patterns: Vec<String>) {
        let operator = if has_wildcard(&patterns) { "StringLike" } else { "StringEquals" };
        self.add(operator, key, Node::one_or_many(patterns));
    }

    /// The value of `Condition`.
    pub(super) fn into_node(self) -> Node {
        Node::object(self.0.into_iter().map(|(operator, pairs)| (operator, Node::object(pairs))))
    }
}

/// Whether a pattern has one of IAM's wildcards.
pub(super) fn has_wildcard(patterns: &[String]) -> bool {
    patterns.iter().any(|pattern| pattern.contains(['*', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_grouped_by_their_operator() {
        let mut conditions = Conditions::default();
        conditions.add("StringEquals", "a".to_owned(), Node::text("1"));
        conditions.add_patterns("b".to_owned(), vec!["x*".to_owned(), "y".to_owned()]);
        conditions.add_patterns("c".to_owned(), vec!["z".to_owned()]);
        let expected = Node::object([
            ("StringEquals", Node::object([("a", Node::text("1")), ("c", Node::text("z"))])),
            ("StringLike", Node::object([("b", Node::list(["x*", "y"]))])),
        ]);
        assert_eq!(conditions.into_node(), expected);
    }
}
