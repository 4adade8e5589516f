//! An identity provider that may do everything but what it does.

use crate::lint::{
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "wrong-action",
    severity: Severity::Medium,
    title: "a web identity makes another call",
    why: "Tokens are traded by `sts:AssumeRoleWithWebIdentity`. `sts:AssumeRole` is the call of roles and users, `sts:AssumeRoleWithSAML` that of SAML providers; neither lets a token in.",
    mend: "make the action `sts:AssumeRoleWithWebIdentity`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if !trust.is_for_web_identities() {
        let actions = match trust.statement.actions.as_slice() {
            [] => "`NotAction` leaves out the call of tokens".to_owned(),
            actions => format!("the action is `{}`, and tokens come by another", actions.join("`, `")),
        };
        let reason = format!("{actions}, `sts:AssumeRoleWithWebIdentity`");
        report.find(&RULE, Place::statement(trust.index), &reason, RULE.mend);
    }
}
