//! Workflows that run code of an unmerged pull request.

use crate::lint::{
    language::Holes,
    provider_trust::ProviderTrust,
    report::Report,
    rule::{Rule, Severity},
};

use super::any_repository;

pub(super) static RULE: Rule = Rule {
    id: "pull-request",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "workflows of pull requests are allowed",
    why: "`repo:OWNER/REPOSITORY:*` matches `…:pull_request` too, so unreviewed code can assume the role.",
    fix: "name what may assume the role: `repo:OWNER/REPOSITORY:environment:NAME`, or `…:ref:refs/heads/main`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let is_limited = ["ref", "environment", "job_workflow_ref"].iter().any(|claim| trust.limits(claim));
    let matches = |shape| trust.allows(shape, Holes::AreNames).is_some();
    // If any repository is allowed, another rule reports it.
    let is_broader = any_repository::is_open(trust)
        || (any_repository::names_no_repository(trust) && any_repository::allows_any_of_an_owner(trust));
    if !trust.provider.is_github() || trust.has_unknown_condition() || is_limited || is_broader {
        return;
    }
    if matches("repo:#/#:pull_request") {
        report.find(
            &RULE,
            trust.subject_location(),
            "`repo:OWNER/REPOSITORY:pull_request` is allowed",
            RULE.fix,
        );
    }
}
