//! Condition keys of another provider than the one that the statement trusts.

use crate::lint::{
    condition::KeyKind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "key-prefix",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "the condition is on another provider's claim",
    why: "A claim's condition key is the provider's URL without its scheme, a colon, and the claim's name. AWS has no value for a key with another prefix: the condition never holds, or always holds if it is negated.",
    fix: "begin the key with the part of the provider's ARN after `oidc-provider/`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let url = &trust.provider.url;
    for condition in &trust.conditions {
        let KeyKind::Claim { name, .. } = condition.key_kind else { continue };
        if condition.may_be_of(url) {
            continue;
        }
        let always = condition.operator.holds_when_absent();
        let outcome = if always { "always holds" } else { "never holds" };
        let reason =
            format!("`{}` is not a key of the provider `{url}`, so the condition {outcome}", condition.key);
        let fix = if always {
            format!("write `{}`", trust.key(name))
        } else {
            format!("write `{}`; the statement then allows the tokens that meet it", trust.key(name))
        };
        report.find(&RULE, PolicyLocation::condition(condition), &reason, &fix);
    }
}
