//! The token of audit-log streaming, which belongs to no job.

use crate::{
    claim_keys::PROJECT_ID,
    lint::{
        language::Holes,
        provider_trust::ProviderTrust,
        report::Report,
        rule::{Rule, Severity},
        subject_shape::AUDIT_LOG,
    },
};

use super::no_project;

pub(super) static RULE: Rule = Rule {
    id: "audit-log",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "the token of audit-log streaming is allowed",
    why: "CircleCI streams audit logs with a token of the same issuer and audience; its `sub` is `org/ORG/file-streaming/audit-logs`. The token belongs to no job and has no project.",
    fix: "name the project",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if !trust.provider.is_organization() || trust.has_unknown_condition() {
        return;
    }
    // The token has no project, so any limit on the project excludes it.
    let has_project = trust.limits_on(PROJECT_ID).next().is_some();
    if !has_project && trust.allows(AUDIT_LOG, Holes::AreNames).is_some() {
        let reason = "`org/ORG/file-streaming/audit-logs`, the subject of audit-log streaming, is allowed";
        report.find(&RULE, trust.subject_location(), reason, &no_project::fix(trust));
    }
}
