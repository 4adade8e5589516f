//! A wildcard as the principal of a web identity's call, which AWS doesn't take for an identity provider.

use crate::{
    document::TrustPolicy,
    lint::{
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::covers,
    },
};

use super::any_principal::names_everybody;

pub(super) static RULE: Rule = Rule {
    id: "wildcard-web-identity",
    severity: Severity::Medium,
    title: "`*` is no identity provider",
    why: "AWS never lets a web identity in by `Principal: \"*\"` or `AWS: \"*\"`: the provider has to be named under `Federated`.",
    mend: "name the provider: `\"Principal\": {\"Federated\": \"arn:aws:iam::ACCOUNT:oidc-provider/…\"}`",
};

pub(super) fn check(policy: &TrustPolicy, report: &mut Report) {
    for (index, statement) in policy.statements.iter().enumerate() {
        let is_for_web_identities = covers(statement, "sts:AssumeRoleWithWebIdentity");
        if is_for_web_identities && !covers(statement, "sts:AssumeRole") && names_everybody(statement) {
            let reason = "the principal is `*`, by which AWS lets no web identity in";
            report.find(&RULE, Place::statement(index), reason, RULE.mend);
        }
    }
}
