//! Not a rule: remarks on operators that IAM's guide does not have, so that the rules take their conditions for absent.

use crate::{
    lint::{
        condition::KeyKind,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
    },
    operator::Operator,
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let is_literal = condition.key_kind != KeyKind::Unknown;
        if is_literal && Operator::parse(condition.operator_name).is_none() {
            let text = format!(
                "`{}` is not an operator of IAM's guide: the condition counts as absent here",
                condition.operator_name
            );
            report.remark(PolicyLocation::condition(condition), &text);
        }
    }
}
