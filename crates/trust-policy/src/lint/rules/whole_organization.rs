//! A pattern that names the organization and leaves the project open.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        language::Holes,
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::Trust,
    },
};

use super::{any_repository, no_project};

pub(super) static RULE: Rule = Rule {
    id: "whole-organization",
    severity: Severity::High,
    title: "the pattern takes any project or repository of the organization",
    why: "`org/ORG/*`, `org/ORG/project/*/…` and GitHub's `repo:OWNER/*` let in everything that the organization has and will have. A wildcard crosses slashes.",
    mend: "name the project or the repository",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject().or_else(|| trust.limits_on(PROJECT_ID).next()) else { return };
    let (open, mend) = if trust.provider.is_organization() {
        (is_open_at_circleci(trust), no_project::mend(trust))
    } else if trust.provider.is_github() {
        let open = any_repository::names_no_repository(trust)
            && any_repository::lets_in_any_of_an_owner(trust)
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
        let reason = format!("`{}` takes any {of_whom}", condition.values.join("`, `"));
        report.find(&RULE, Place::condition(trust.index, condition), &reason, &mend);
    }
}

fn is_open_at_circleci(trust: &Trust<'_>) -> bool {
    let shapes = ["org/#/project/\u{1}/user/#", "org/#/project/\u{1}/user/#/vcs-origin/%/vcs-ref/refs/%"];
    !trust.limits(PROJECT_ID) && shapes.iter().any(|shape| trust.lets_in(shape, Holes::AreNames).is_some())
}
