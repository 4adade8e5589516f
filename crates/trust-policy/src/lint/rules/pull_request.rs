//! Code that nobody has merged yet.

use crate::lint::{
    language::Holes,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

use super::any_repository;

pub(super) static RULE: Rule = Rule {
    id: "pull-request",
    severity: Severity::Medium,
    title: "workflows of pull requests are let in",
    why: "`repo:OWNER/REPOSITORY:*` takes `…:pull_request` too, so code gets the role that nobody has reviewed.",
    mend: "name what may: `repo:OWNER/REPOSITORY:environment:NAME`, or `…:ref:refs/heads/main`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let is_limited = ["ref", "environment", "job_workflow_ref"].iter().any(|claim| trust.limits(claim));
    let takes = |shape| trust.lets_in(shape, Holes::AreNames).is_some();
    // Where any repository is let in, that is the fault to mend.
    let is_broader = any_repository::is_open(trust)
        || (any_repository::names_no_repository(trust) && any_repository::lets_in_any_of_an_owner(trust));
    if !trust.provider.is_github() || trust.may_ask_more() || is_limited || is_broader {
        return;
    }
    if takes("repo:#/#:pull_request") {
        let place = match trust.subject() {
            Some(condition) => Place::condition(trust.index, condition),
            None => Place::statement(trust.index),
        };
        report.find(&RULE, place, "`repo:OWNER/REPOSITORY:pull_request` is let in", RULE.mend);
    }
}
