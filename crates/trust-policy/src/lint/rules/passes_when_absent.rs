//! Conditions that a token without the claim meets.

use crate::lint::{
    condition::{Condition, KeyKind},
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "passes-when-absent",
    since: "0.1.0",
    severity: Severity::High,
    title: "a token without the claim meets the condition",
    why: "`…IfExists` and `ForAllValues:` hold if the claim is absent, and so does a negated operator. If this is the only condition on a claim, every token without the claim meets it. STS accepts no token without `sub` or `aud`: for these two it is a remark.",
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
        let location = PolicyLocation::condition(condition);
        if condition.is_on("iss") && condition.may_be_of(&trust.provider.url) {
            let text = "AWS has no key for `iss`, so the condition always holds; the principal names the issuer already";
            report.remark(location, text);
            continue;
        }
        // Every token has these two, so a negated operator only excludes some of their values.
        if operator.negated && ["sub", "aud"].iter().any(|claim| condition.is_on(claim)) {
            continue;
        }
        if is_in_every_token(trust, condition) {
            let text = format!(
                "`{}` would hold for a token without `{name}`, but STS accepts none without it",
                condition.operator_name
            );
            report.remark(location, &text);
            continue;
        }
        let reason = format!("`{}` holds for a token without `{name}`", condition.operator_name);
        let fix = if operator.negated {
            format!("name what you mean to allow: add `StringEquals` on `{}`", condition.key)
        } else {
            let name = condition.operator_name;
            let plain = name.strip_prefix("ForAllValues:").unwrap_or(name).trim_end_matches("IfExists");
            format!("write `{plain}` in place of `{name}`")
        };
        report.find(&RULE, location, &reason, &fix);
    }
}

/// Whether STS refuses each token without the claim, so that its key always has a value (facts/aws.md 2.5, 10.3).
fn is_in_every_token(trust: &ProviderTrust<'_>, condition: &Condition<'_>) -> bool {
    // The keys of login services are others.
    let is_oidc = !matches!(trust.provider.kind, Kind::Shared(service) if service.claim() == "app_id");
    let is_required = ["sub", "aud"].iter().any(|claim| condition.is_on(claim));
    is_oidc && is_required && condition.may_be_of(&trust.provider.url)
}
