//! Terraform's expressions, as far as they are literal: a tree with holes. Locals of the same file count as literal,
//! because nothing outside the file changes them.

use std::{cell::Cell, collections::BTreeMap};

use hcl_edit::{
    Span,
    expr::{Expression, ObjectKey, Traversal, TraversalOperator},
    structure::Body,
    template::{Element, Template},
};
use trust_policy::lint::HOLE;

use crate::{
    lines::Lines,
    node::{Content, DEEPEST, Node},
};

/// The limit for one file after evaluation, in values and bytes of text: locals that refer to each other can
/// multiply.
const MOST: usize = 4 * 1024 * 1024;

/// The locals and lines that an expression is evaluated with.
pub(crate) struct Scope<'a> {
    lines: Lines,
    locals: BTreeMap<&'a str, &'a Expression>,
    spent: Cell<usize>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(text: &str, body: &'a Body) -> Self {
        let blocks = body.blocks().filter(|block| block.ident.as_str() == "locals");
        let attributes = blocks.flat_map(|block| block.body.attributes());
        let locals = attributes.map(|attribute| (attribute.key.as_str(), &attribute.value)).collect();
        Self { lines: Lines::from(1, text), locals, spent: Cell::new(0) }
    }

    /// The line where a part of the file begins.
    pub(crate) fn line(&self, part: &impl Span) -> usize {
        self.lines.at(part.span().map_or(0, |span| span.start))
    }

    /// The value of an expression. `jsonencode` evaluates to its argument.
    pub(crate) fn evaluate(&self, expression: &Expression) -> Node {
        self.node(expression, 0)
    }

    fn node(&self, expression: &Expression, depth: usize) -> Node {
        let node = self.unspent(expression, depth);
        self.spent.set(self.spent.get() + 1 + node.as_text().map_or(0, str::len));
        node
    }

    fn unspent(&self, expression: &Expression, depth: usize) -> Node {
        let line = self.line(expression);
        if depth > DEEPEST || self.spent.get() > MOST {
            return Node::new(line, Content::Unknown);
        }
        let content = match expression {
            Expression::Null(_) => Content::Null,
            Expression::Bool(value) => Content::Text(value.value().to_string()),
            Expression::Number(value) => Content::Text(value.value().to_string()),
            Expression::String(value) => Content::Text(value.value().clone()),
            Expression::StringTemplate(template) => {
                Content::Text(self.template(template.iter().collect(), depth))
            }
            Expression::HeredocTemplate(heredoc) => {
                let text = self.template(elements(&heredoc.template), depth);
                return Node::new(line + 1, Content::Block(text));
            }
            Expression::Array(values) => {
                Content::List(values.iter().map(|value| self.node(value, depth + 1)).collect())
            }
            Expression::Object(object) => {
                let entries = object
                    .iter()
                    .map(|(key, value)| (self.key(key, depth), self.node(value.expr(), depth + 1)));
                Content::Map(entries.collect())
            }
            Expression::Parenthesis(inner) => return self.node(inner.inner(), depth + 1),
            Expression::FuncCall(call) if call.name.name.as_str() == "jsonencode" => {
                match call.args.iter().next() {
                    Some(argument) => return self.node(argument, depth + 1),
                    None => Content::Unknown,
                }
            }
            Expression::Traversal(traversal) => match self.local(traversal) {
                // The value of a local gets the line where it is used.
                Some(value) => self.node(value, depth + 1).content,
                None => Content::Unknown,
            },
            _ => Content::Unknown,
        };
        Node::new(line, content)
    }

    fn key(&self, key: &ObjectKey, depth: usize) -> String {
        match key {
            ObjectKey::Ident(name) => name.as_str().to_owned(),
            ObjectKey::Expression(expression) => self.node(expression, depth + 1).text_or_hole(),
        }
    }

    fn template(&self, elements: Vec<&Element>, depth: usize) -> String {
        let text = |element: &Element| match element {
            Element::Literal(text) => text.value().clone(),
            Element::Interpolation(part) => self.node(&part.expr, depth + 1).text_or_hole(),
            Element::Directive(_) => HOLE.to_string(),
        };
        elements.into_iter().map(text).collect()
    }

    /// The expression that `local.name` refers to.
    fn local(&self, traversal: &Traversal) -> Option<&'a Expression> {
        match path(traversal).as_deref() {
            Some(["local", name]) => self.locals.get(name).copied(),
            _ => None,
        }
    }
}

fn elements(template: &Template) -> Vec<&Element> {
    template.iter().collect()
}

/// The names of a reference such as `data.aws_iam_policy_document.ci.json`, without its indices.
pub(crate) fn path(traversal: &Traversal) -> Option<Vec<&str>> {
    let Expression::Variable(root) = &traversal.expr else { return None };
    let mut names = vec![root.as_str()];
    for operator in &traversal.operators {
        match operator.value() {
            TraversalOperator::GetAttr(name) => names.push(name.as_str()),
            TraversalOperator::Index(_) | TraversalOperator::LegacyIndex(_) => {}
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => return None,
        }
    }
    Some(names)
}
