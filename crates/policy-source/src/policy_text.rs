//! A trust policy with the lines that it came from.

use trust_policy::{
    Principal, Statement, TrustPolicy,
    lint::{HOLE, PolicyLocation, printable},
};

use crate::position::Position;

/// A trust policy where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    /// The role's name, the logical id or the resource address; `None` if the file is the policy.
    pub name: Option<String>,
    /// The role's ARN, where it stands beside the policy, as IAM's API returns it.
    pub role_arn: Option<String>,
    /// The line where it begins, counted from 1.
    pub line: usize,
    /// The policy; `HOLE` stands for each part that isn't literal.
    pub policy: TrustPolicy,
    pub(crate) position: Position,
    pub(crate) statements: Vec<StatementLines>,
}

/// Where a statement and its conditions begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatementLines {
    pub(crate) at: Position,
    /// Operator and key as a report shows them, and where the condition stands.
    pub(crate) conditions: Vec<((String, String), Position)>,
}

impl PolicyText {
    /// The line of a statement or condition in the policy.
    pub fn line_of(&self, location: &PolicyLocation) -> usize {
        self.position_of(location).first
    }

    /// The same with the extent, where it is known.
    pub(crate) fn position_of(&self, location: &PolicyLocation) -> Position {
        let Some(statement) = location.statement.and_then(|index| self.statements.get(index)) else {
            return self.position;
        };
        let condition = location.condition.as_ref().and_then(|condition| {
            statement.conditions.iter().find(|(names, _)| names == condition).map(|(_, position)| *position)
        });
        condition.unwrap_or(statement.at)
    }

    /// The lines of its statements.
    pub(crate) fn lines(&self) -> impl Iterator<Item = usize> {
        self.statements.iter().map(|statement| statement.at.line)
    }

    /// The first text that isn't literal, as a report shows it. Without one the policy can be evaluated for a token.
    pub fn not_literal(&self) -> Option<String> {
        self.policy.statements.iter().flat_map(texts).find(|text| text.contains(HOLE)).map(printable)
    }
}

/// All texts of a statement that a verdict can depend on.
fn texts(statement: &Statement) -> Vec<&str> {
    let mut texts: Vec<&str> =
        statement.actions.iter().chain(&statement.excluded_actions).map(String::as_str).collect();
    if let Principal::Named(kinds) = &statement.principal {
        for (kind, names) in &kinds.0 {
            texts.push(kind);
            texts.extend(names.0.iter().map(String::as_str));
        }
    }
    for (operator, keys) in &statement.condition.0 {
        texts.push(operator);
        for (key, values) in &keys.0 {
            texts.push(key);
            texts.extend(values.0.iter().map(String::as_str));
        }
    }
    texts
}
