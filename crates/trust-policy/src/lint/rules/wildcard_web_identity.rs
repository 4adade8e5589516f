//! A wildcard as the principal of a web identity's call. AWS documents only the identity provider's name there.

use crate::{
    actions::{ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY},
    document::{Effect, Principal, Statement, TrustPolicy},
    lint::{
        provider_trust::may_cover,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
};

use super::any_principal::names_every_principal;

pub(super) static RULE: Rule = Rule {
    id: "wildcard-web-identity",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "`*` is not an identity provider",
    why: "AWS does not document whether `Principal: \"*\"`, `AWS: \"*\"` and `Federated: \"*\"` allow a web identity: either no \
          token, or those of every provider of the account. `trust test` calls it unknown.",
    fix: "name the provider: `\"Principal\": {\"Federated\": \"arn:aws:iam::ACCOUNT:oidc-provider/…\"}`",
};

pub(super) fn check(policy: &TrustPolicy, report: &mut Report) {
    for (index, statement) in policy.statements.iter().enumerate() {
        let is_for_web_identities = may_cover(statement, ASSUME_ROLE_WITH_WEB_IDENTITY);
        let is_wildcard = names_every_provider(statement)
            || names_every_principal(statement) && !may_cover(statement, ASSUME_ROLE);
        if is_for_web_identities && is_wildcard {
            let reason = "the principal is `*`: AWS does not document whether it allows a web identity";
            report.find(&RULE, PolicyLocation::statement(index), reason, RULE.fix);
        }
    }
}

/// Whether an `Allow` has the federated principal `*`, which only a federated call could meet.
fn names_every_provider(statement: &Statement) -> bool {
    let Principal::Named(kinds) = &statement.principal else { return false };
    let mut federated = kinds.0.iter().filter(|(kind, _)| kind == "Federated");
    statement.effect == Effect::Allow && federated.any(|(_, names)| names.0.iter().any(|name| name == "*"))
}
