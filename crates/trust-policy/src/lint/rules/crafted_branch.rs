//! A branch whose name makes its subject look like the subject of another branch.
//!
//! `*` matches slashes and a branch name may contain them, so whoever can push can create a branch whose name ends
//! like the pattern. Whether CircleCI escapes names is not documented; the rule assumes that it doesn't.

use crate::lint::{
    condition::Condition,
    denial::may_deny,
    language::{HOLE, Holes},
    provider_trust::{ProviderTrust, conditions},
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "crafted-branch",
    since: "0.1.0",
    severity: Severity::High,
    title: "a branch with a crafted name matches the pattern",
    why: "In `sub` of the V2 token the user comes before repository and branch, so a pattern for one branch needs `user/*`. That `*` matches slashes too: a branch whose name ends like the pattern, after any other text, matches as well.",
    fix: "add to the statement: `\"StringNotLike\": {\"…:sub\": \"*/vcs-ref/*/vcs-ref/*\"}`",
};

/// A kind of forged subject: the shape that the pattern may be meant to allow, and the shape with a crafted name.
struct ForgedShape {
    plain: &'static str,
    crafted: &'static str,
}

const FORGED_SHAPES: [ForgedShape; 3] = [
    // A branch or tag with another name.
    ForgedShape {
        plain: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/heads/\u{1}",
        crafted: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/heads/\u{1}%",
    },
    ForgedShape {
        plain: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/tags/\u{1}",
        crafted: "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/tags/\u{1}%",
    },
    // Another repository: jobs of a fork, if they get tokens.
    ForgedShape {
        plain: "org/#/project/#/user/#/vcs-origin/\u{1}/#/#/vcs-ref/refs/heads/#",
        crafted: "org/#/project/#/user/#/vcs-origin/\u{1}/#/#/vcs-ref/refs/heads/\u{1}%",
    },
];

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if !trust.provider.is_circleci() {
        return;
    }
    let limits: Vec<&Condition<'_>> = trust.limits_on("sub").collect();
    let values: Vec<Vec<String>> = limits.iter().map(|condition| with_named_refs(condition)).collect();
    let named = ProviderTrust {
        conditions: limits
            .iter()
            .zip(&values)
            .map(|(&condition, values)| Condition { values, ..*condition })
            .collect(),
        provider: trust.provider.clone(),
        denied: Vec::new(),
        ..*trust
    };
    let forged = FORGED_SHAPES.iter().filter_map(|shape| {
        let crafted = named.allows(shape.crafted, Holes::AreNames)?;
        // The pattern: the limit that names a branch.
        let has_a_branch =
            |condition: &&&Condition<'_>| condition.matching_text(shape.plain, Holes::AreAnything).is_none();
        Some((limits.iter().find(has_a_branch)?, crafted))
    });
    let mut doubtful = None;
    for (condition, subject) in forged {
        match exclusion(trust, &subject) {
            Exclusion::Present => {}
            Exclusion::Unknown => doubtful = Some(condition),
            Exclusion::Missing => {
                let reason =
                    format!("`{subject}` matches the pattern too, because of the name of its branch");
                let fix = RULE.fix.replace("…:sub", &trust.key("sub"));
                let fix = match condition.denied_by {
                    // Beside another condition of a `Deny` it would narrow the denial.
                    Some(_) => fix.replace("the statement", "the `Allow` statement"),
                    None => fix,
                };
                report.find(&RULE, PolicyLocation::condition(trust.index, condition), &reason, &fix);
                return;
            }
        }
    }
    if let Some(condition) = doubtful {
        let text = "a branch with a crafted name may match the pattern: the condition that may exclude it is not literal";
        report.remark(PolicyLocation::condition(trust.index, condition), text);
    }
}

/// The values that allow, without wildcards in the names of their refs: `branch-wildcard` is about those.
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

/// Whether the policy excludes a forged subject. One short subject of each shape is tested: a condition that
/// excludes it because of its second `/vcs-ref/` excludes the longer ones too.
enum Exclusion {
    Present,
    Missing,
    /// A condition that isn't literal may exclude it.
    Unknown,
}

fn exclusion(trust: &ProviderTrust<'_>, subject: &str) -> Exclusion {
    let own = trust.conditions.iter().filter(|condition| condition.operator.excludes());
    let denials = trust.policy.statements.iter().filter(|statement| may_deny(statement, trust.principal));
    let denials = denials.flat_map(|statement| {
        let conditions = conditions(trust.policy, statement);
        // Each further condition is a way to avoid the denial.
        let alone = conditions.len() == 1;
        conditions.into_iter().filter(move |condition| alone && !condition.operator.excludes())
    });
    let mut found = if trust.has_unknown_condition() { Exclusion::Unknown } else { Exclusion::Missing };
    for condition in own.copied().chain(denials) {
        match excludes(trust, &condition, subject) {
            Exclusion::Present => return Exclusion::Present,
            Exclusion::Unknown => found = Exclusion::Unknown,
            Exclusion::Missing => {}
        }
    }
    found
}

fn excludes(trust: &ProviderTrust<'_>, condition: &Condition<'_>, subject: &str) -> Exclusion {
    if condition.is_on("sub") && condition.may_be_of(&trust.provider.url) {
        return match (condition.matches_text(subject, Holes::AreNames), condition.is_literal()) {
            (true, _) => Exclusion::Present,
            (false, true) => Exclusion::Missing,
            (false, false) => Exclusion::Unknown,
        };
    }
    if condition.key.contains(HOLE) { Exclusion::Unknown } else { Exclusion::Missing }
}
