//! How the nearest statement could allow a denied token, tried before it is said: the changed policy allows the token,
//! and the text says which other tokens it allows as well. Where these are of another project, of another repository
//! or of a branch with a crafted name, the change is not proposed, and the text is a warning.

use std::collections::BTreeSet;
use std::fmt;

use oidc::Subject;

use super::sibling::{self, Sibling};
use super::{github, value};
use crate::{
    document::{Pairs, TrustPolicy, Values},
    evaluate::{Verdict, WebIdentity, evaluate},
    evaluated::{EvaluatedCondition, EvaluatedStatement},
    generate::FORGED,
    key_value::Lookup,
    match_result::MatchResult,
    one_line::one_line,
    operator::{Operator, Test},
};

/// A change to a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedChange {
    /// The policy with the change.
    pub policy: TrustPolicy,
    /// What to do, in the imperative.
    pub edit: String,
    /// Which other tokens the changed policy allows, and the policy does not.
    pub also_allows: BTreeSet<Sibling>,
}

impl ProposedChange {
    /// Whether it is advice. If not, it is what users may do unasked, and the text says what comes of it.
    pub fn is_proposed(&self) -> bool {
        !self.also_allows.iter().any(|sibling| sibling.is_never_proposed())
    }
}

impl fmt::Display for ProposedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others: Vec<String> = self.also_allows.iter().map(ToString::to_string).collect();
        if others.is_empty() {
            return f.write_str(&self.edit);
        }
        let others = match &others[..] {
            [first @ .., last] if !first.is_empty() => format!("{}, and {last}", first.join(", ")),
            others => others.concat(),
        };
        if self.is_proposed() {
            write!(f, "{}, which also allows {others}", self.edit)
        } else {
            write!(f, "to {} would also allow {others}", self.edit)
        }
    }
}

/// The change to `statement`, the nearest to allowing `identity`.
pub(super) fn propose(
    policy: &TrustPolicy,
    identity: &WebIdentity,
    statement: &EvaluatedStatement,
) -> Option<ProposedChange> {
    let failing: Vec<&EvaluatedCondition> =
        statement.conditions.iter().filter(|condition| condition.outcome == MatchResult::NotMet).collect();
    let [condition] = failing[..] else { return None };
    let key = condition.key.to_lowercase();
    if key != format!("{}:sub", identity.keys.provider()?.to_lowercase()) {
        return None;
    }
    let Lookup::Present(subject) = identity.keys.find(&key) else { return None };
    let Operator::Compare(test) = Operator::parse(&condition.operator)? else { return None };
    let edit = Edit { policy, identity, statement, condition, subject };
    if test.negated {
        return None;
    }
    edit.wildcards(test).or_else(|| edit.ids()).or_else(|| edit.whole_subject())
}

/// A failing condition on `sub`, and where it is.
pub(super) struct Edit<'a> {
    policy: &'a TrustPolicy,
    pub(super) identity: &'a WebIdentity,
    statement: &'a EvaluatedStatement,
    pub(super) condition: &'a EvaluatedCondition,
    subject: &'a str,
}

