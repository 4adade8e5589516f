//! A wildcard in a branch name.

use crate::lint::{
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
    let claims: &[&str] = match () {
        () if trust.provider.is_circleci() => &["sub"],
        () if trust.provider.is_github() => &["sub", "ref"],
        () => return,
    };
    let conditions = claims.iter().flat_map(|claim| trust.limits_on(claim));
    for condition in conditions.filter(|condition| condition.operator.comparison == Comparison::Like) {
        let location = || PolicyLocation::condition(condition);
        let branches = condition.values.iter().filter_map(|value| Some(value.rsplit_once("refs/heads/")?.1));
        let (mut in_a_part, mut below): (Option<&str>, Option<&str>) = (None, None);
        for name in branches.filter(|name| name.contains(['*', '?'])) {
            let is_whole_part = name.split('/').all(|part| part == "*" || !part.contains(['*', '?']));
            let first = if is_whole_part { &mut below } else { &mut in_a_part };
            first.get_or_insert(name);
        }
        if let Some(name) = in_a_part {
            let reason = format!("`refs/heads/{name}` matches every branch of this form, new ones too");
            report.find(&RULE, location(), &reason, RULE.fix);
        }
        if let Some(name) = below {
            let text = format!(
                "`refs/heads/{name}` matches new branches too: whoever can create one can assume the role"
            );
            report.remark(location(), &text);
        } else if in_a_part.is_none() && allows_any_ref(condition) {
            let text = "new branches and tags are allowed too: whoever can create one can assume the role";
            report.remark(location(), text);
        }
    }
}

/// Whether a GitHub condition allows every branch without naming `refs/heads/`. With pull requests, another rule reports it.
fn allows_any_ref(condition: &Condition<'_>) -> bool {
    let allows = |shape: &str| condition.matching_text(shape, Holes::AreNames).is_some();
    ["repo:#/#:ref:refs/heads/\u{1}", "refs/heads/\u{1}"].iter().any(|shape| allows(shape))
        && !["repo:#/#:pull_request", "refs/pull/#/merge"].iter().any(|shape| allows(shape))
}
