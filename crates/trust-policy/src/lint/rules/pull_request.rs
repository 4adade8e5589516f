//! Workflows that run code of an unmerged pull request.

use crate::lint::{
    condition::Condition,
    denial::{Exclusion, exclusion},
    language::Holes,
    provider_trust::ProviderTrust,
    report::Report,
    repository_scope::{Extent, Scope},
    rule::{Rule, Severity},
    variable::WILDCARD,
};

pub(super) static RULE: Rule = Rule {
    id: "pull-request",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "workflows of pull requests are allowed",
    why: "`repo:OWNER/REPOSITORY:*` matches `…:pull_request` too, so unreviewed code can assume the role. A wildcard in the name of an environment does the same: a job of a pull request may name an environment that does not exist yet, and GitHub then creates it without any rule.",
    fix: "name what may assume the role: `repo:OWNER/REPOSITORY:ref:refs/heads/main`, or `…:environment:NAME`, and limit the environment's deployment branches in GitHub, because a job of a pull request can name it too",
};

const OF_PULL_REQUEST: &str = "repo:#/#:pull_request";
const OF_ANY_ENVIRONMENT: &str = "repo:#/#:environment:^";

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    // If any repository is allowed, another rule reports it.
    let scope = Scope::of(trust);
    let is_broader = scope.owner != Extent::Fixed || scope.name == Extent::Open;
    if !trust.provider.is_github() || trust.has_unknown_condition() || is_broader || is_limited(trust) {
        return;
    }
    let is_allowed = |shape| {
        let subject = trust.allows(shape, Holes::AreNames);
        subject.is_some_and(|subject| matches!(exclusion(trust, &subject), Exclusion::Missing))
    };
    // With a condition on the environment's name, the job has one.
    let has_environment =
        trust.limits_on("environment").any(|condition| !condition.operator.holds_when_absent());
    let reason = if !has_environment && is_allowed(OF_PULL_REQUEST) {
        "`repo:OWNER/REPOSITORY:pull_request` is allowed"
    } else if is_allowed(OF_ANY_ENVIRONMENT) {
        "a new environment is allowed, which a job of a pull request can name: GitHub creates it then"
    } else {
        return;
    };
    report.find(&RULE, trust.subject_location(), reason, RULE.fix);
}

/// Whether a claim beside `sub` excludes jobs of pull requests, or limits what they can do: to environments by their
/// names, whose rules are a setting of GitHub's, or to an owner's workflows as they are on other refs.
fn is_limited(trust: &ProviderTrust<'_>) -> bool {
    let requires = |claim, excludes: fn(&Condition<'_>) -> bool| {
        trust.limits_on(claim).any(|condition| !condition.operator.holds_when_absent() && excludes(condition))
    };
    requires("ref", |condition| !allows(condition, "refs/pull/#/merge"))
        || requires("environment", |condition| {
            condition.marked_values().all(|(_, name)| !name.contains(WILDCARD))
        })
        || names_workflow(trust)
}

/// Whether the job is one of an owner's reusable workflow, as it is on another ref than a pull request's.
pub(super) fn names_workflow(trust: &ProviderTrust<'_>) -> bool {
    trust.limits_on("job_workflow_ref").any(|condition| {
        let mut workflows = condition.marked_values();
        !condition.operator.holds_when_absent() && workflows.all(|(_, workflow)| is_reviewed(&workflow))
    })
}

/// Whether a workflow is an owner's, and not of a pull request's ref.
fn is_reviewed(marked: &str) -> bool {
    let Some((path, git_ref)) = marked.split_once('@') else { return !marked.contains(WILDCARD) };
    let start = git_ref.split(WILDCARD).next().unwrap_or_default();
    let is_of_pull_request =
        start.starts_with(PULLS) || git_ref.contains(WILDCARD) && PULLS.starts_with(start);
    !is_of_pull_request && Scope::of_value("workflow_ref", path).owner == Extent::Fixed
}

/// The beginning of the refs of pull requests.
const PULLS: &str = "refs/pull/";

fn allows(condition: &Condition<'_>, shape: &str) -> bool {
    condition.matching_text(shape, Holes::AreNames).is_some()
}
