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
    title: "a branch's name is open in the middle of a part",
    why: "`refs/heads/rel*` takes `relax` and `rel/anything`, as wildcards cross slashes, and a new branch needs no review.",
    mend: "name the branch, or end the name with a slash before the wildcard and protect all branches below it",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let subjects =
        trust.limits_on("sub").filter(|_| trust.provider.is_circleci() || trust.provider.is_github());
    for condition in subjects.filter(|condition| condition.operator.comparison == Comparison::Like) {
        let place = || Place::condition(trust.index, condition);
        let branches = condition.values.iter().filter_map(|value| Some(value.rsplit_once("refs/heads/")?.1));
        let (mut in_a_part, mut below): (Option<&str>, Option<&str>) = (None, None);
        for name in branches.filter(|name| name.contains('*')) {
            let is_whole_part = name.split('/').all(|part| part == "*" || !part.contains('*'));
            let first = if is_whole_part { &mut below } else { &mut in_a_part };
            first.get_or_insert(name);
        }
        if let Some(name) = in_a_part {
            let reason = format!("`refs/heads/{name}` takes every branch of that form, new ones too");
            report.find(&RULE, place(), &reason, RULE.mend);
        }
        if let Some(name) = below {
            let text = format!("`refs/heads/{name}` takes new branches too: whoever may make one is let in");
            report.remark(place(), &text);
        }
    }
}
