//! Wildcards under an operator that compares them as characters.

use crate::lint::{
    condition::KeyKind,
    openness,
    operator::Comparison,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "literal-wildcard",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "`StringEquals` compares `*` as a character",
    why: "Only `StringLike` supports wildcards. `StringEquals` compares the value character by character, and no claim contains a `*`.",
    fix: "write the whole value; under `StringLike` the pattern allows all that it matches, across `/` and `:`",
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
            let fix = if condition.operator.negated {
                "use `StringNotLike`".to_owned()
            } else {
                let allowed = openness::under_like(trust, condition);
                format!("write the whole value; under `StringLike` it would allow {allowed}")
            };
            report.find(&RULE, PolicyLocation::condition(condition), &reason, &fix);
        }
    }
}
