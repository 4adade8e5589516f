//! No condition names a project.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        provider::Kind,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "no-project",
    since: "0.1.0",
    severity: Severity::High,
    title: "every project of the organization can assume the role",
    why: "AWS accepts a trust policy for CircleCI without any condition. Then whoever can start a job in any project of the organization can assume the role.",
    fix: "add `StringEquals` on `oidc.circleci.com/project-id`, with the project's id",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let asks = trust.subject_limit().is_some() || trust.limits_on(PROJECT_ID).next().is_some();
    if !trust.provider.is_organization() || asks || trust.has_unknown_condition() {
        return;
    }
    let reason = "no condition names a project, by `oidc.circleci.com/project-id` or by `sub`";
    report.find(&RULE, PolicyLocation::statement(trust.index), reason, &fix(trust));
}

/// How to name the project. By `sub` on CircleCI Server, where AWS has no key for the project, and with the issuer that
/// all share, where a key is not documented.
pub(super) fn fix(trust: &ProviderTrust<'_>) -> String {
    let organization = trust.provider.organization().unwrap_or("ORG");
    let (claim, operator, value) = match trust.provider.kind {
        Kind::CircleCiServer | Kind::CircleCiRoot => {
            ("sub", "StringLike", format!("org/{organization}/project/PROJECT/user/*"))
        }
        _ => (PROJECT_ID, "StringEquals", "PROJECT".to_owned()),
    };
    let pair = format!("`\"{}\": \"{value}\"`", trust.key(claim));
    let what = if claim == PROJECT_ID { ", the project's id" } else { "" };
    match trust.limits_on(claim).next() {
        Some(_) => format!("replace the value under `{operator}`: {pair}{what}"),
        None => format!("add to `{operator}`: {pair}{what}"),
    }
}
