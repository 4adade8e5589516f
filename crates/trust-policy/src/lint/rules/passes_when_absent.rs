//! Conditions that a token without the claim meets.

use crate::lint::{
    condition::KeyKind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "passes-when-absent",
    since: "0.1.0",
    severity: Severity::High,
    title: "a token without the claim meets the condition",
    why: "`…IfExists` and `ForAllValues:` hold if the claim is absent, and so does a negated operator. If this is the only condition on a claim, every token without the claim meets it.",
    fix: "use the plain operator, `StringEquals` or `StringLike`; beside a negated one, name with it what you mean to allow",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let KeyKind::Claim { name, .. } = condition.key_kind else { continue };
        let operator = condition.operator;
        // A plain operator on the same claim requires the claim.
        let mut others = trust.limits_on(name);
        if !operator.holds_when_absent() || others.any(|other| !other.operator.holds_when_absent()) {
            continue;
        }
        // Every token has these two, so a negated operator only excludes some of their values.
        if operator.negated && ["sub", "aud"].iter().any(|claim| condition.is_on(claim)) {
            continue;
        }
        let reason = format!("`{}` holds for a token without `{name}`", condition.operator_name);
        let fix = if operator.negated {
            format!("name what you mean to allow: add `StringEquals` on `{}`", condition.key)
        } else {
            RULE.fix.to_owned()
        };
        report.find(&RULE, PolicyLocation::condition(condition), &reason, &fix);
    }
}
