//! What a policy excludes: by a negated condition beside the others, or by a `Deny` statement. A `Deny` of all but some
//! values limits the claim to them, as a condition of the `Allow` does.

use crate::{
    actions::ASSUME_ROLE_WITH_WEB_IDENTITY,
    document::{Effect, Principal, Statement, TrustPolicy},
};

use super::{
    condition::Condition,
    language::{HOLE, Holes},
    operator::Operator,
    provider::Provider,
    provider_trust::{ProviderTrust, conditions, may_cover},
};

/// Whether the policy excludes a subject.
pub(super) enum Exclusion {
    Present,
    Missing,
    /// A condition that isn't literal may exclude it.
    Unknown,
}

pub(super) fn exclusion(trust: &ProviderTrust<'_>, subject: &str) -> Exclusion {
    let own = trust.conditions.iter().copied().filter(|condition| condition.operator.excludes());
    let denials = single_conditions(trust.policy, trust.principal);
    let denials = denials.filter(|condition| !condition.operator.excludes());
    let mut found = if trust.has_unknown_condition() { Exclusion::Unknown } else { Exclusion::Missing };
    for condition in own.chain(denials) {
        match excludes(trust, &condition, subject) {
            Exclusion::Present => return Exclusion::Present,
            Exclusion::Unknown => found = Exclusion::Unknown,
            Exclusion::Missing => {}
        }
    }
    found
}

/// The conditions on a provider's claims that `Deny` statements negate: what they do not deny meets these.
pub(super) fn limits<'a>(
    policy: &'a TrustPolicy,
    principal: &'a str,
    provider: &Provider,
) -> Vec<Condition<'a>> {
    let limit = |condition: Condition<'a>| {
        // `ForAnyValue:` is not met by a token without the claim, so nothing is denied to it; every token has these.
        let denies_all = !condition.operator_name.starts_with("ForAnyValue:")
            || ["sub", "aud"].iter().any(|claim| condition.is_on(claim));
        let operator = Operator { negated: false, if_exists: false, for_all: false, ..condition.operator };
        // An empty list matches nothing, not even negated.
        let is_limit = condition.operator.excludes() && denies_all && !condition.values.is_empty();
        (is_limit && condition.may_be_of(&provider.url)).then_some(Condition { operator, ..condition })
    };
    single_conditions(policy, principal).filter_map(limit).collect()
}

/// The condition of each `Deny` statement for a provider that has one. Each further condition is a way to avoid the
/// denial.
fn single_conditions<'a>(
    policy: &'a TrustPolicy,
    principal: &'a str,
) -> impl Iterator<Item = Condition<'a>> + use<'a> {
    let statements = policy.statements.iter().enumerate();
    let denials = statements.filter(move |(_, statement)| denies(principal, statement));
    denials.filter_map(move |(index, _)| match conditions(policy, index)[..] {
        [condition] => Some(condition),
        _ => None,
    })
}

fn excludes(trust: &ProviderTrust<'_>, condition: &Condition<'_>, subject: &str) -> Exclusion {
    if condition.is_on("sub") && condition.may_be_of(&trust.provider.url) {
        return match (condition.matches_text(subject, Holes::AreNames), condition.is_literal()) {
            (true, _) => Exclusion::Present,
            (false, true) => Exclusion::Missing,
            (false, false) => Exclusion::Unknown,
        };
    }
    if condition.key.contains(HOLE) { Exclusion::Unknown } else { Exclusion::Missing }
}

/// Whether a statement denies the call to a provider.
fn denies(principal: &str, statement: &Statement) -> bool {
    let is_named = match &statement.principal {
        Principal::Anyone => true,
        Principal::Named(kinds) => kinds.0.iter().any(|(_, names)| {
            names.0.iter().any(|name| name == "*" || name == principal || name.contains(HOLE))
        }),
    };
    statement.effect == Effect::Deny && is_named && may_cover(statement, ASSUME_ROLE_WITH_WEB_IDENTITY)
}
