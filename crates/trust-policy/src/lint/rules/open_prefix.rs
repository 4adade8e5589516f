//! A wildcard inside an id or a name.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        repository_scope::{Extent, Scope},
        rule::{Rule, Severity},
        variable::WILDCARD,
    },
};

pub(super) static RULE: Rule = Rule {
    id: "open-prefix",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "the pattern matches every id or name of this form",
    why: "`project/P*` without a slash after `P` matches all ids that begin with `P`, and whatever follows. The same holds for a pattern on `oidc.circleci.com/project-id`. An id is meant as a whole.",
    fix: "write the id in full and keep what follows it: `org/ORG/project/PROJECT/…`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let claims: &[&str] = match () {
        () if trust.provider.is_circleci() => &["sub", PROJECT_ID],
        () if trust.provider.is_github() && Scope::of(trust).name != Extent::Fixed => &["sub", "repository"],
        () => return,
    };
    for (claim, condition) in
        claims.iter().flat_map(|claim| trust.limits_on(claim).map(move |one| (*claim, one)))
    {
        let is_open = |marked: &str| match claim {
            "sub" if trust.provider.is_circleci() => has_open_id(marked),
            PROJECT_ID => is_partly_open(marked),
            // Where owners are open, `any-repository` reports it.
            _ => Scope::of_value(claim, marked) == Scope { owner: Extent::Fixed, name: Extent::Partly },
        };
        let Some((value, _)) = condition.marked_values().find(|(_, marked)| is_open(marked)) else {
            continue;
        };
        let reason = format!("`{value}` has a wildcard beside a part of a name or id");
        let fix = match claim {
            "sub" if trust.provider.is_circleci() => RULE.fix,
            "sub" => "write the name in full and keep what follows it: `repo:OWNER/REPOSITORY:…`",
            PROJECT_ID => "write the project's id in full, one value for each project",
            _ => "write the repository's name in full: `OWNER/REPOSITORY`",
        };
        report.find(&RULE, PolicyLocation::condition(condition), &reason, fix);
    }
}

/// Whether the organization or the project of a subject has a wildcard beside a part of its id.
fn has_open_id(marked: &str) -> bool {
    let mut segments = marked.split('/');
    if segments.next() != Some("org") {
        return false;
    }
    let mut is_open = |index| segments.nth(index).is_some_and(is_partly_open);
    is_open(0) || is_open(1)
}

/// Signs for every character of an id, with its hyphens, leave it open as a whole.
fn is_partly_open(id: &str) -> bool {
    id.contains(WILDCARD) && id.contains(|character| character != WILDCARD && character != '-')
}
