//! A pattern that names the organization and allows any project of it.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        language::Holes,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
        subject_shape::{V1, V2, with_origins},
    },
};

use super::{any_repository, no_project};

pub(super) static RULE: Rule = Rule {
    id: "whole-organization",
    since: "0.1.0",
    severity: Severity::High,
    title: "the pattern matches any project or repository of the organization",
    why: "`org/ORG/*`, `org/ORG/project/*/…` and GitHub's `repo:OWNER/*` match everything that the organization has and will have. A wildcard matches slashes too.",
    fix: "name the project or the repository",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject_limit().or_else(|| trust.limits_on(PROJECT_ID).next()) else {
        return;
    };
    let (open, fix) = if trust.provider.is_organization() {
        (is_open_at_circleci(trust), no_project::fix(trust))
    } else if trust.provider.is_github() {
        let open = any_repository::names_no_repository(trust)
            && any_repository::allows_any_of_an_owner(trust)
            && !any_repository::is_open(trust);
        (open, "write `repo:OWNER/REPOSITORY:…` with the repository's name".to_owned())
    } else {
        return;
    };
    if !open
        && trust.provider.is_organization()
        && !trust.has_unknown_condition()
        && is_open_for_a_repository(trust)
    {
        let text = "any project of the organization that builds this repository is allowed";
        report.remark(PolicyLocation::condition(condition), text);
    }
    if open {
        let of_whom = if trust.provider.is_github() {
            "repository of the owner"
        } else {
            "project of the organization"
        };
        let reason = format!("`{}` matches any {of_whom}", condition.values.join("`, `"));
        report.find(&RULE, PolicyLocation::condition(condition), &reason, &fix);
    }
}

/// Whether another project is allowed, and not because it builds a named repository.
fn is_open_at_circleci(trust: &ProviderTrust<'_>) -> bool {
    let origins = ["\u{1}/#/#", "#/\u{1}/#", "#/#/\u{1}"];
    let mut shapes = with_origins(&origins).chain([V1.to_owned()]);
    !trust.limits(PROJECT_ID) && shapes.any(|shape| allows_any_project(trust, &shape))
}

/// Whether another project is allowed if it builds the repository that `sub` names.
fn is_open_for_a_repository(trust: &ProviderTrust<'_>) -> bool {
    !trust.limits(PROJECT_ID) && allows_any_project(trust, V2)
}

fn allows_any_project(trust: &ProviderTrust<'_>, shape: &str) -> bool {
    trust.allows(&shape.replacen("project/#", "project/\u{1}", 1), Holes::AreNames).is_some()
}
