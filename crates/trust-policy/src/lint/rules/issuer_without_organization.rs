//! A provider `oidc.circleci.com/org` without an organization's id.

use crate::lint::{
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "issuer-without-organization",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "the provider names no organization",
    why: "CircleCI's issuers are `https://oidc.circleci.com/org/` and the organization's id. No token has the issuer `https://oidc.circleci.com/org` without an id.",
    fix: "add the organization's id after `/org/`; CircleCI shows it in the organization's settings",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if is_missing(trust) {
        let reason = format!("`{}` lacks the organization's id", trust.principal);
        report.find(&RULE, PolicyLocation::statement(trust.index), &reason, RULE.fix);
    }
}

/// Whether the path ends at `org`, or has a wildcard in place of the id.
pub(super) fn is_missing(trust: &ProviderTrust<'_>) -> bool {
    let url = &trust.provider.url;
    let is_open = url.ends_with("/org") || url.ends_with("/org/*");
    is_open && matches!(trust.provider.kind, Kind::CircleCi | Kind::CircleCiNowhere)
}
