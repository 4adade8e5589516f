//! A policy variable in a condition on a claim.

use crate::lint::{
    condition::KeyKind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "policy-variable",
    since: "0.1.0",
    severity: Severity::High,
    title: "the condition compares the token with the request's own value",
    why: "A policy variable is filled from the request. `${KEY}` in the condition on `KEY` itself is the token's own value, so the condition always holds and limits nothing. Another claim and `sts:RoleSessionName` are chosen by whoever calls STS.",
    fix: "write the value itself",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let KeyKind::Claim { name, .. } = condition.key_kind else { continue };
        let Some(value) = condition.variable_value() else { continue };
        let reason = if condition.always_holds() {
            format!("`{value}` is filled from the token, so every token with `{name}` meets the condition")
        } else {
            format!("`{value}` is filled from the request, so the policy alone does not limit `{name}`")
        };
        report.find(&RULE, PolicyLocation::condition(condition), &reason, RULE.fix);
    }
}
