//! The issuer that all CircleCI customers share, trusted for any of them.

use crate::{
    lint::{
        condition::Condition,
        language::Holes,
        provider::Kind,
        provider_trust::ProviderTrust,
        report::Report,
        rule::{Rule, Severity},
    },
    uuid,
};

pub(super) static RULE: Rule = Rule {
    id: "root-issuer",
    since: "0.1.0",
    severity: Severity::Critical,
    title: "other CircleCI customers can assume the role",
    why: "All customers share the issuer `https://oidc.circleci.com`, and any of their jobs can mint a token from it. Only an organization in `sub` excludes other customers, and only by its whole id: the ids of others have the same beginnings.",
    fix: "trust the provider of your organization instead: `oidc.circleci.com/org/ORG`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if trust.provider.kind == Kind::CircleCiRoot
        && !trust.has_unknown_condition()
        && allows_other_organizations(trust)
    {
        let reason = match trust.subject_limit() {
            Some(condition) => format!(
                "the provider is CircleCI's shared issuer, and `{}` matches other organizations too",
                condition.values.join("`, `")
            ),
            None => {
                "the provider is CircleCI's shared issuer, and no condition on `sub` names an organization"
                    .to_owned()
            }
        };
        report.find(&RULE, trust.subject_location(), &reason, RULE.fix);
    }
}

/// Whether a subject of another organization is allowed. Other ids have the same beginning, so only a whole id counts.
pub(super) fn allows_other_organizations(trust: &ProviderTrust<'_>) -> bool {
    let names_one = |condition: &Condition<'_>| {
        condition.marked_values().all(|(_, marked)| {
            let id = marked.strip_prefix("org/").and_then(|rest| rest.get(..uuid::LENGTH));
            id.is_some_and(uuid::is_uuid)
        })
    };
    trust.allows("org/~/%", Holes::AreNames).is_some() && !trust.limits_on("sub").any(names_one)
}
