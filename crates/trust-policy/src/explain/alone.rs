//! A statement without what may tell one other token from the next: other statements, and its other conditions on the
//! subject or the project. A few tokens are tried in place of all; where names decide that nobody can list, such as in
//! a denial of `*/refs/heads/x*`, one that is tried could be denied and the next one allowed.

use crate::{
    claim_keys::PROJECT_ID,
    document::{Effect, Pairs, Statement, TrustPolicy, Values},
    generate::FORGED,
    key_value::Lookup,
};

use super::change::Edit;

impl Edit<'_> {
    /// The policy's statement that is edited, with the condition of these values, and guards that deny every crafted name.
    /// It allows what the policy allows of the token's siblings, or more.
    pub(super) fn alone(&self, policy: &TrustPolicy, values: &[String]) -> TrustPolicy {
        let numbered = policy.statements.iter().enumerate();
        let kept = numbered.filter(|(at, statement)| *at == self.index() || self.is_guard(statement));
        let statements = kept.map(|(_, statement)| {
            let keep = |operator: &str, key: &str, known: &Values| self.keeps(operator, key, known, values);
            let operators = statement.condition.0.iter().map(|(operator, keys)| {
                let keys = keys.0.iter().filter(|(key, known)| keep(operator, key, known));
                (operator.clone(), Pairs(keys.cloned().collect()))
            });
            Statement { condition: Pairs(operators.collect()), ..statement.clone() }
        });
        TrustPolicy { statements: statements.collect(), ..policy.clone() }
    }

    /// Whether every other token meets this condition, or none does, or it is the edited one.
    fn keeps(&self, operator: &str, key: &str, known: &Values, values: &[String]) -> bool {
        let name = key.rsplit_once(':').map_or(key, |(_, name)| name);
        if name.eq_ignore_ascii_case(PROJECT_ID) {
            let Lookup::Present(own) = self.identity.keys.find(&key.to_lowercase()) else { return false };
            return operator == "StringEquals" && known.0.iter().all(|value| value == own);
        }
        !name.eq_ignore_ascii_case("sub") || known.0 == values || is_of_guard(known)
    }

    /// Whether a statement denies crafted names, and nothing else decides.
    fn is_guard(&self, statement: &Statement) -> bool {
        let [(operator, keys)] = &statement.condition.0[..] else { return false };
        let [(key, values)] = &keys.0[..] else { return false };
        let is_on_subject = key.eq_ignore_ascii_case(&self.condition.key);
        statement.effect == Effect::Deny && operator == "StringLike" && is_on_subject && is_of_guard(values)
    }
}

fn is_of_guard(values: &Values) -> bool {
    !values.0.is_empty() && values.0.iter().all(|value| FORGED.contains(&value.as_str()))
}
