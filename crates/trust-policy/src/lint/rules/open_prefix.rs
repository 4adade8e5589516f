//! A wildcard inside an id or a name.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        operator::Comparison,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "open-prefix",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "the pattern matches every id with this beginning",
    why: "`project/P*` without a slash after `P` matches all ids that begin with `P`, and whatever follows. An id is meant as a whole.",
    fix: "write the id in full and keep what follows it: `org/ORG/project/PROJECT/…`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let subjects = trust.limits_on("sub").chain(trust.limits_on(PROJECT_ID));
    for condition in subjects.filter(|condition| condition.operator.comparison == Comparison::Like) {
        let open = condition.values.iter().find(|value| {
            if trust.provider.is_circleci() {
                has_open_id(value, condition.is_on(PROJECT_ID))
            } else {
                trust.provider.is_github() && has_open_name(value)
            }
        });
        if let Some(value) = open {
            let reason = format!("`{value}` has a wildcard after the beginning of a name or id");
            let fix = if trust.provider.is_github() {
                "write the name in full and keep what follows it: `repo:OWNER/REPOSITORY:…`"
            } else {
                RULE.fix
            };
            report.find(&RULE, PolicyLocation::condition(condition), &reason, fix);
        }
    }
}

/// Whether the organization or the project of a subject, or a project's id alone, has a wildcard after its beginning.
fn has_open_id(value: &str, is_id: bool) -> bool {
    let mut segments = value.split('/');
    if !is_id && !value.starts_with("org/") {
        return false;
    }
    let mut has = |index| segments.nth(index).is_some_and(has_open_end);
    if is_id { has(0) } else { has(1) || has(1) }
}

/// Whether the owner or the repository of a GitHub subject has a wildcard after its beginning.
fn has_open_name(value: &str) -> bool {
    let Some((owner, rest)) = value.strip_prefix("repo:").and_then(|names| names.split_once('/')) else {
        return false;
    };
    let repository = rest.split(':').next().unwrap_or_default();
    // `id-wildcard` is about what follows the `@`.
    [owner, repository].iter().filter_map(|name| name.split('@').next()).any(has_open_end)
}

fn has_open_end(name: &str) -> bool {
    name.find('*').is_some_and(|at| at > 0)
}
