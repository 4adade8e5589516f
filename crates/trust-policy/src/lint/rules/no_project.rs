//! Nothing says which project.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::Trust,
    },
};

pub(super) static RULE: Rule = Rule {
    id: "no-project",
    severity: Severity::High,
    title: "every project of the organization can assume the role",
    why: "AWS takes a trust policy for CircleCI without any condition. Whoever can start a job in any project of the organization then has the role.",
    mend: "add `StringEquals` on `oidc.circleci.com/project-id`, with the project's id",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let asks = trust.subject().is_some() || trust.limits_on(PROJECT_ID).next().is_some();
    if !trust.provider.is_organization() || asks || trust.may_ask_more() {
        return;
    }
    let reason = "no condition names a project, by `oidc.circleci.com/project-id` or by `sub`";
    report.find(&RULE, Place::statement(trust.index), reason, &mend(trust));
}

/// How to name the project, on CircleCI Server by `sub`, for which alone AWS has a key there.
pub(super) fn mend(trust: &Trust<'_>) -> String {
    let organization = trust.provider.organization().unwrap_or("ORG");
    match trust.provider.kind {
        crate::lint::provider::Kind::CircleCiServer => format!(
            "add to `StringLike`: `\"{}\": \"org/{organization}/project/PROJECT/user/*\"`",
            trust.key("sub")
        ),
        _ => format!("add to `StringEquals`: `\"{}\": \"PROJECT\"`, the project's id", trust.key(PROJECT_ID)),
    }
}
