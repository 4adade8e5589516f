//! A pattern that names the organization and allows any project of it.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        language::Holes,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
        subject_shape::{V1, V2},
    },
};

use super::{any_repository, no_project};

pub(super) static RULE: Rule = Rule {
    id: "whole-organization",
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
    if open {
        let of_whom = if trust.provider.is_github() {
            "repository of the owner"
        } else {
            "project of the organization"
        };
        let reason = format!("`{}` matches any {of_whom}", condition.values.join("`, `"));
        report.find(&RULE, PolicyLocation::condition(trust.index, condition), &reason, &fix);
    }
}

fn is_open_at_circleci(trust: &ProviderTrust<'_>) -> bool {
    let allows_any_project = |shape: &str| {
        trust.allows(&shape.replacen("project/#", "project/\u{1}", 1), Holes::AreNames).is_some()
    };
    !trust.limits(PROJECT_ID) && [V1, V2].into_iter().any(allows_any_project)
}
