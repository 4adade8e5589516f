//! GitHub's ids as wildcards.

use crate::lint::{
    operator::Comparison,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "id-wildcard",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "a wildcard stands for an id, so the name alone counts",
    why: "`repo:OWNER@ID/REPOSITORY@ID:…` is immutable because of its ids: a name can be registered again by another owner, an id cannot. `OWNER@*` matches whoever has the name.",
    fix: "write both ids: `repo:OWNER@OWNER-ID/REPOSITORY@REPOSITORY-ID:…`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let has_id = ["repository_id", "repository_owner_id"].iter().any(|claim| trust.limits(claim));
    if !trust.provider.is_github() || has_id {
        return;
    }
    let patterns =
        trust.limits_on("sub").filter(|condition| condition.operator.comparison == Comparison::Like);
    for condition in patterns {
        if let Some(value) = condition.values.iter().find(|value| has_open_id(value)) {
            let reason =
                format!("`{value}` matches every owner and repository with these names, whatever their ids");
            report.find(&RULE, PolicyLocation::condition(condition), &reason, RULE.fix);
        }
    }
}

/// Whether the id of the owner or of the repository has a wildcard.
fn has_open_id(value: &str) -> bool {
    let names = value.strip_prefix("repo:").and_then(|names| names.split(':').next()).unwrap_or_default();
    names.split('/').any(|name| name.split_once('@').is_some_and(|(_, id)| id.contains(['*', '?'])))
}
