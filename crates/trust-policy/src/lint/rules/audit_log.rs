//! A token that no job has: the stream of audit logs.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        language::Holes,
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::Trust,
    },
};

use super::no_project;

pub(super) static RULE: Rule = Rule {
    id: "audit-log",
    severity: Severity::Medium,
    title: "the token of audit-log streaming is let in",
    why: "CircleCI streams audit logs with a token of the same issuer and audience, whose `sub` is `org/ORG/file-streaming/audit-logs`. It is no job's, and has no project.",
    mend: "name the project",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if !trust.provider.is_organization() || trust.may_ask_more() {
        return;
    }
    // The token has no project, so any limit on it keeps the token out.
    let has_project = trust.limits_on(PROJECT_ID).next().is_some();
    if !has_project && trust.lets_in("org/#/file-streaming/audit-logs", Holes::AreNames).is_some() {
        let place = match trust.subject() {
            Some(condition) => Place::condition(trust.index, condition),
            None => Place::statement(trust.index),
        };
        let reason = "`org/ORG/file-streaming/audit-logs`, the subject of audit-log streaming, is let in";
        report.find(&RULE, place, reason, &no_project::mend(trust));
    }
}
