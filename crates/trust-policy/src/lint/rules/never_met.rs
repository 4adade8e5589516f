//! Conditions that no token can meet.

mod github_subject;

use crate::{
    claim_keys::PROJECT_ID,
    document::{Effect, Statement, TrustPolicy},
    lint::{
        condition::Condition,
        language::{HOLE, Holes},
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
        subject_shape::{AUDIT_LOG, V1, V2},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "never-met",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "no token meets this",
    why: "AWS compares values exactly with what the issuer writes. A CircleCI subject is `org/ORG/project/PROJECT/user/USER`, in V2 followed by `/vcs-origin/HOST/OWNER/REPOSITORY/vcs-ref/refs/heads/BRANCH`; a GitHub subject begins with `repo:` unless a template changes it.",
    fix: "compare with `sub` of a job's token",
};

/// Checks one statement's conditions.
pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        if condition.values.is_empty() {
            let location = PolicyLocation::condition(condition);
            report.find(&RULE, location, "the list of values is empty, so no token meets it", RULE.fix);
        }
    }
    github_subject::check(trust, &RULE, report);
    let Some(condition) = trust.subject_limit() else { return };
    let location = PolicyLocation::condition(condition);
    if let Some(reason) = subject_fault(trust, condition) {
        report.find(&RULE, location, &reason, RULE.fix);
    } else if let Some(reason) = other_project(trust, condition) {
        report.find(
            &RULE,
            location,
            &reason,
            "name the same project in `sub` and in `oidc.circleci.com/project-id`",
        );
    }
}

/// Checks the policy as a whole: at least one statement must allow.
pub(super) fn check_policy(policy: &TrustPolicy, report: &mut Report) {
    // A statement that could not be read may be an `Allow`.
    let denies = |statement: &Statement| {
        statement.effect == Effect::Deny && !statement.actions.iter().any(|action| action.contains(HOLE))
    };
    if policy.statements.iter().all(denies) {
        let fix = "add an `Allow` for the identity provider";
        report.find(&RULE, PolicyLocation::default(), "no statement allows anything", fix);
    }
}

fn subject_fault(trust: &ProviderTrust<'_>, condition: &Condition<'_>) -> Option<String> {
    let matches = |shape: &str| trust.allows(shape, Holes::AreAnything).is_some();
    let values = condition.values.join("`, `");
    // `literal-wildcard` is about wildcards under another operator.
    if condition.values.is_empty() || condition.misreads_wildcards() {
        return None;
    }
    if trust.provider.is_github() {
        let starts = ["org/", "repo/"];
        let is_wrong = |value: &String| starts.iter().any(|start| value.starts_with(start));
        return condition.values.iter().all(is_wrong).then(|| {
            format!("`{values}` is not a GitHub subject, which begins with `repo:OWNER/REPOSITORY:`")
        });
    }
    if !trust.provider.is_circleci() {
        return None;
    }
    if !matches(V1) && !matches(V2) && !matches(AUDIT_LOG) {
        return Some(format!("`{values}` is not a CircleCI subject, in V1 or in V2"));
    }
    if let Some(organization) = trust.provider.organization()
        && ![V1, V2, AUDIT_LOG].iter().any(|shape| matches(&shape.replacen('#', organization, 1)))
    {
        return Some(format!("`{values}` names another organization than the issuer, `{organization}`"));
    }
    let is_wrong = |value: &String| origin_fault(value).is_some();
    condition.values.iter().all(is_wrong).then(|| {
        let faults: Vec<&str> = condition.values.iter().filter_map(|value| origin_fault(value)).collect();
        format!("`{values}`: {}", faults.first().unwrap_or(&""))
    })
}

/// What no V2 token has after the user.
fn origin_fault(value: &str) -> Option<&'static str> {
    let starts = |marker: &str, starts: &[&str]| {
        let rest = value.rsplit_once(marker).map(|(_, rest)| rest)?;
        (!rest.starts_with(['*', '?', HOLE, '$'])).then(|| starts.iter().any(|start| rest.starts_with(start)))
    };
    match () {
        () if starts("/vcs-origin/", &["http:", "https:", "git@"]) == Some(true) => {
            Some("an origin has no scheme and no user: `github.com/OWNER/REPOSITORY`")
        }
        () if starts("/vcs-ref/", &["refs/", "refs*", "r*"]) == Some(false) => {
            Some("a ref is written in full: `refs/heads/BRANCH`")
        }
        () => None,
    }
}

/// That the project's id and the subject name different projects.
fn other_project(trust: &ProviderTrust<'_>, condition: &Condition<'_>) -> Option<String> {
    let id = trust
        .limits_on(PROJECT_ID)
        .find(|condition| condition.is_literal() && !condition.values.is_empty())?;
    let matches = |project: &String| {
        [V1, V2].iter().any(|shape| {
            let shape = shape.replacen("project/#", &format!("project/{project}"), 1);
            trust.allows(&shape, Holes::AreAnything).is_some()
        })
    };
    let is_plain = |value: &String| !value.contains(['*', '?', '#', '%', '$']);
    let plain: Vec<&String> = id.values.iter().filter(|value| is_plain(value)).collect();
    (plain.len() == id.values.len() && trust.provider.is_circleci() && !plain.into_iter().any(matches)).then(
        || {
            format!(
                "`{}` and the project `{}` exclude each other",
                condition.values.join("`, `"),
                id.values.join("`, `")
            )
        },
    )
}
