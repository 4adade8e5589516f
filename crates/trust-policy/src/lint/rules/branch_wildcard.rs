//! A wildcard in a branch's name.

use crate::lint::{
    operator::Comparison,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "branch-wildcard",
    severity: Severity::Low,
    title: "whoever can push can make a branch that matches",
    why: "`refs/heads/rel*` takes `rel/anything`, as wildcards cross slashes, and a new branch needs no review.",
    mend: "name the branch, or protect all branches that match",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let subjects =
        trust.limits_on("sub").filter(|_| trust.provider.is_circleci() || trust.provider.is_github());
    for condition in subjects.filter(|condition| condition.operator.comparison == Comparison::Like) {
        let branch = |value: &str| value.rsplit_once("refs/heads/").map(|(_, branch)| branch.to_owned());
        let open = condition.values.iter().filter_map(|value| branch(value)).find(|name| name.contains('*'));
        if let Some(name) = open {
            let reason = format!("`refs/heads/{name}` takes every branch of that form, new ones too");
            report.find(&RULE, Place::condition(trust.index, condition), &reason, RULE.mend);
        }
    }
}
