//! Keys of trusted identity propagation, which the exchange itself may not have (facts/aws-2026.md 2.4).

use crate::{
    context_keys::{self, ContextKey, LONGEST_VALUE},
    lint::{
        condition::Condition,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "context-key",
    since: "0.1.0",
    severity: Severity::High,
    title: "the condition holds if AWS does not set the key, which is not established",
    why: "A context provider copies claims into `aws:OriginIdentity/…` and `aws:TransactionContext/IdentityProvider/…`, which are keys of the role's session. Whether the trust policy of the exchange itself sees them is not established. A negated operator, `…IfExists` and `ForAllValues:` hold for a key that is absent, and then limit nothing.",
    fix: "limit the claim `sub`; a plain operator on the key may stand beside it, and allows nothing if the key is absent",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let Some(key) = context_keys::parse(condition.key) else { continue };
        let location = || PolicyLocation::condition(condition);
        if condition.operator.holds_when_absent() || requires_absence(condition) {
            let reason = format!(
                "`{}` holds if the exchange has no `{}`, and whether it has it is not established",
                condition.operator_name, condition.key
            );
            report.find(&RULE, location(), &reason, RULE.fix);
            continue;
        }
        let text = match key {
            ContextKey::Undocumented => "AWS documents no such key: the condition may never hold".to_owned(),
            ContextKey::Mapped(_) if is_too_long(condition) => {
                format!(
                    "no value of this key is longer than {LONGEST_VALUE} characters: the condition never holds"
                )
            }
            ContextKey::Mapped(_) | ContextKey::Origin => format!(
                "whether the exchange has `{}` is not established: without it the condition never holds; with a context provider later calls of the session have it",
                condition.key
            ),
        };
        report.remark(location(), &text);
    }
}

/// `Null` with `true`.
fn requires_absence(condition: &Condition<'_>) -> bool {
    condition.operator_name.eq_ignore_ascii_case("Null")
        && condition.values.iter().any(|value| value.eq_ignore_ascii_case("true"))
}

fn is_too_long(condition: &Condition<'_>) -> bool {
    condition.is_literal()
        && !condition.values.is_empty()
        && condition
            .values
            .iter()
            .all(|value| value.chars().filter(|sign| *sign != '*').count() > LONGEST_VALUE)
}
