//! Terraform's expressions, as far as they are literal: a tree with holes.

use std::collections::BTreeMap;

use trust_policy::lint::HOLE;

use super::{
    condition::{Operand, boolean, either, truth},
    functions,
    scope::{Scope, Variables},
};
use crate::{
    hcl::{Expression, For, Kind, Part, TemplateFor},
    node::{Content, DEEPEST, Node},
    position::Position,
};

/// How many conditions a function's arguments may depend on.
const MOST_CONDITIONS: usize = 4;

impl Scope<'_> {
    pub(super) fn node(&self, expression: &Expression, variables: &Variables, depth: usize) -> Node {
        let mut node = Node::new(expression.line, Content::Unknown);
        if depth > DEEPEST || self.is_spent() {
            return node;
        }
        let is_heredoc = matches!(expression.kind, Kind::Heredoc(_));
        node.content = self.content(expression, variables, depth);
        if is_heredoc && matches!(node.content, Content::Block(_)) {
            node.line = node.line.below(1);
        }
        self.spend(match expression.kind {
            Kind::List(_) | Kind::Object(_) => 1,
            _ => node.size(),
        });
        node
    }

    fn content(&self, expression: &Expression, variables: &Variables, depth: usize) -> Content {
        let value = |expression: &Expression| self.node(expression, variables, depth + 1);
        match &expression.kind {
            Kind::Null => Content::Null,
            Kind::Literal(text) => Content::Text(text.clone()),
            Kind::Template(parts) => match parts.as_slice() {
                [Part::Value(only)] => value(only).content,
                _ => self.template(parts, variables, depth),
            },
            Kind::Heredoc(parts) => {
                let content = self.template(parts, variables, depth);
                // What a loop repeats moves the lines behind it.
                let is_moved = parts.iter().any(|part| matches!(part, Part::For(_)));
                if is_moved { content } else { block(content, expression.line.below(1)) }
            }
            Kind::List(values) => Content::List(values.iter().map(value).collect()),
            Kind::Object(entries) => {
                let mut object = Object::default();
                for (key, expression) in entries {
                    let mut node = value(expression);
                    node.line = node.line.named(key.line);
                    object.put(value(key).text_or_hole(), node);
                }
                Content::Map(object.entries)
            }
            Kind::Call(name, arguments) => {
                let arguments = arguments.iter().map(value).collect();
                lifted(arguments, MOST_CONDITIONS, &|arguments| functions::call(name, arguments))
            }
            Kind::Variable(name) => self.reference(name, &[], variables, depth),
            Kind::Traversal(root, steps) => match &root.kind {
                Kind::Variable(name) => self.reference(name, steps, variables, depth),
                _ => self.stepped(&value(root), steps, variables, depth),
            },
            Kind::Conditional(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                match truth(&value(condition)) {
                    Some(true) => value(then).content,
                    Some(false) => value(otherwise).content,
                    None => either(condition, value(then), value(otherwise)),
                }
            }
            Kind::For(each) => {
                let collection = value(&each.collection);
                lifted(vec![collection], MOST_CONDITIONS, &|arguments| {
                    let found = arguments.first().and_then(|node| self.each(each, node, variables, depth));
                    found.unwrap_or(Content::Unknown)
                })
            }
            Kind::Not(inner) => boolean(truth(&value(inner)).map(|holds| !holds)),
            Kind::Negative(inner) => match value(inner).as_text() {
                Some(number) => Content::Text(format!("-{number}")),
                None => Content::Unknown,
            },
            Kind::Operations(first, others) => {
                let others = others.iter().map(|(operator, operand)| (*operator, value(operand)));
                boolean(others.fold(Operand::of(value(first)), Operand::with).truth())
            }
        }
    }

    fn template(&self, parts: &[Part], variables: &Variables, depth: usize) -> Content {
        let text = |part: &Part| match part {
            Part::Text(text) => Node::text(1, text),
            Part::Value(expression) => self.node(expression, variables, depth + 1),
            Part::If(condition, branches) => self.branches(condition, branches, variables, depth),
            Part::For(each) => self.repeated(each, variables, depth),
            Part::Invalid => Node::new(1, Content::Unknown),
        };
        lifted(parts.iter().map(text).collect(), MOST_CONDITIONS, &|parts| {
            Content::Text(parts.iter().map(Node::text_or_hole).collect())
        })
    }

    /// Line breaks take the place of the branch that is left out, so that the lines behind it keep their numbers.
    fn branches(
        &self,
        condition: &Expression,
        branches: &[Vec<Part>; 2],
        variables: &Variables,
        depth: usize,
    ) -> Node {
        let [then, otherwise] = branches.each_ref().map(|parts| {
            if depth > DEEPEST { Content::Unknown } else { self.template(parts, variables, depth + 1) }
        });
        let breaks = |content: &Content| match content {
            Content::Text(text) => "\n".repeat(text.matches('\n').count()),
            _ => String::new(),
        };
        let (above, below) = (breaks(&then), breaks(&otherwise));
        let padded = |content: Content, above: &str, below: &str| match content {
            Content::Text(text) => Node::new(1, Content::Text(format!("{above}{text}{below}"))),
            other => Node::new(1, other),
        };
        let (then, otherwise) = (padded(then, "", &below), padded(otherwise, &above, ""));
        match truth(&self.node(condition, variables, depth + 1)) {
            Some(true) => then,
            Some(false) => otherwise,
            None => Node::new(1, either(condition, then, otherwise)),
        }
    }

    /// The texts of a loop, one behind the other.
    fn repeated(&self, each: &TemplateFor, variables: &Variables, depth: usize) -> Node {
        let collection = self.node(&each.collection, variables, depth + 1);
        let Some(pairs) = pairs(&collection).filter(|_| depth <= DEEPEST) else {
            return Node::new(1, Content::Unknown);
        };
        let texts = pairs.into_iter().map(|(key, value)| {
            let variables = variables.with(&each.value_name, value);
            let variables = match &each.key_name {
                Some(name) => variables.with(name, Node::text(1, &key)),
                None => variables,
            };
            let content = self.template(&each.parts, &variables, depth + 1);
            self.spend(1 + each.parts.len());
            Node::new(1, content)
        });
        let texts: Vec<Node> = texts.take_while(|_| !self.is_spent()).collect();
        Node::new(
            1,
            lifted(texts, MOST_CONDITIONS, &|texts| {
                Content::Text(texts.iter().map(Node::text_or_hole).collect())
            }),
        )
    }

    /// The result of a `for` expression; `None` if it depends on what is not known.
    fn each(&self, each: &For, collection: &Node, variables: &Variables, depth: usize) -> Option<Content> {
        let mut list = Vec::new();
        let mut object = Object::default();
        // A splat makes a list of a single value.
        let pairs = match &collection.content {
            Content::Map(_) if each.is_splat() => vec![("0".to_owned(), collection.clone())],
            _ => pairs(collection)?,
        };
        for (key, value) in pairs {
            let variables = variables.with(&each.value_name, value);
            let variables = match &each.key_name {
                Some(name) => variables.with(name, Node::text(collection.line, &key)),
                None => variables,
            };
            if let Some(condition) = &each.condition
                && !truth(&self.node(condition, &variables, depth + 1))?
            {
                continue;
            }
            let value = self.node(&each.value, &variables, depth + 1);
            match &each.key {
                Some(key) => {
                    let key = self.node(key, &variables, depth + 1).text_or_hole();
                    if each.is_grouped { object.group(key, value) } else { object.put(key, value) }
                }
                None => list.push(value),
            }
        }
        Some(if each.key.is_some() { Content::Map(object.entries) } else { Content::List(list) })
    }
}

