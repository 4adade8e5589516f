//! An identity provider without the action that a web identity calls.

use crate::lint::{
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "wrong-action",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "a web identity calls another action",
    why: "`sts:AssumeRoleWithWebIdentity` exchanges a token. `sts:AssumeRole` is the action of roles and users, `sts:AssumeRoleWithSAML` that of SAML providers; neither allows a token.",
    fix: "set the action to `sts:AssumeRoleWithWebIdentity`; the statement then allows every token that meets its conditions",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if !trust.is_for_web_identities() {
        let reason = match trust.statement.actions.as_slice() {
            [] => "`NotAction` excludes a token's action, `sts:AssumeRoleWithWebIdentity`".to_owned(),
            actions => format!(
                "the action is `{}`; a token's action is `sts:AssumeRoleWithWebIdentity`",
                actions.join("`, `")
            ),
        };
        report.find(&RULE, PolicyLocation::statement(trust.index), &reason, RULE.fix);
    }
}
