//! A wildcard in the middle of an id.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        operator::Comparison,
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::Trust,
    },
};

pub(super) static RULE: Rule = Rule {
    id: "open-prefix",
    severity: Severity::Medium,
    title: "the pattern takes every id that begins so",
    why: "`project/P*` without a slash behind `P` takes all ids that begin with `P`, and whatever follows. Ids are meant whole.",
    mend: "close the id with a slash: `org/ORG/project/PROJECT/user/*`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
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
            let reason = format!("`{value}` has a wildcard behind the beginning of a name or id");
            let mend = if trust.provider.is_github() {
                "close the name with a colon: `repo:OWNER/REPOSITORY:…`"
            } else {
                RULE.mend
            };
            report.find(&RULE, Place::condition(trust.index, condition), &reason, mend);
        }
    }
}

/// Whether the organization or the project of a subject, or a project's id alone, goes on with a wildcard.
fn has_open_id(value: &str, is_id: bool) -> bool {
    let mut segments = value.split('/');
    if !is_id && !value.starts_with("org/") {
        return false;
    }
    let mut has = |index| segments.nth(index).is_some_and(goes_on);
    if is_id { has(0) } else { has(1) || has(1) }
}

/// Whether the owner or the repository of a GitHub subject goes on with a wildcard.
fn has_open_name(value: &str) -> bool {
    let Some((owner, rest)) = value.strip_prefix("repo:").and_then(|names| names.split_once('/')) else {
        return false;
    };
    let repository = rest.split(':').next().unwrap_or_default();
    [owner, repository].iter().any(|name| goes_on(name) && !name.contains("@*"))
}

fn goes_on(name: &str) -> bool {
    name.find('*').is_some_and(|at| at > 0)
}
