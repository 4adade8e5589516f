//! GitHub's ids as wildcards.

use crate::lint::{
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    repository_scope::has_id,
    rule::{Rule, Severity},
    variable::WILDCARD,
};

pub(super) static RULE: Rule = Rule {
    id: "id-wildcard",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "a wildcard stands for an id, so the name alone counts",
    why: "`repo:OWNER@ID/REPOSITORY@ID:…` is immutable because of its ids: a name can be registered again by another owner, an id cannot. `OWNER@*` matches whoever has the name, and `OWNER@1*` whoever has it and an id that begins so.",
    fix: "write both ids: `repo:OWNER@OWNER-ID/REPOSITORY@REPOSITORY-ID:…`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if !trust.provider.is_github() || has_id(trust) {
        return;
    }
    for condition in trust.limits_on("sub") {
        let reason = condition.marked_values().find_map(|(value, marked)| {
            let which = match open_ids(&marked) {
                (true, true) => "both ids, so owner and repository count by their names",
                (true, false) => "the owner's id, so the owner counts by its name",
                (false, true) => "the repository's id, so the repository counts by its name",
                (false, false) => return None,
            };
            Some(format!("`{value}` has a wildcard in {which}"))
        });
        if let Some(reason) = reason {
            report.find(&RULE, PolicyLocation::condition(condition), &reason, RULE.fix);
        }
    }
}

/// Whether the id of the owner has a wildcard, and whether that of the repository has.
fn open_ids(marked: &str) -> (bool, bool) {
    let names = marked.strip_prefix("repo:").and_then(|names| names.split(':').next()).unwrap_or_default();
    let (owner, repository) = names.split_once('/').unwrap_or((names, ""));
    let is_open = |name: &str| name.split_once('@').is_some_and(|(_, id)| id.contains(WILDCARD));
    (is_open(owner), is_open(repository))
}
