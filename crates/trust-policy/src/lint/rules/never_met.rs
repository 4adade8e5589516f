//! Conditions that no token can meet.

use crate::{
    claim_keys::PROJECT_ID,
    document::{Effect, Statement, TrustPolicy},
    lint::{
        condition::Condition,
        language::{HOLE, Holes},
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::Trust,
    },
};

use super::only_v1::{V1, V2};

pub(super) static RULE: Rule = Rule {
    id: "never-met",
    severity: Severity::Medium,
    title: "no token meets this",
    why: "Values are compared with what the issuer writes, to the letter: a CircleCI subject is `org/ORG/project/PROJECT/user/USER`, in V2 with `/vcs-origin/HOST/OWNER/REPOSITORY/vcs-ref/refs/heads/BRANCH` behind it; a GitHub subject begins with `repo:` unless a template says otherwise.",
    mend: "compare with `sub` of a job's token",
};

/// The token of audit-log streaming.
const AUDIT: &str = "org/#/file-streaming/audit-logs";

/// Judges one trust.
pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        if condition.values.is_empty() {
            let place = Place::condition(trust.index, condition);
            report.find(&RULE, place, "the list of values is empty, and nothing meets it", RULE.mend);
        }
    }
    let Some(condition) = trust.subject() else { return };
    let place = Place::condition(trust.index, condition);
    if let Some(reason) = subject_fault(trust, condition) {
        report.find(&RULE, place, &reason, RULE.mend);
    } else if let Some(reason) = other_project(trust, condition) {
        report.find(&RULE, place, &reason, "name the same project in both");
    }
}

/// Judges the policy as a whole: something has to be allowed.
pub(super) fn check_policy(policy: &TrustPolicy, report: &mut Report) {
    // What stands for a statement that couldn't be read may be an `Allow`.
    let denies = |statement: &Statement| {
        statement.effect == Effect::Deny && !statement.actions.iter().any(|action| action.contains(HOLE))
    };
    if policy.statements.iter().all(denies) {
        let mend = "add an `Allow` for the identity provider";
        report.find(&RULE, Place::default(), "no statement allows anything", mend);
    }
}

fn subject_fault(trust: &Trust<'_>, condition: &Condition<'_>) -> Option<String> {
    let takes = |shape: &str| trust.lets_in(shape, Holes::AreAnything).is_some();
    let values = condition.values.join("`, `");
    // Wildcards under another operator have their own rule.
    if condition.values.is_empty() || condition.misreads_wildcards() {
        return None;
    }
    if trust.provider.is_github() {
        let starts = ["org/", "repo/"];
        let is_wrong = |value: &String| starts.iter().any(|start| value.starts_with(start));
        return condition.values.iter().all(is_wrong).then(|| {
            format!("`{values}` is no subject of GitHub, which begins with `repo:OWNER/REPOSITORY:`")
        });
    }
    if !trust.provider.is_circleci() {
        return None;
    }
    if !takes(V1) && !takes(V2) && !takes(AUDIT) {
        return Some(format!("`{values}` is no subject of CircleCI, in V1 or in V2"));
    }
    if let Some(organization) = trust.provider.organization()
        && ![V1, V2, AUDIT].iter().any(|shape| takes(&shape.replacen('#', organization, 1)))
    {
        return Some(format!("`{values}` names another organization than the issuer, `{organization}`"));
    }
    let is_wrong = |value: &String| origin_fault(value).is_some();
    condition.values.iter().all(is_wrong).then(|| {
        let faults: Vec<&str> = condition.values.iter().filter_map(|value| origin_fault(value)).collect();
        format!("`{values}`: {}", faults.first().unwrap_or(&""))
    })
}

/// What no V2 token has behind the user.
fn origin_fault(value: &str) -> Option<&'static str> {
    let starts = |marker: &str, starts: &[&str]| {
        let rest = value.rsplit_once(marker).map(|(_, rest)| rest)?;
        (!rest.starts_with(['*', '?', HOLE, '$'])).then(|| starts.iter().any(|start| rest.starts_with(start)))
    };
    match () {
        () if starts("/vcs-origin/", &["http:", "https:", "git@"]) == Some(true) => {
            Some("the origin has neither scheme nor user: `github.com/OWNER/REPOSITORY`")
        }
        () if starts("/vcs-ref/", &["refs/", "refs*", "r*"]) == Some(false) => {
            Some("the ref is a full one: `refs/heads/BRANCH`")
        }
        () => None,
    }
}

/// The project's id beside a subject of another project.
fn other_project(trust: &Trust<'_>, condition: &Condition<'_>) -> Option<String> {
    let id = trust
        .limits_on(PROJECT_ID)
        .find(|condition| condition.is_literal() && !condition.values.is_empty())?;
    let takes = |project: &String| {
        [V1, V2].iter().any(|shape| {
            let shape = shape.replacen("project/#", &format!("project/{project}"), 1);
            trust.lets_in(&shape, Holes::AreAnything).is_some()
        })
    };
    let is_plain = |value: &String| !value.contains(['*', '?', '#', '%', '$']);
    let plain: Vec<&String> = id.values.iter().filter(|value| is_plain(value)).collect();
    (plain.len() == id.values.len() && trust.provider.is_circleci() && !plain.into_iter().any(takes)).then(
        || {
            format!(
                "`{}` and the project `{}` exclude each other",
                condition.values.join("`, `"),
                id.values.join("`, `")
            )
        },
    )
}
