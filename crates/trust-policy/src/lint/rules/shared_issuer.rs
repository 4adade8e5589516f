//! The issuer that all CircleCI customers share, with an organization in `sub`.

use crate::lint::{
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

use super::root_issuer::allows_other_organizations;

pub(super) static RULE: Rule = Rule {
    id: "shared-issuer",
    since: "0.1.0",
    severity: Severity::Low,
    title: "only the pattern on `sub` excludes all other CircleCI customers",
    why: "All customers share the issuer `https://oidc.circleci.com`. The pattern on `sub` names an organization; a mistake in it opens the role to all of them. A job has a token of this issuer only if it mints one with `--root-issuer`.",
    fix: "trust the provider of your organization instead: `oidc.circleci.com/org/ORG`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if trust.provider.kind == Kind::CircleCiRoot && !allows_other_organizations(trust) {
        let reason = "the provider is CircleCI's shared issuer; only `sub` excludes other organizations";
        report.find(&RULE, PolicyLocation::statement(trust.index), reason, RULE.fix);
    }
}
