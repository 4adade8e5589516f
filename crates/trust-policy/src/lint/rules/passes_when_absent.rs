//! Conditions that a token meets by not having the claim.

use crate::lint::{
    condition::Subject,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "passes-when-absent",
    severity: Severity::High,
    title: "a token without the claim meets the condition",
    why: "`…IfExists` and `ForAllValues:` hold where the claim is absent, and so does a negated operator. As the only condition on a claim they let in every token that lacks it.",
    mend: "use the plain operator: `StringEquals` or `StringLike`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let Subject::Claim { name, .. } = condition.subject else { continue };
        let operator = condition.operator;
        // A plain operator on the same claim asks for it to be there.
        let mut others = trust.limits_on(name);
        if !operator.holds_when_absent() || others.any(|other| !other.operator.holds_when_absent()) {
            continue;
        }
        // Every token has these two; what excludes some subjects only is a guard.
        if operator.negated && ["sub", "aud"].iter().any(|claim| condition.is_on(claim)) {
            continue;
        }
        let reason = format!("`{}` holds for a token without `{name}`", condition.operator_name);
        report.find(&RULE, Place::condition(trust.index, condition), &reason, RULE.mend);
    }
}
