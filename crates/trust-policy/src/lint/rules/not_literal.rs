//! No rule: what is left out of the judgement, and is said.

use crate::lint::{
    condition::Subject,
    language::HOLE,
    provider::MARKER,
    report::{Place, Report},
    trust::Trust,
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    // What only leaves the account or the partition open is no matter of the provider.
    if trust.principal.split_once(MARKER).map_or(trust.principal, |(_, url)| url).contains(HOLE) {
        let text = "the principal is not literal here: whether the provider is the right one is not judged";
        report.remark(Place::statement(trust.index), text);
    }
    for condition in &trust.conditions {
        let text = match condition.subject {
            Subject::Unknown => {
                "the condition is not literal here: what it asks, and what is missing beside it, is not judged"
            }
            Subject::Claim { .. } if !condition.is_literal() => {
                "the value is not literal here: what depends on it is not judged"
            }
            Subject::Claim { .. } if condition.key.contains(HOLE) => {
                "the key is not literal here: whether it is the provider's is not judged"
            }
            // No rule looks at what the request brings along.
            Subject::Claim { .. } | Subject::Request => continue,
        };
        report.remark(Place::condition(trust.index, condition), text);
    }
}
