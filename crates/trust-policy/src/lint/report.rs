//! What a lint run says: findings, and remarks on what it can't judge. Apart from the rules, because here
//! everything that comes from a policy is made fit to be shown.

use super::{condition::Condition, language::HOLE, rule::Rule};

/// The outcome for one policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What could not be judged, or is worth knowing. Never a reason to fail.
    pub remarks: Vec<Remark>,
}

/// A rule that a policy breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which, with its severity.
    pub rule: &'static Rule,
    /// Where.
    pub place: Place,
    /// What exactly is wrong here.
    pub reason: String,
    /// The next action.
    pub mend: String,
}

/// Something that is no fault, or can't be known to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where.
    pub place: Place,
    /// What there is to know.
    pub text: String,
}

/// A place in a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The statement by its index; `None` is the policy as a whole.
    pub statement: Option<usize>,
    /// The condition, as operator and key in the form of [`shown`]; `None` is the statement as a whole.
    pub condition: Option<(String, String)>,
}

impl Place {
    pub(super) fn statement(index: usize) -> Self {
        Self { statement: Some(index), condition: None }
    }

    pub(super) fn condition(index: usize, condition: &Condition<'_>) -> Self {
        let names = (shown(condition.operator_name), shown(condition.key));
        Self { statement: Some(index), condition: Some(names) }
    }
}

impl Report {
    pub(super) fn find(&mut self, rule: &'static Rule, place: Place, reason: &str, mend: &str) {
        self.findings.push(Finding { rule, place, reason: shown(reason), mend: shown(mend) });
    }

    pub(super) fn remark(&mut self, place: Place, text: &str) {
        self.remarks.push(Remark { place, text: shown(text) });
    }
}

/// A text of a policy as a report shows it: without what would break a line or drive a terminal, and with an
/// ellipsis for what isn't literal.
pub fn shown(text: &str) -> String {
    let shown = |character: char| match character {
        HOLE => '…',
        _ if character.is_control() => '\u{FFFD}',
        _ => character,
    };
    text.chars().map(shown).collect()
}
