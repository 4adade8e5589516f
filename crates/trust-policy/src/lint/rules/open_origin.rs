//! A branch or tag of any repository: forks have branches of the same name.

use crate::lint::{
    condition::Condition,
    language::{HOLE, Holes},
    operator::Comparison,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
    subject_shape,
};

pub(super) static RULE: Rule = Rule {
    id: "open-origin",
    since: "0.1.0",
    severity: Severity::High,
    title: "a fork's branch of the same name is allowed",
    why: "`vcs-origin/*/vcs-ref/refs/heads/main` and `github.com/*/shop` name a ref and leave the repository's owner open. A fork has branches of the same names, and builds in the project if the project builds forks. With secrets passed to forks, its jobs have tokens.",
    fix: "name the repository: `/vcs-origin/HOST/OWNER/REPOSITORY/vcs-ref/…`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject_limit().filter(|_| trust.provider.is_circleci()) else { return };
    if trust.has_unknown_condition() || !names_ref(trust) {
        return;
    }
    let values = trust.limits_on("sub").flat_map(|condition| condition.values);
    if values.filter_map(|value| origin(value)).any(|origin| origin.contains(HOLE)) {
        return;
    }
    let other_owner = subject_shape::with_origins(&["\u{1}/#/#", "#/\u{1}/#"])
        .filter_map(|shape| trust.allows(&shape, Holes::AreNames))
        .find(|subject| !imitates_user(subject));
    let is_open = other_owner.is_some() || trust.limits_on("sub").all(has_open_owner);
    if is_open {
        let reason = format!(
            "`{}` limits branches or tags, but not the owner of the repository",
            condition.values.join("`, `")
        );
        report.find(&RULE, PolicyLocation::condition(condition), &reason, RULE.fix);
    }
}

/// Whether the subject limits the ref: then V1 tokens of any user, which have none, are not allowed, and a ref of
/// another name is not either.
fn names_ref(trust: &ProviderTrust<'_>) -> bool {
    let other = ["heads", "tags"]
        .map(|kind| format!("org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/{kind}/\u{1}"));
    let allows = |shape: &str| trust.allows(shape, Holes::AreAnything).is_some();
    !allows("org/#/project/#/user/\u{1}") && !other.iter().all(|shape| allows(shape))
}

/// Whether the subject matches only because its branch looks like a user: the pattern ends at a user, and names no ref.
fn imitates_user(subject: &str) -> bool {
    subject.rsplit_once("/vcs-ref/").is_some_and(|(_, name)| name.contains("/user/"))
}

/// Whether a value has a wildcard inside the owner's name or before it.
fn has_open_owner(condition: &Condition<'_>) -> bool {
    let is_open = |value: &String| {
        let names = origin(value).into_iter().flat_map(|origin| origin.split('/').take(2));
        names.into_iter().any(|name| name.contains(['*', '?']))
    };
    condition.operator.comparison == Comparison::Like && condition.values.iter().any(is_open)
}

/// The origin in a value.
fn origin(value: &str) -> Option<&str> {
    let (before, _) = value.rsplit_once("/vcs-ref/refs/")?;
    Some(before.rsplit_once("/vcs-origin/")?.1)
}
