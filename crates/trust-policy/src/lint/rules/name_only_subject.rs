//! GitHub's subjects that contain ids.

use crate::lint::{
    language::Holes,
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    repository_scope::has_id,
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "name-only-subject",
    since: "0.1.0",
    severity: Severity::Low,
    title: "subjects with ids do not match the pattern",
    why: "Repositories that were created, renamed or transferred after 2026-07-15 have `repo:OWNER@ID/REPOSITORY@ID:…` as `sub`, which a pattern of names alone does not match. A pattern of names alone also matches the next owner who registers the name.",
    fix: "write `repo:OWNER@OWNER-ID/REPOSITORY@REPOSITORY-ID:…`, or add `repository_id` beside the name",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject_limit().filter(|_| trust.provider.kind == Kind::GitHub) else {
        return;
    };
    let matches = |shape| trust.allows(shape, Holes::AreAnything).is_some();
    if matches("repo:#/#:%") && !matches("repo:#@#/#@#:%") && !has_id(trust) {
        let reason = format!("`{}` matches only subjects without ids", condition.values.join("`, `"));
        report.find(&RULE, PolicyLocation::condition(condition), &reason, RULE.fix);
    }
}
