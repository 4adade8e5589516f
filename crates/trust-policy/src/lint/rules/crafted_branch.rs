//! A branch whose name makes its subject look like the subject of another branch.
//!
//! `*` matches slashes and a branch name may contain them, so whoever can push can create a branch whose name ends
//! like the pattern. Whether CircleCI escapes names is not documented; the rule assumes that it doesn't.

use crate::lint::{
    condition::Condition,
    denial::{Exclusion, exclusion},
    language::Holes,
    provider_trust::ProviderTrust,
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
    let own: Vec<_> = trust.conditions.iter().map(|one| (one, with_named_refs(one))).collect();
    let denials: Vec<_> = trust.denials.iter().map(|one| (one, with_named_refs(one))).collect();
    let named = ProviderTrust {
        conditions: own.iter().map(|(condition, values)| Condition { values, ..**condition }).collect(),
        denials: denials.iter().map(|(condition, values)| Condition { values, ..**condition }).collect(),
        provider: trust.provider.clone(),
        ..*trust
    };
    let forged = FORGED_SHAPES.iter().filter_map(|shape| {
        let crafted = named.allows(shape.crafted, Holes::AreNames)?;
        // The pattern: the limit that names a branch.
        let mut limits = trust.limits_on("sub");
        let pattern = limits.find(|limit| limit.matching_text(shape.plain, Holes::AreAnything).is_none())?;
        Some((pattern, crafted))
    });
    let mut doubtful = None;
    for (condition, subject) in forged {
        // A condition that excludes it because of its second `/vcs-ref/` excludes the longer ones too.
        match exclusion(trust, &subject) {
            Exclusion::Present => {}
            Exclusion::Unknown => doubtful = Some(condition),
            Exclusion::Missing => {
                let reason =
                    format!("`{subject}` matches the pattern too, because of the name of its branch");
                let fix = RULE.fix.replace("…:sub", &trust.key("sub"));
                let fix = if condition.statement == trust.index {
                    fix
                } else {
                    // Beside another condition of a `Deny` it would narrow the denial.
                    fix.replace("the statement", "the `Allow` statement")
                };
                report.find(&RULE, PolicyLocation::condition(condition), &reason, &fix);
                return;
            }
        }
    }
    if let Some(condition) = doubtful {
        let text = "a branch with a crafted name may match the pattern: the condition that may exclude it is not literal";
        report.remark(PolicyLocation::condition(condition), text);
    }
}

/// The values that allow, without wildcards in the names of their refs: `branch-wildcard` is about those.
fn with_named_refs(condition: &Condition<'_>) -> Vec<String> {
    let named = |value: &String| match value.rfind("/vcs-ref/").filter(|_| condition.operator.limits()) {
        Some(at) => {
            let (before, name) = value.split_at(at);
            before.to_owned() + &name.replace(['*', '?'], "w")
        }
        None => value.clone(),
    };
    condition.values.iter().map(named).collect()
}
