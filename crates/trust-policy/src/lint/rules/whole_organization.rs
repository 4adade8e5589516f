//! A pattern that names the organization and allows any project of it.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        condition::Condition,
        language::Holes,
        provider::Kind,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        repository_scope::{Extent, Scope, limits},
        rule::{Rule, Severity},
        subject_shape::{V1, V2, with_origins},
    },
};

use super::{no_project, pull_request::names_workflow, root_issuer::allows_other_organizations};

pub(super) static RULE: Rule = Rule {
    id: "whole-organization",
    since: "0.1.0",
    severity: Severity::High,
    title: "the pattern matches any project or repository of the organization",
    why: "`org/ORG/*`, `org/ORG/project/*/…` and GitHub's `repo:OWNER/*` match everything that the organization has and will have, and so does a condition on GitHub's owner alone. A wildcard matches slashes too.",
    fix: "name the project or the repository",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if trust.provider.is_github() {
        check_owner(trust, report);
    } else if trust.provider.is_organization()
        || trust.provider.kind == Kind::CircleCiRoot && !allows_other_organizations(trust)
    {
        check_organization(trust, report);
    }
}

fn check_organization(trust: &ProviderTrust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject_limit().or_else(|| trust.limits_on(PROJECT_ID).next()) else {
        return;
    };
    if is_open_at_circleci(trust) {
        let reason = format!("`{}` matches any project of the organization", condition.values.join("`, `"));
        report.find(&RULE, PolicyLocation::condition(condition), &reason, &no_project::fix(trust));
    } else if !trust.has_unknown_condition() && is_open_for_a_repository(trust) {
        let text = "any project of the organization that builds this repository is allowed";
        report.remark(PolicyLocation::condition(condition), text);
    }
}

/// GitHub's owners, of one or more organizations or an enterprise.
fn check_owner(trust: &ProviderTrust<'_>, report: &mut Report) {
    let scope = Scope::of(trust);
    let is_enterprise = trust.provider.is_github_enterprise();
    let is_open = match scope.owner {
        Extent::Fixed => scope.name == Extent::Open,
        Extent::Open | Extent::Partly => is_enterprise,
    };
    if !is_open || trust.has_unknown_condition() {
        return;
    }
    let first = limits(trust).next();
    let location =
        first.map_or(PolicyLocation::statement(trust.index), |(_, one)| PolicyLocation::condition(one));
    if scope.owner == Extent::Fixed && names_workflow(trust) {
        let text = "any repository of the owner that calls this workflow is allowed";
        report.remark(location, text);
        return;
    }
    let claim = first.map_or("", |(claim, _)| claim);
    let reason = match first {
        // A condition on a key that AWS does not have allows nothing.
        Some(("repository_owner", _)) => return,
        Some(("sub" | "repository", condition)) => {
            let whose =
                if scope.owner == Extent::Fixed { "the owner" } else { "other owners of the enterprise" };
            format!("`{}` matches any repository of {whose}", condition.values.join("`, `"))
        }
        _ if scope.owner != Extent::Fixed => "no condition names an owner of the enterprise".to_owned(),
        Some(("enterprise_id", _)) => {
            "`enterprise_id` alone allows any repository of the enterprise".to_owned()
        }
        _ => "the owner's id alone allows any repository of the owner".to_owned(),
    };
    let fix = match (claim, trust.subject_limit()) {
        ("sub", _) => "write `repo:OWNER/REPOSITORY:…` with the repository's name".to_owned(),
        (_, Some(_)) => "name the repository in `sub`: `repo:OWNER/REPOSITORY:…`".to_owned(),
        _ => format!("add to `StringLike`: `\"{}\": \"repo:OWNER/REPOSITORY:…\"`", trust.key("sub")),
    };
    report.find(&RULE, location, &reason, &fix);
}

/// Whether another project is allowed, and not because it builds a named repository.
fn is_open_at_circleci(trust: &ProviderTrust<'_>) -> bool {
    let origins = ["\u{1}/#/#", "#/\u{1}/#", "#/#/\u{1}"];
    let mut shapes = with_origins(&origins).chain([V1.to_owned()]);
    !names_project(trust) && shapes.any(|shape| allows_any_project(trust, &shape))
}

/// Whether another project is allowed if it builds the repository that `sub` names.
fn is_open_for_a_repository(trust: &ProviderTrust<'_>) -> bool {
    !names_project(trust) && allows_any_project(trust, V2)
}

/// Any id; the second is the form of a UUID.
const ANY: [&str; 2] = ["\u{1}", "\u{1}-\u{1}-\u{1}-\u{1}-\u{1}"];

/// Whether a condition on the project's id allows some ids only.
fn names_project(trust: &ProviderTrust<'_>) -> bool {
    let allows = |condition: &Condition<'_>, id: &str| condition.matching_text(id, Holes::AreNames).is_some();
    trust.limits_on(PROJECT_ID).any(|condition| !ANY.iter().any(|id| allows(condition, id)))
}

fn allows_any_project(trust: &ProviderTrust<'_>, shape: &str) -> bool {
    ANY.iter().any(|any| {
        let shape = shape.replacen("project/#", &format!("project/{any}"), 1);
        trust.allows(&shape, Holes::AreNames).is_some()
    })
}
