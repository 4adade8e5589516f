//! A provider `oidc.circleci.com/org` with nothing behind it.

use crate::lint::{
    provider::Kind,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "issuer-without-organization",
    severity: Severity::Medium,
    title: "the provider names no organization",
    why: "CircleCI's issuers are `https://oidc.circleci.com/org/` and the organization's id. No token comes from one without.",
    mend: "put the organization's id behind `/org/`; it is in CircleCI's organization settings",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if is_missing(trust) {
        let reason = format!("`{}` lacks the organization's id", trust.principal);
        report.find(&RULE, Place::statement(trust.index), &reason, RULE.mend);
    }
}

/// Whether the path ends at `org`, or holds a wildcard in the place of the id.
pub(super) fn is_missing(trust: &Trust<'_>) -> bool {
    let url = &trust.provider.url;
    let is_open = url.ends_with("/org") || url.ends_with("/org/*");
    is_open && matches!(trust.provider.kind, Kind::CircleCi | Kind::CircleCiNowhere)
}
