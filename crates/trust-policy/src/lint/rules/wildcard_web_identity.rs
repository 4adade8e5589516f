//! A wildcard as the principal of a web identity's call. AWS requires the identity provider's name.

use crate::{
    actions::{ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY},
    document::TrustPolicy,
    lint::{
        provider_trust::may_cover,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
};

use super::any_principal::names_every_principal;

pub(super) static RULE: Rule = Rule {
    id: "wildcard-web-identity",
    severity: Severity::Medium,
    title: "`*` is not an identity provider",
    why: "`Principal: \"*\"` and `AWS: \"*\"` never allow a web identity: the provider must be named under `Federated`.",
    fix: "name the provider: `\"Principal\": {\"Federated\": \"arn:aws:iam::ACCOUNT:oidc-provider/…\"}`",
};

pub(super) fn check(policy: &TrustPolicy, report: &mut Report) {
    for (index, statement) in policy.statements.iter().enumerate() {
        let is_for_web_identities = may_cover(statement, ASSUME_ROLE_WITH_WEB_IDENTITY);
        if is_for_web_identities && !may_cover(statement, ASSUME_ROLE) && names_every_principal(statement) {
            let reason = "the principal is `*`, which never allows a web identity";
            report.find(&RULE, PolicyLocation::statement(index), reason, RULE.fix);
        }
    }
}
