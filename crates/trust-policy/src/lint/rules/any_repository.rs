//! GitHub's shared issuer, trusted for repositories of any owner.

use crate::lint::{
    language::Holes,
    provider_trust::ProviderTrust,
    report::Report,
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "any-repository",
    since: "0.1.0",
    severity: Severity::Critical,
    title: "every repository on GitHub can assume the role",
    why: "All of GitHub shares one issuer. Unless a condition on `sub` or on another claim names an owner, every workflow on GitHub can assume the role. AWS has refused to save such a policy since 2025 and still honours older ones.",
    fix: "add `StringLike` on `sub`: `repo:OWNER/REPOSITORY:…`",
};

/// Claims other than `sub` that bind a token to an owner.
const OWNERS: [&str; 5] =
    ["job_workflow_ref", "repository", "repository_id", "repository_owner_id", "enterprise_id"];

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if trust.provider.is_github() && !trust.has_unknown_condition() && is_open(trust) {
        let reason = match trust.subject_limit() {
            Some(condition) => {
                format!("`{}` matches repositories of any owner", condition.values.join("`, `"))
            }
            None => "no condition names an owner or a repository".to_owned(),
        };
        let fix = format!("add to `StringLike`: `\"{}\": \"repo:OWNER/REPOSITORY:…\"`", trust.key("sub"));
        report.find(&RULE, trust.subject_location(), &reason, &fix);
    }
}

/// Whether a repository of any owner is allowed.
pub(super) fn is_open(trust: &ProviderTrust<'_>) -> bool {
    // A template may change the form of a subject, so only a pattern that begins with a wildcard matches every owner.
    let by_subject = trust
        .subject_limit()
        .is_none_or(|_| trust.allows("repo:\u{1}%", Holes::AreNames).is_some() || !trust.limits("sub"));
    by_subject && !OWNERS.iter().any(|claim| trust.limits(claim))
}

/// Whether no claim other than `sub` limits the repository.
pub(super) fn names_no_repository(trust: &ProviderTrust<'_>) -> bool {
    !["repository", "repository_id", "job_workflow_ref"].iter().any(|claim| trust.limits(claim))
}

/// Whether every repository of an owner is allowed. GitHub escapes `:` in the part after the name.
pub(super) fn allows_any_of_an_owner(trust: &ProviderTrust<'_>) -> bool {
    ["pull_request", "environment:&", "ref:refs/&"]
        .iter()
        .any(|context| trust.allows(&format!("repo:#/\u{1}:{context}"), Holes::AreNames).is_some())
}
