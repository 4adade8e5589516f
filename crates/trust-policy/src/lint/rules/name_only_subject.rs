//! GitHub's subjects with ids in them.

use crate::lint::{
    language::Holes,
    provider::Kind,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "name-only-subject",
    severity: Severity::Low,
    title: "subjects with ids don't meet the pattern",
    why: "Repositories that were made, renamed or transferred after 2026-07-15 have `repo:OWNER@ID/REPOSITORY@ID:…` as `sub`, which a pattern of names alone doesn't take. A name alone also passes on to whoever registers it next.",
    mend: "write `repo:OWNER@OWNER-ID/REPOSITORY@REPOSITORY-ID:…`, or add `repository_id` beside the name",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject().filter(|_| trust.provider.kind == Kind::GitHub) else { return };
    let takes = |shape| trust.lets_in(shape, Holes::AreAnything).is_some();
    let has_id = ["repository_id", "repository_owner_id"].iter().any(|claim| trust.limits(claim));
    if takes("repo:#/#:%") && !takes("repo:#@#/#@#:%") && !has_id {
        let reason = format!("`{}` takes subjects without ids only", condition.values.join("`, `"));
        report.find(&RULE, Place::condition(trust.index, condition), &reason, RULE.mend);
    }
}
