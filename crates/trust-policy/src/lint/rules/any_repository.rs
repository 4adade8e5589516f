//! GitHub's shared issuer, trusted whoever's repository it is.

use crate::lint::{
    language::Holes,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "any-repository",
    severity: Severity::Critical,
    title: "every repository on GitHub can assume the role",
    why: "All of GitHub shares one issuer. Without a condition on `sub`, or one that names an owner, a workflow of anybody's has the role. AWS refuses to save such a policy since 2025 and still honours older ones.",
    mend: "add `StringLike` on `sub`: `repo:OWNER/REPOSITORY:…`",
};

/// Claims beside `sub` that tie a token to an owner.
const OWNERS: [&str; 5] =
    ["job_workflow_ref", "repository", "repository_id", "repository_owner_id", "enterprise_id"];

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if trust.provider.is_github() && !trust.may_ask_more() && is_open(trust) {
        let (place, reason) = match trust.subject() {
            Some(condition) => (
                Place::condition(trust.index, condition),
                format!("`{}` takes repositories of any owner", condition.values.join("`, `")),
            ),
            None => (Place::statement(trust.index), "no condition names an owner or a repository".to_owned()),
        };
        let mend = format!("add to `StringLike`: `\"{}\": \"repo:OWNER/REPOSITORY:…\"`", trust.key("sub"));
        report.find(&RULE, place, &reason, &mend);
    }
}

/// Whether a stranger's repository is let in.
pub(super) fn is_open(trust: &Trust<'_>) -> bool {
    // A subject may be made after a template, so only one that begins with a wildcard takes every owner's.
    let by_subject = trust
        .subject()
        .is_none_or(|_| trust.lets_in("repo:\u{1}%", Holes::AreNames).is_some() || !trust.limits("sub"));
    by_subject && !OWNERS.iter().any(|claim| trust.limits(claim))
}

/// Whether only `sub` can say which repository.
pub(super) fn names_no_repository(trust: &Trust<'_>) -> bool {
    !["repository", "repository_id", "job_workflow_ref"].iter().any(|claim| trust.limits(claim))
}

/// Whether an owner's repository of any name is let in. GitHub escapes `:` in what follows the name.
pub(super) fn lets_in_any_of_an_owner(trust: &Trust<'_>) -> bool {
    ["pull_request", "environment:&", "ref:refs/&"]
        .iter()
        .any(|context| trust.lets_in(&format!("repo:#/\u{1}:{context}"), Holes::AreNames).is_some())
}
