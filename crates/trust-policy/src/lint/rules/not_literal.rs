//! Not a rule: remarks on what was not checked, because it is not literal.

use crate::lint::{
    condition::KeyKind,
    language::HOLE,
    provider::MARKER,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    // The provider is known if only the account or the partition is not literal.
    if trust.principal.split_once(MARKER).map_or(trust.principal, |(_, url)| url).contains(HOLE) {
        let text = "the principal is not literal here: whether it is the right provider was not checked";
        report.remark(PolicyLocation::statement(trust.index), text);
    }
    for condition in &trust.conditions {
        let text = match condition.key_kind {
            KeyKind::Unknown => {
                "the condition is not literal here: what it requires, and which conditions are missing, was not checked"
            }
            KeyKind::Claim { .. } if !condition.is_literal() => {
                "the value is not literal here: what depends on it was not checked"
            }
            KeyKind::Claim { .. } if condition.key.contains(HOLE) => {
                "the key is not literal here: whether it is a key of the provider was not checked"
            }
            // No rule is about the request's own keys.
            KeyKind::Claim { .. } | KeyKind::Request => continue,
        };
        report.remark(PolicyLocation::condition(condition), text);
    }
}