impl Edit<'_> {
    /// The operator with wildcards, where the values are meant as patterns.
    fn wildcards(&self, test: Test) -> Option<ProposedChange> {
        value::literal_wildcard(test.comparison, &self.condition.values)?;
        let (operator, like) = (&self.condition.operator, value::with_wildcards(&self.condition.operator));
        let plain = format!("use `{like}` in place of `{operator}` for `{}`", one_line(&self.condition.key));
        let guarded = format!(
            "{plain}, with `StringNotLike` and the values `{}` and `{}` for the same key beside it",
            FORGED[0], FORGED[1]
        );
        let values = &self.condition.values;
        let change = |guard: &[&str], text: String| {
            let mut policy = self.with_values(&like, values)?;
            if !guard.is_empty() {
                let guard: Vec<String> = guard.iter().map(|&value| value.to_owned()).collect();
                add(&mut policy, self.index(), "StringNotLike", &self.condition.key, &guard)?;
            }
            self.tried(policy, values, text)
        };
        let of_pattern = change(&[], plain)?;
        if of_pattern.is_proposed() {
            return Some(of_pattern);
        }
        change(&FORGED, guarded).filter(ProposedChange::is_proposed).or(Some(of_pattern))
    }

    /// The subject of a GitHub repository with its ids, where the policy has it without.
    fn ids(&self) -> Option<ProposedChange> {
        let values: Vec<String> = self
            .condition
            .values
            .iter()
            .map(|value| github::with_ids(value, self.subject))
            .collect::<Option<_>>()?;
        let listed = value::list(&values);
        let policy = self.with_values(&self.condition.operator, &values)?;
        self.tried(policy, &values, format!("write {listed}")).filter(ProposedChange::is_proposed)
    }

    /// The whole subject, where the policy has its beginning.
    fn whole_subject(&self) -> Option<ProposedChange> {
        let beginning = value::beginning(&self.condition.values, self.subject)?;
        // The V1 subject is a beginning of V2's, and the V1 token meets it.
        let is_whole = Subject::parse(beginning) != Subject::Other;
        if is_whole || self.subject.contains(['*', '?', '$']) {
            return None;
        }
        let values = [self.subject.to_owned()];
        let policy = self.with_values(&self.condition.operator, &values)?;
        self.tried(policy, &values, format!("require the whole subject `{}`", one_line(self.subject)))
    }

    pub(super) fn index(&self) -> usize {
        self.statement.number.saturating_sub(1)
    }

    /// The policy with another operator and other values for the failing condition.
    fn with_values(&self, operator: &str, values: &[String]) -> Option<TrustPolicy> {
        let mut policy = self.policy.clone();
        let conditions = &mut policy.statements.get_mut(self.index())?.condition.0;
        for (name, keys) in conditions.iter_mut() {
            if *name == self.condition.operator {
                keys.0.retain(|(key, _)| *key != self.condition.key);
            }
        }
        conditions.retain(|(_, keys)| !keys.0.is_empty());
        add(&mut policy, self.index(), operator, &self.condition.key, values)?;
        Some(policy)
    }

    /// The change to these values, if the changed policy allows the token. `None` where it cannot be said which other
    /// tokens it allows: several values with wildcards mix.
    fn tried(&self, policy: TrustPolicy, values: &[String], edit: String) -> Option<ProposedChange> {
        let allows =
            |policy: &TrustPolicy, identity: &WebIdentity| evaluate(policy, identity) == Verdict::Allowed;
        let with_wildcards = values.iter().filter(|value| value.contains(['*', '?'])).count();
        if with_wildcards > 1 || !allows(&policy, self.identity) {
            return None;
        }
        let siblings = sibling::of(&self.identity.keys, self.subject, values)?;
        let (before, after) = (self.alone(self.policy, &self.condition.values), self.alone(&policy, values));
        let also_allows: BTreeSet<Sibling> = siblings
            .into_iter()
            .map(|(kinds, keys)| (kinds, WebIdentity { keys, ..self.identity.clone() }))
            .filter(|(_, identity)| allows(&after, identity) && !allows(&before, identity))
            .flat_map(|(kinds, _)| kinds)
            .collect();
        Some(ProposedChange { policy, edit, also_allows })
    }
}

/// Adds a condition to a statement; `None` where the operator has the key already, as both would have to hold.
fn add(policy: &mut TrustPolicy, index: usize, operator: &str, key: &str, values: &[String]) -> Option<()> {
    let conditions = &mut policy.statements.get_mut(index)?.condition.0;
    let added = (key.to_owned(), Values(values.to_vec()));
    match conditions.iter_mut().find(|(name, _)| name == operator) {
        Some((_, keys)) if keys.0.iter().any(|(known, _)| known.eq_ignore_ascii_case(key)) => return None,
        Some((_, keys)) => keys.0.push(added),
        None => conditions.push((operator.to_owned(), Pairs(vec![added]))),
    }
    Some(())
}
