//! Wildcards where there are none.

use crate::lint::{
    condition::Subject,
    operator::Comparison,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "literal-wildcard",
    severity: Severity::Medium,
    title: "`StringEquals` takes `*` for a character",
    why: "Only `StringLike` knows wildcards. Under `StringEquals` the value is compared character by character, and no claim holds a `*`.",
    mend: "use `StringLike`, or `StringNotLike` for `StringNotEquals`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let is_claim = matches!(condition.subject, Subject::Claim { .. });
        let is_exact =
            matches!(condition.operator.comparison, Comparison::Equal | Comparison::EqualIgnoringCase);
        let wildcard =
            condition.values.iter().find(|value| value.contains(['*', '?']) && !value.contains("${"));
        if let Some(value) = wildcard.filter(|_| is_claim && is_exact) {
            let reason = format!("`{}` compares `{value}` character by character", condition.operator_name);
            let mend = if condition.operator.negated { "use `StringNotLike`" } else { "use `StringLike`" };
            report.find(&RULE, Place::condition(trust.index, condition), &reason, mend);
        }
    }
}
