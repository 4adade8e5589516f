//! The issuer of all CircleCI customers, with an organization in `sub`: closed, but for no reason so close.

use crate::lint::{
    provider::Kind,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

use super::root_issuer::lets_strangers_in;

pub(super) static RULE: Rule = Rule {
    id: "shared-issuer",
    severity: Severity::Low,
    title: "one pattern stands between the role and all other CircleCI customers",
    why: "All customers share the issuer `https://oidc.circleci.com`. The pattern on `sub` names an organization; a slip in it opens the role to the world. Jobs carry tokens of this issuer only if they mint them with `--root-issuer`.",
    mend: "trust the provider of your organization instead: `oidc.circleci.com/org/ORG`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if trust.provider.kind == Kind::CircleCiRoot && !lets_strangers_in(trust) {
        let reason = "the provider is CircleCI's shared issuer; only `sub` keeps other organizations out";
        report.find(&RULE, Place::statement(trust.index), reason, RULE.mend);
    }
}
