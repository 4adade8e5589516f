//! The issuer of all CircleCI customers, trusted whoever they are.

use crate::lint::{
    language::Holes,
    provider::Kind,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "root-issuer",
    severity: Severity::Critical,
    title: "every CircleCI customer can assume the role",
    why: "All customers share the issuer `https://oidc.circleci.com`, and any job of theirs can mint a token of it. Only an organization in `sub` keeps strangers out.",
    mend: "trust the provider of your organization instead: `oidc.circleci.com/org/ORG`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if trust.provider.kind == Kind::CircleCiRoot && !trust.may_ask_more() && lets_strangers_in(trust) {
        let reason =
            "the provider is CircleCI's shared issuer, and no condition on `sub` names an organization";
        report.find(&RULE, Place::statement(trust.index), reason, RULE.mend);
    }
}

/// Whether a foreign organization's subject is let in.
pub(super) fn lets_strangers_in(trust: &Trust<'_>) -> bool {
    trust.lets_in("org/\u{1}/%", Holes::AreNames).is_some()
}
