//! The issuer that all CircleCI customers share, trusted for any of them.

use crate::lint::{
    language::Holes,
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "root-issuer",
    since: "0.1.0",
    severity: Severity::Critical,
    title: "every CircleCI customer can assume the role",
    why: "All customers share the issuer `https://oidc.circleci.com`, and any of their jobs can mint a token from it. Only an organization in `sub` excludes other customers.",
    fix: "trust the provider of your organization instead: `oidc.circleci.com/org/ORG`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if trust.provider.kind == Kind::CircleCiRoot
        && !trust.has_unknown_condition()
        && allows_other_organizations(trust)
    {
        let reason =
            "the provider is CircleCI's shared issuer, and no condition on `sub` names an organization";
        report.find(&RULE, PolicyLocation::statement(trust.index), reason, RULE.fix);
    }
}

/// Whether a subject of any organization is allowed.
pub(super) fn allows_other_organizations(trust: &ProviderTrust<'_>) -> bool {
    trust.allows("org/\u{1}/%", Holes::AreNames).is_some()
}
