//! A branch whose name makes the subject look like another branch's.
//!
//! `*` crosses slashes and a branch's name can hold them, so whoever may push can put the end of the pattern into
//! a name. Whether CircleCI escapes names is not documented; the rule assumes that it doesn't.

use crate::{
    document::{Effect, Principal, Statement},
    lint::{
        condition::Condition,
        language::{HOLE, Holes},
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::{Trust, conditions, covers},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "crafted-branch",
    severity: Severity::High,
    title: "a branch with a crafted name meets the pattern",
    why: "In `sub` of the V2 token the user stands before repository and branch, so a pattern for one branch needs `user/*`. That `*` crosses slashes: a branch named like the pattern's end, behind anything, meets it too.",
    mend: "add to the statement: `\"StringNotLike\": {\"…:sub\": \"*/vcs-ref/*/vcs-ref/*\"}`",
};

/// What is left open: all that the pattern means to allow, and what a crafted name adds to it.
struct Question {
    plain: &'static str,
    crafted: &'static str,
}

const QUESTIONS: [Question; 3] = [
    // A branch or tag of a foreign name.
    Question {
        plain: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/heads/\u{1}",
        crafted: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/heads/\u{1}%",
    },
    Question {
        plain: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/tags/\u{1}",
        crafted: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/tags/\u{1}%",
    },
    // A foreign repository: a fork's jobs, where they get tokens.
    Question {
        plain: "org/#/project/#/user/#/vcs-origin/\u{1}/#/#/vcs-ref/refs/heads/#",
        crafted: "org/#/project/#/user/#/vcs-origin/\u{1}/#/#/vcs-ref/refs/heads/\u{1}%",
    },
];

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let Some(condition) = trust.subject().filter(|_| trust.provider.is_circleci()) else { return };
    let values: Vec<Vec<String>> = trust.conditions.iter().map(with_named_refs).collect();
    let named = Trust {
        conditions: trust
            .conditions
            .iter()
            .zip(&values)
            .map(|(condition, values)| Condition { values, ..*condition })
            .collect(),
        provider: trust.provider.clone(),
        ..*trust
    };
    let forged = QUESTIONS.iter().filter_map(|question| {
        let crafted = named.lets_in(question.crafted, Holes::AreNames)?;
        trust.lets_in(question.plain, Holes::AreAnything).is_none().then_some(crafted)
    });
    let mut doubtful = false;
    for subject in forged {
        match guard(trust, &subject) {
            Guard::There => {}
            Guard::Unknown => doubtful = true,
            Guard::Missing => {
                let reason = format!("`{subject}` meets the pattern as well, by the name of its branch");
                let mend = RULE.mend.replace("…:sub", &trust.key("sub"));
                report.find(&RULE, Place::condition(trust.index, condition), &reason, &mend);
                return;
            }
        }
    }
    if doubtful {
        let text = "a branch with a crafted name may meet the pattern: what guards against it is not literal";
        report.remark(Place::condition(trust.index, condition), text);
    }
}

/// The values that let in, without wildcards in the names of their refs: what those take is meant, and another
/// rule's.
fn with_named_refs(condition: &Condition<'_>) -> Vec<String> {
    let named = |value: &String| match value.rfind("/vcs-ref/refs/").filter(|_| condition.operator.limits()) {
        Some(at) => {
            let (before, name) = value.split_at(at);
            before.to_owned() + &name.replace(['*', '?'], "w")
        }
        None => value.clone(),
    };
    condition.values.iter().map(named).collect()
}

/// Whether a forged subject is kept out. One is tried for each question, a short one: a guard that knows it by what
/// makes it a forgery, a second `/vcs-ref/`, knows the longer ones too.
enum Guard {
    There,
    Missing,
    /// Something that isn't literal may.
    Unknown,
}

fn guard(trust: &Trust<'_>, subject: &str) -> Guard {
    let own = trust.conditions.iter().filter(|condition| condition.operator.excludes());
    let denials = trust.policy.statements.iter().filter(|statement| denies(trust, statement));
    let denials = denials.flat_map(|statement| {
        let conditions = conditions(trust.policy, statement);
        // Each further condition is a way around the denial.
        let alone = conditions.len() == 1;
        conditions.into_iter().filter(move |condition| alone && !condition.operator.excludes())
    });
    let mut found = if trust.may_ask_more() { Guard::Unknown } else { Guard::Missing };
    for condition in own.copied().chain(denials) {
        match excludes(trust, &condition, subject) {
            Guard::There => return Guard::There,
            Guard::Unknown => found = Guard::Unknown,
            Guard::Missing => {}
        }
    }
    found
}

fn excludes(trust: &Trust<'_>, condition: &Condition<'_>, subject: &str) -> Guard {
    if condition.is_on("sub") && condition.may_be_of(&trust.provider.url) {
        return match (condition.names_text(subject, Holes::AreNames), condition.is_literal()) {
            (true, _) => Guard::There,
            (false, true) => Guard::Missing,
            (false, false) => Guard::Unknown,
        };
    }
    if condition.key.contains(HOLE) { Guard::Unknown } else { Guard::Missing }
}

/// Whether a statement denies the provider this call.
fn denies(trust: &Trust<'_>, statement: &Statement) -> bool {
    let is_named = match &statement.principal {
        Principal::Anyone => true,
        Principal::Named(kinds) => kinds.0.iter().any(|(_, names)| {
            names.0.iter().any(|name| name == "*" || name == trust.principal || name.contains(HOLE))
        }),
    };
    statement.effect == Effect::Deny && is_named && covers(statement, "sts:AssumeRoleWithWebIdentity")
}
