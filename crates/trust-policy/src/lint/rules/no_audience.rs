//! No condition on `aud`.

use crate::lint::{
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "no-audience",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "a token for another audience is allowed",
    why: "Without a condition on `aud`, a token for any audience that the provider lists can assume the role, including a token that a job has sent to another service.",
    fix: "add `StringEquals` on the provider's `aud`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let has_audience = !matches!(trust.provider.kind, Kind::Shared(service) if service.claim() == "app_id");
    if !has_audience || trust.limits("aud") || trust.has_unknown_condition() {
        return;
    }
    let audience = match trust.provider.organization() {
        Some(organization) if trust.provider.is_circleci() => organization,
        _ if trust.provider.is_circleci() => "ORG",
        _ if trust.provider.is_github() => "sts.amazonaws.com",
        _ => "AUDIENCE",
    };
    let reason = match trust.on("aud").next() {
        Some(_) => "no condition limits `aud` to named audiences",
        None => "no condition tests `aud`",
    };
    let fix = format!("add to `StringEquals`: `\"{}\": \"{audience}\"`", trust.key("aud"));
    report.find(&RULE, PolicyLocation::statement(trust.index), reason, &fix);
}
