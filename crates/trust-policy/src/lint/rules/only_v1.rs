//! V1 and V2: which of a job's two tokens a pattern on `sub` can take.

use crate::lint::{
    language::Holes,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "only-v1",
    severity: Severity::Low,
    title: "the V2 token doesn't meet the pattern",
    why: "A job has two tokens. `sub` of `CIRCLE_OIDC_TOKEN_V2` goes on behind the user with `/vcs-origin/…/vcs-ref/…`; a value that ends at the user takes `CIRCLE_OIDC_TOKEN` alone. It is the most frequent reason for `AccessDenied` after a change of tools.",
    mend: "limit the project by `oidc.circleci.com/project-id`, or end the pattern in `/user/*`",
};

/// `sub` of `CIRCLE_OIDC_TOKEN`, and of both tokens where a custom webhook has started the job.
pub(super) const V1: &str = "org/#/project/#/user/#";
/// `sub` of `CIRCLE_OIDC_TOKEN_V2`.
pub(super) const V2: &str = "org/#/project/#/user/#/vcs-origin/%/vcs-ref/refs/%";

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject().filter(|_| trust.provider.is_circleci()) else { return };
    if condition.misreads_wildcards() {
        return;
    }
    let takes = |shape| trust.lets_in(shape, Holes::AreAnything).is_some();
    match (takes(V1), takes(V2)) {
        (true, false) => {
            let reason = "the value ends at the user, where `sub` of `CIRCLE_OIDC_TOKEN_V2` goes on";
            report.find(&RULE, Place::condition(trust.index, condition), reason, RULE.mend);
        }
        (false, true) => {
            let text = "only V2 tokens meet this `sub`: not `CIRCLE_OIDC_TOKEN`, and no job that a custom webhook started";
            report.remark(Place::condition(trust.index, condition), text);
        }
        (true, true) | (false, false) => {}
    }
}
