//! A wildcard in a branch name.

use crate::lint::{
    branch_name::{BranchClaim, Branches},
    condition::Condition,
    language::Holes,
    operator::Comparison,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "branch-wildcard",
    since: "0.1.0",
    severity: Severity::Low,
    title: "a wildcard is inside a part of the branch name",
    why: "`refs/heads/rel*` matches `relax` and `rel/anything`, because a wildcard matches slashes too. A new branch needs no review.",
    fix: "name the branch, or put a slash before the wildcard and protect all branches below it",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for branch_claim in BranchClaim::of(trust) {
        let limits = trust.limits_on(branch_claim.claim);
        for condition in limits.filter(|condition| condition.operator.comparison == Comparison::Like) {
            check_condition(trust, branch_claim, condition, report);
        }
    }
}

fn check_condition(
    trust: &ProviderTrust<'_>,
    branch_claim: &BranchClaim,
    condition: &Condition<'_>,
    report: &mut Report,
) {
    let location = || PolicyLocation::condition(condition);
    let start = branch_claim.marker.trim_start_matches(':');
    let (mut in_a_part, mut below): (Option<(&str, bool)>, Option<&str>) = (None, None);
    for value in condition.values {
        match branch_claim.branches(condition, value) {
            Branches::Clear => {}
            Branches::Below(name) => _ = below.get_or_insert(name),
            Branches::Partly(name) => _ = in_a_part.get_or_insert((name, true)),
            Branches::WithoutMarker => _ = in_a_part.get_or_insert((value, false)),
        }
    }
    if let Some((name, is_named)) = in_a_part {
        let (pattern, fix) = if is_named {
            (format!("{start}{name}"), RULE.fix.to_owned())
        } else {
            // The wildcard stands for the kind of ref, too.
            (name.to_owned(), format!("write the kind of ref and the name: `{start}NAME`"))
        };
        let reason = format!("`{pattern}` matches every branch of this form, new ones too");
        report.find(&RULE, location(), &reason, &fix);
    }
    if let Some(name) = below {
        let text =
            format!("`{start}{name}` matches new branches too: whoever can create one can assume the role");
        report.remark(location(), &text);
    } else if in_a_part.is_none() && trust.provider.is_github() && allows_any_ref(condition) {
        let text = "new branches and tags are allowed too: whoever can create one can assume the role";
        report.remark(location(), text);
    }
}

/// Whether a GitHub condition allows every branch without naming `refs/heads/`. With pull requests, another rule reports it.
fn allows_any_ref(condition: &Condition<'_>) -> bool {
    let allows = |shape: &str| condition.matching_text(shape, Holes::AreNames).is_some();
    ["repo:#/#:ref:refs/heads/\u{1}", "refs/heads/\u{1}"].iter().any(|shape| allows(shape))
        && !["repo:#/#:pull_request", "refs/pull/#/merge"].iter().any(|shape| allows(shape))
}