/// A heredoc's text has the file's own line breaks, from this line on.
fn block(content: Content, line: Position) -> Content {
    match content {
        Content::Text(text) => Content::Block(text),
        Content::Either(condition, values) => {
            let lined = |node: Node| Node::new(line, block(node.content, line));
            Content::Either(condition, Box::new((*values).map(lined)))
        }
        other => other,
    }
}

/// Keys and values of a list or map.
pub(crate) fn pairs(collection: &Node) -> Option<Vec<(String, Node)>> {
    match &collection.content {
        Content::List(nodes) => {
            Some(nodes.iter().enumerate().map(|(at, node)| (at.to_string(), node.clone())).collect())
        }
        Content::Map(entries) => Some(entries.clone()),
        _ => None,
    }
}

/// Applies a function to arguments that a condition may decide about: then to each of their values.
fn lifted(mut arguments: Vec<Node>, limit: usize, function: &dyn Fn(&[Node]) -> Content) -> Content {
    let position = arguments.iter().position(|node| matches!(node.content, Content::Either(..)));
    let Some(node) = position.and_then(|position| arguments.get_mut(position)) else {
        return function(&arguments);
    };
    let Content::Either(condition, values) = std::mem::replace(&mut node.content, Content::Unknown) else {
        return Content::Unknown;
    };
    if limit == 0 {
        return Content::Unknown;
    }
    let line = node.line;
    let values = values.map(|value| {
        let mut arguments = arguments.clone();
        if let Some(node) = position.and_then(|position| arguments.get_mut(position)) {
            *node = value;
        }
        Node::new(line, lifted(arguments, limit - 1, function))
    });
    Content::Either(condition, Box::new(values))
}

/// An object's entries. Of a key that is written twice the last value counts, as for Terraform.
#[derive(Default)]
struct Object {
    entries: Vec<(String, Node)>,
    positions: BTreeMap<String, usize>,
}

impl Object {
    fn slot(&mut self, key: String) -> Option<&mut Node> {
        // Two keys that are not known may differ.
        let known = self.positions.get(&key).copied().filter(|_| !key.contains(HOLE));
        let position = known.unwrap_or(self.entries.len());
        if known.is_none() {
            self.positions.insert(key.clone(), position);
            self.entries.push((key, Node::new(1, Content::Null)));
        }
        self.entries.get_mut(position).map(|(_, node)| node)
    }

    fn put(&mut self, key: String, value: Node) {
        if let Some(slot) = self.slot(key) {
            *slot = value;
        }
    }

    fn group(&mut self, key: String, value: Node) {
        let Some(slot) = self.slot(key) else { return };
        match &mut slot.content {
            Content::List(list) => list.push(value),
            _ => *slot = Node::new(value.line, Content::List(vec![value])),
        }
    }
}
