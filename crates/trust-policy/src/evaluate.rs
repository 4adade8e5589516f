//! The verdict: a policy against a web identity. Apart from `condition`, which knows operators, as
//! this file knows statements: explicit deny beats allow, nothing said means no.

use crate::{
    condition::{self, Outcome},
    document::{Effect, Principal, Statement, TrustPolicy},
    keys::{ConditionKeys, Lookup},
    pattern,
    reason::Reason,
};

/// The only call that is judged here.
pub const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// Who asks: the identity provider of the role's account, and what the token says.
#[derive(Debug, Clone)]
pub struct WebIdentity {
    /// `arn:…:oidc-provider/…`, in the role's account.
    pub provider_arn: String,
    /// The token's claims as condition keys.
    pub keys: ConditionKeys,
}

/// Whether the role can be assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A statement allows it and none denies.
    Allowed,
    /// With everything that stood in the way, in the policy's order.
    Denied {
        /// Never empty.
        reasons: Vec<Reason>,
    },
}

/// Judges `identity` by `policy`.
pub fn evaluate(policy: &TrustPolicy, identity: &WebIdentity) -> Verdict {
    let statements: Vec<Judged> = policy
        .statements
        .iter()
        .enumerate()
        .map(|(at, one)| Judged::new(policy, at, one, identity))
        .collect();
    let denials: Vec<Reason> = statements
        .iter()
        .filter(|judged| judged.effect == Effect::Deny && judged.outcome != Outcome::NotMet)
        .map(|judged| Reason::Denied { statement: judged.name.clone() })
        .collect();
    if !denials.is_empty() {
        return Verdict::Denied { reasons: denials };
    }
    let mut allows = statements.into_iter().filter(|judged| judged.effect == Effect::Allow).peekable();
    if allows.peek().is_none() {
        return Verdict::Denied { reasons: vec![Reason::NothingAllowed] };
    }
    let mut reasons = Vec::new();
    for judged in allows {
        if judged.outcome == Outcome::Met {
            return Verdict::Allowed;
        }
        reasons.extend(judged.reasons);
    }
    Verdict::Denied { reasons }
}

/// How one statement came out.
struct Judged {
    name: String,
    effect: Effect,
    outcome: Outcome,
    reasons: Vec<Reason>,
}

impl Judged {
    fn new(policy: &TrustPolicy, at: usize, statement: &Statement, identity: &WebIdentity) -> Self {
        let name = match &statement.sid {
            Some(sid) => format!("statement `{sid}`"),
            None => format!("statement {}", at + 1),
        };
        let judged =
            |outcome, reasons| Self { name: name.clone(), effect: statement.effect, outcome, reasons };
        if !names_provider(statement, &identity.provider_arn) {
            let provider = identity.provider_arn.clone();
            return judged(
                Outcome::NotMet,
                vec![Reason::OtherPrincipal { statement: name.clone(), provider }],
            );
        }
        if !statement.actions.iter().any(|action| names_action(action)) {
            return judged(Outcome::NotMet, vec![Reason::OtherAction { statement: name.clone() }]);
        }
        let (outcome, reasons) = judge_conditions(&name, statement, &identity.keys, policy.has_variables());
        judged(outcome, reasons)
    }
}

/// All conditions must hold. One that certainly doesn't decides, whatever is unknown beside it.
fn judge_conditions(
    name: &str,
    statement: &Statement,
    keys: &ConditionKeys,
    variables: bool,
) -> (Outcome, Vec<Reason>) {
    let mut combined = Outcome::Met;
    let mut reasons = Vec::new();
    for (operator, tests) in &statement.condition.0 {
        for (key, values) in &tests.0 {
            let (statement, operator, key) = (name.to_owned(), operator.clone(), key.clone());
            match condition::judge(&operator, &key, &values.0, keys, variables) {
                Outcome::Met => {}
                Outcome::NotMet => {
                    combined = Outcome::NotMet;
                    let found = match keys.find(&key) {
                        Lookup::Present(value) => Some(value.to_owned()),
                        Lookup::Absent | Lookup::Unknown => None,
                    };
                    reasons.push(Reason::ConditionNotMet { statement, operator, key, found });
                }
                Outcome::Unknown => {
                    if combined == Outcome::Met {
                        combined = Outcome::Unknown;
                    }
                    reasons.push(Reason::ConditionUnknown { statement, operator, key });
                }
            }
        }
    }
    (combined, reasons)
}

/// A wildcard keeps web identities out, and never lets them in.
fn names_provider(statement: &Statement, provider_arn: &str) -> bool {
    let denies = statement.effect == Effect::Deny;
    match &statement.principal {
        Principal::Anyone => denies,
        Principal::Named(kinds) => kinds.0.iter().any(|(kind, names)| {
            let federated = kind == "Federated" && names.0.iter().any(|name| name == provider_arn);
            federated || (denies && names.0.iter().any(|name| name == "*"))
        }),
    }
}

/// IAM ignores the case of an action and knows wildcards in it.
fn names_action(action: &str) -> bool {
    pattern::matches(&action.to_lowercase(), &ACTION.to_lowercase())
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
