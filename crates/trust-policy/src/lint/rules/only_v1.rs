//! A pattern on `sub` that matches only one of a job's two tokens, V1 and V2.

use crate::{
    lint::{
        language::Holes,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
        subject_shape::{V1, V2},
    },
    uuid,
};

pub(super) static RULE: Rule = Rule {
    id: "only-v1",
    since: "0.1.0",
    severity: Severity::Low,
    title: "the V2 token does not match the pattern",
    why: "A job has two tokens. In `sub` of CIRCLE_OIDC_TOKEN_V2 the user is followed by `/vcs-origin/…/vcs-ref/…`; a value that ends at the user matches only CIRCLE_OIDC_TOKEN. This is the most frequent cause of `AccessDenied` after a change of tools.",
    fix: "add the V2 value: `…/user/USER/vcs-origin/HOST/OWNER/REPOSITORY/vcs-ref/refs/heads/BRANCH`; `…/user/*` or the project alone would allow every user, branch and tag of the project, and forks that get tokens",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject_limit().filter(|_| trust.provider.is_circleci()) else { return };
    if condition.misreads_wildcards() {
        return;
    }
    let matches = |shape: &str| trust.allows(shape, Holes::AreAnything).is_some();
    // A real user's id is longer than the shortest text in a `#`: so many `?` fit a short subject of V2, too.
    let of_user = |shape: &str| shape.replacen("user/#", &format!("user/{}", "#".repeat(uuid::LENGTH)), 1);
    let matches_v2 = matches(&of_user(V2)) || matches(V2) && !matches(&of_user(V1));
    match (matches(V1), matches_v2) {
        (true, false) => {
            let reason = "the value ends at the user, where `sub` of CIRCLE_OIDC_TOKEN_V2 continues";
            report.find(&RULE, PolicyLocation::condition(condition), reason, RULE.fix);
        }
        (false, true) => {
            let text = "only V2 tokens match this `sub`: not CIRCLE_OIDC_TOKEN, and no token of a job that a custom webhook started";
            report.remark(PolicyLocation::condition(condition), text);
        }
        (true, true) | (false, false) => {}
    }
}
