//! What the lint reports: findings, and remarks on what it could not check. Separate from the rules, because every
//! text of a policy is made printable here.

use super::{condition::Condition, language::HOLE, rule::Rule};

/// The findings and remarks for one policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The rules that the policy breaks.
    pub findings: Vec<Finding>,
    /// What could not be checked, or is useful to know. Never a reason to fail.
    pub remarks: Vec<Remark>,
}

/// A rule that a policy breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, with its severity.
    pub rule: &'static Rule,
    /// The statement or condition that breaks it.
    pub location: PolicyLocation,
    /// What is wrong with this policy.
    pub reason: String,
    /// The next action.
    pub fix: String,
}

/// Something that is not a fault, or may not be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The statement or condition that it is about.
    pub location: PolicyLocation,
    /// The remark.
    pub text: String,
}

/// A statement or a condition of a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyLocation {
    /// The statement's index; `None` is the policy as a whole.
    pub statement: Option<usize>,
    /// The condition's operator and key, as [`printable`] shows them; `None` is the statement as a whole.
    pub condition: Option<(String, String)>,
}

impl PolicyLocation {
    pub(super) fn statement(index: usize) -> Self {
        Self { statement: Some(index), condition: None }
    }

    pub(super) fn condition(condition: &Condition<'_>) -> Self {
        let names = (printable(condition.operator_name), printable(condition.key));
        Self { statement: Some(condition.statement), condition: Some(names) }
    }
}

impl Report {
    pub(super) fn find(&mut self, rule: &'static Rule, location: PolicyLocation, reason: &str, fix: &str) {
        self.findings.push(Finding { rule, location, reason: printable(reason), fix: printable(fix) });
    }

    pub(super) fn remark(&mut self, location: PolicyLocation, text: &str) {
        self.remarks.push(Remark { location, text: printable(text) });
    }
}

/// A text of a policy as a report shows it: without control characters, and with `…` for a part that isn't literal.
pub fn printable(text: &str) -> String {
    let replaced = |character: char| match character {
        HOLE => '…',
        _ if character.is_control() => '\u{FFFD}',
        _ => character,
    };
    text.chars().map(replaced).collect()
}
