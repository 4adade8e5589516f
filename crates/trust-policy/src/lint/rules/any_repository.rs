//! GitHub's shared issuer, trusted for repositories of any owner.

use crate::lint::{
    condition::Condition,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    repository_scope::{Extent, Scope, limits},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "any-repository",
    since: "0.1.0",
    severity: Severity::Critical,
    title: "repositories of other owners can assume the role",
    why: "All of GitHub shares one issuer. Unless a condition on `sub` or on another claim fixes an owner, workflows of other owners can assume the role. Anyone can register an owner whose name matches a wildcard, choose the template of its subjects, and call any reusable workflow that is public. AWS has refused to save some of these policies since 2025 and still honours older ones.",
    fix: "name the owner and the repository in `sub`: `repo:OWNER/REPOSITORY:…`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    // An enterprise's own issuer signs for no others: `whole-organization`.
    let is_shared = trust.provider.is_github() && !trust.provider.is_github_enterprise();
    if !is_shared || trust.has_unknown_condition() || Scope::of(trust).owner == Extent::Fixed {
        return;
    }
    let replacement = format!("`\"{}\": \"repo:OWNER/REPOSITORY:…\"`", trust.key("sub"));
    let fix = match (limits(trust).next(), trust.subject_limit()) {
        (_, Some(_)) => format!("replace the value, so that it names owner and repository: {replacement}"),
        (Some((claim, _)), None) => {
            format!(
                "replace the value by a whole `{claim}`, without a wildcard, or add to `StringLike`: {replacement}"
            )
        }
        (None, None) => format!("add to `StringLike`: {replacement}"),
    };
    let Some((claim, condition)) = limits(trust).next() else {
        let reason = if trust.limits("job_workflow_ref") {
            "`job_workflow_ref` names a workflow, not who calls it: repositories of any owner can call a workflow of a public repository"
        } else {
            "no condition names an owner or a repository"
        };
        report.find(&RULE, PolicyLocation::statement(trust.index), reason, &fix);
        return;
    };
    report.find(&RULE, PolicyLocation::condition(condition), &reason(claim, condition), &fix);
}

/// The first value that leaves the owner open.
fn reason(claim: &str, condition: &Condition<'_>) -> String {
    let scopes =
        condition.marked_values().map(|(value, marked)| (value, Scope::of_value(claim, &marked).owner));
    let (value, extent) =
        scopes.into_iter().find(|(_, owner)| *owner != Extent::Fixed).unwrap_or(("", Extent::Open));
    match extent {
        Extent::Partly if claim == "sub" || claim == "repository" => {
            format!("`{value}` matches other owners too, and anyone can register one")
        }
        Extent::Partly => format!("`{value}` matches `{claim}` of others too"),
        Extent::Open | Extent::Fixed if claim == "sub" && value.contains("job_workflow_ref:") => format!(
            "`{value}` names a workflow, not who calls it: repositories of any owner can call a workflow of a public repository"
        ),
        Extent::Open | Extent::Fixed
            if claim == "sub" && !value.starts_with("repo") && !value.starts_with('*') =>
        {
            format!("`{value}` names no owner: a template gives repositories of any owner this subject")
        }
        Extent::Open | Extent::Fixed => format!("`{value}` matches repositories of any owner"),
    }
}
