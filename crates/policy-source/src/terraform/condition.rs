//! What conditions decide: booleans as far as they are known, and both values where only the plan knows.

use trust_policy::lint::HOLE;

use crate::{
    hcl::{Expression, Kind, Operator, Part, Step},
    node::{Content, Node},
};

/// A boolean, if it is known.
pub(super) fn truth(node: &Node) -> Option<bool> {
    node.as_text().and_then(|text| text.parse().ok())
}

pub(super) fn boolean(holds: Option<bool>) -> Content {
    holds.map_or(Content::Unknown, |holds| Content::Text(holds.to_string()))
}

/// The left side of an operation: a value, or what earlier operations have made of it.
pub(super) enum Operand {
    Value(Node),
    Truth(Option<bool>),
}

impl Operand {
    pub(super) fn of(node: Node) -> Self {
        Self::Value(node)
    }

    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Value(node) => truth(node),
            Self::Truth(holds) => *holds,
        }
    }

    pub(super) fn with(self, (operator, right): (Operator, Node)) -> Self {
        let (left, right_holds) = (self.truth(), truth(&right));
        let is_equal = match &self {
            Self::Value(left) => equal(left, &right),
            Self::Truth(_) => None,
        };
        Self::Truth(match operator {
            Operator::Or if left == Some(true) || right_holds == Some(true) => Some(true),
            Operator::Or => left.zip(right_holds).map(|(left, right)| left || right),
            Operator::And if left == Some(false) || right_holds == Some(false) => Some(false),
            Operator::And => left.zip(right_holds).map(|(left, right)| left && right),
            Operator::Equal => is_equal,
            Operator::NotEqual => is_equal.map(|equal| !equal),
            Operator::Other => None,
        })
    }
}

fn equal(left: &Node, right: &Node) -> Option<bool> {
    match (&left.content, &right.content) {
        (Content::Null, Content::Null) => Some(true),
        (Content::Null, Content::Text(_)) | (Content::Text(_), Content::Null) => Some(false),
        (Content::Text(left), Content::Text(right)) if !left.contains(HOLE) && !right.contains(HOLE) => {
            Some(left == right)
        }
        _ => None,
    }
}

/// A value that is decided when the plan is made. Opposite conditions get one name.
pub(super) fn either(condition: &Expression, then: Node, otherwise: Node) -> Content {
    if then.content == otherwise.content {
        return then.content;
    }
    match &condition.kind {
        Kind::Not(inner) => either(inner, otherwise, then),
        Kind::Operations(left, others) if matches!(others.as_slice(), [(Operator::NotEqual, _)]) => {
            let right = others.first().map(|(_, right)| right);
            let words = right.and_then(|right| comparison(left, right));
            let words = words.unwrap_or_else(|| format!("the condition of line {}", condition.line.line));
            Content::Either(words, Box::new([otherwise, then]))
        }
        _ => {
            let words =
                words(condition).unwrap_or_else(|| format!("the condition of line {}", condition.line.line));
            Content::Either(words, Box::new([then, otherwise]))
        }
    }
}

fn comparison(left: &Expression, right: &Expression) -> Option<String> {
    Some(format!("{} == {}", words(left)?, words(right)?))
}

/// A condition as it is written, if it is short.
fn words(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Literal(text) | Kind::Variable(text) => Some(text.clone()),
        Kind::Null => Some("null".to_owned()),
        Kind::Template(parts) => match parts.as_slice() {
            [] => Some("\"\"".to_owned()),
            [Part::Text(text)] => Some(format!("\"{text}\"")),
            _ => None,
        },
        Kind::Traversal(root, steps) => {
            let mut text = words(root)?;
            for step in steps {
                match step {
                    Step::Name(name) => text.extend([".", name]),
                    Step::Index(index) => text.extend(["[", &words(index)?, "]"]),
                }
            }
            Some(text)
        }
        Kind::Operations(left, others) => match others.as_slice() {
            [(Operator::Equal, right)] => comparison(left, right),
            _ => None,
        },
        _ => None,
    }
}
