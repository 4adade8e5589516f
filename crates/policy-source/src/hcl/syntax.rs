//! The syntax tree. Chains are lists, not nested boxes, so that a long one needs no deep stack.

use crate::position::Position;

/// A file's or a block's attributes and blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<(String, Expression)>,
    pub(crate) blocks: Vec<Block>,
}

impl Body {
    /// The last attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Expression> {
        self.attributes.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

/// A block, for example `resource "aws_iam_role" "ci" { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) line: Position,
    pub(crate) kind: String,
    pub(crate) labels: Vec<String>,
    pub(crate) body: Body,
}

impl Block {
    pub(crate) fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index).map(String::as_str)
    }

    /// The block's address in Terraform's form: a resource has only its labels.
    pub(crate) fn address(&self) -> String {
        let kind = Some(self.kind.as_str()).filter(|kind| *kind != "resource");
        kind.into_iter().chain(self.labels.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    pub(crate) line: Position,
    pub(crate) kind: Kind,
}

impl Expression {
    /// Whether a literal text in it meets a test.
    pub(crate) fn has_text(&self, holds: &impl Fn(&str) -> bool) -> bool {
        let any = |expressions: &[Self]| expressions.iter().any(|inner| inner.has_text(holds));
        match &self.kind {
            Kind::Null | Kind::Literal(_) | Kind::Variable(_) => false,
            Kind::Template(parts) | Kind::Heredoc(parts) => parts.iter().any(|part| part.has_text(holds)),
            Kind::List(values) | Kind::Call(_, values) => any(values),
            Kind::Object(entries) => {
                entries.iter().any(|(key, value)| key.has_text(holds) || value.has_text(holds))
            }
            Kind::Traversal(root, _) => root.has_text(holds),
            Kind::Conditional(parts) => any(parts.as_ref()),
            Kind::For(each) => any(&[each.collection.clone(), each.value.clone()]),
            Kind::Not(inner) | Kind::Negative(inner) => inner.has_text(holds),
            Kind::Operations(first, others) => {
                first.has_text(holds) || others.iter().any(|(_, other)| other.has_text(holds))
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    /// A number or a boolean, as it is written.
    Literal(String),
    Template(Vec<Part>),
    /// A heredoc; its text begins on the line after the expression's.
    Heredoc(Vec<Part>),
    List(Vec<Expression>),
    Object(Vec<(Expression, Expression)>),
    Call(String, Vec<Expression>),
    Variable(String),
    Traversal(Box<Expression>, Vec<Step>),
    Conditional(Box<[Expression; 3]>),
    For(Box<For>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    /// Operations of one precedence, from left to right.
    Operations(Box<Expression>, Vec<(Operator, Expression)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    /// Arithmetic or an order, which no policy's text depends on.
    Other,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Value(Expression),
    /// `%{ if … }…%{ else }…%{ endif }`.
    If(Box<Expression>, [Vec<Self>; 2]),
    /// `%{ for … in … }…%{ endfor }`.
    For(Box<TemplateFor>),
    /// What is no template.
    Invalid,
}

/// A loop of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateFor {
    pub(crate) key_name: Option<String>,
    pub(crate) value_name: String,
    pub(crate) collection: Expression,
    pub(crate) parts: Vec<Part>,
}

impl Part {
    fn has_text(&self, holds: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Text(text) => holds(text),
            Self::Value(value) => value.has_text(holds),
            Self::If(_, branches) => branches.iter().flatten().any(|part| part.has_text(holds)),
            Self::For(each) => each.parts.iter().any(|part| part.has_text(holds)),
            Self::Invalid => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Name(String),
    Index(Expression),
}

/// The variable of a splat: a name that no file can write.
pub(super) const SPLAT: &str = "[*]";

impl For {
    pub(crate) fn is_splat(&self) -> bool {
        self.value_name == SPLAT
    }
}

/// A `for` expression. A splat is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct For {
    pub(crate) key_name: Option<String>,
    pub(crate) value_name: String,
    pub(crate) collection: Expression,
    /// For an object.
    pub(crate) key: Option<Expression>,
    pub(crate) value: Expression,
    /// `value...`: the values of equal keys become lists.
    pub(crate) is_grouped: bool,
    pub(crate) condition: Option<Expression>,
}
