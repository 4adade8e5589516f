//! What the policy's `Deny` statements leave of an `Allow`: a denial of every token without certain values limits the
//! claim to these values, as a condition of the `Allow` would.
//!
//! Only a denial with one condition does so surely: each further condition is a way to avoid it. A negated operator
//! holds for an absent claim, so such tokens are denied too; with `ForAnyValue:` it does not, and they are not.

use crate::{
    actions::ASSUME_ROLE_WITH_WEB_IDENTITY,
    document::{Effect, Principal, Statement, TrustPolicy},
    operator::{self, Quantity},
};

use super::{
    condition::Condition,
    language::HOLE,
    operator::Operator,
    provider_trust::{conditions, may_cover},
};

/// The limits by the policy's denials of the provider that is this principal, under this URL, as if they were conditions
/// of the `Allow`. A part of a denial that is not literal counts as it may be meant, because an unknown value must not
/// cause a finding.
pub(super) fn limits<'a>(policy: &'a TrustPolicy, principal: &str, url: &str) -> Vec<Condition<'a>> {
    let denials =
        policy.statements.iter().enumerate().filter(|(_, statement)| may_deny(statement, principal));
    let limits = denials.filter_map(|(index, statement)| match conditions(policy, statement)[..] {
        [condition] => limit(condition, index),
        _ => None,
    });
    limits.filter(|limit| limit.may_be_of(url)).collect()
}

/// The limit that a denial by this condition alone is.
fn limit(condition: Condition<'_>, statement: usize) -> Option<Condition<'_>> {
    let operator::Operator::Compare(test) = operator::Operator::parse(condition.operator_name)? else {
        return None;
    };
    // An empty list matches nothing, not even negated.
    if !condition.operator.excludes() || condition.values.is_empty() {
        return None;
    }
    let if_exists = test.quantity == Some(Quantity::Any);
    let operator = Operator { negated: false, if_exists, for_all: false, ..condition.operator };
    Some(Condition { operator, denied_by: Some(statement), ..condition })
}

/// Whether a statement denies the call to a provider, or may deny it.
pub(super) fn may_deny(statement: &Statement, principal: &str) -> bool {
    let is_named = match &statement.principal {
        Principal::Anyone => true,
        Principal::Named(kinds) => {
            let mut names = kinds.0.iter().flat_map(|(_, names)| &names.0);
            names.any(|name| name == "*" || name == principal || name.contains(HOLE))
        }
    };
    statement.effect == Effect::Deny && is_named && may_cover(statement, ASSUME_ROLE_WITH_WEB_IDENTITY)
}
