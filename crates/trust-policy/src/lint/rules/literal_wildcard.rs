//! Wildcards under an operator that compares them as characters.

use crate::lint::{
    condition::KeyKind,
    operator::Comparison,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "literal-wildcard",
    severity: Severity::Medium,
    title: "`StringEquals` compares `*` as a character",
    why: "Only `StringLike` supports wildcards. `StringEquals` compares the value character by character, and no claim contains a `*`.",
    fix: "use `StringLike`, or `StringNotLike` for `StringNotEquals`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let is_claim = matches!(condition.key_kind, KeyKind::Claim { .. });
        let is_exact =
            matches!(condition.operator.comparison, Comparison::Equal | Comparison::EqualIgnoringCase);
        let wildcard =
            condition.values.iter().find(|value| value.contains(['*', '?']) && !value.contains("${"));
        if let Some(value) = wildcard.filter(|_| is_claim && is_exact) {
            let reason = format!("`{}` compares `{value}` character by character", condition.operator_name);
            let fix = if condition.operator.negated { "use `StringNotLike`" } else { "use `StringLike`" };
            report.find(&RULE, PolicyLocation::condition(trust.index, condition), &reason, fix);
        }
    }
}
