//! The verdict: a policy against a web identity or a role's session. Apart from `condition`, which knows
//! operators, as this file knows statements: explicit deny beats allow, nothing said means no.

use crate::{
    caller::{Caller, RoleSession},
    condition::{self, Outcome},
    document::{Effect, Statement, TrustPolicy},
    keys::{ConditionKeys, Lookup},
    pattern,
    reason::Reason,
};

/// The call of a web identity.
pub const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// Who asks: the identity provider of the role's account, and what the token says.
#[derive(Debug, Clone)]
pub struct WebIdentity {
    /// `arn:…:oidc-provider/…`, in the role's account.
    pub provider_arn: String,
    /// The token's claims as condition keys.
    pub keys: ConditionKeys,
}

/// A role's session that asks for something.
#[derive(Debug, Clone, Copy)]
pub struct RoleCall<'a> {
    /// Who asks.
    pub caller: &'a RoleSession,
    /// `sts:AssumeRole`; beside it `sts:TagSession` and `sts:SetSourceIdentity` are calls of their own.
    pub action: &'a str,
    /// The parameters as condition keys.
    pub keys: &'a ConditionKeys,
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
    let caller = Caller::Provider(&identity.provider_arn);
    verdict(policy, Request { caller, action: ACTION, keys: &identity.keys })
}

/// Judges `call` by `policy`. It takes two to let a role's session in: what the caller's own policies allow
/// is not asked here.
pub fn evaluate_role_call(policy: &TrustPolicy, call: RoleCall<'_>) -> Verdict {
    let RoleCall { caller, action, keys } = call;
    verdict(policy, Request { caller: Caller::Session(caller), action, keys })
}

/// What a policy is asked.
#[derive(Debug, Clone, Copy)]
struct Request<'a> {
    caller: Caller<'a>,
    action: &'a str,
    keys: &'a ConditionKeys,
}

fn verdict(policy: &TrustPolicy, request: Request<'_>) -> Verdict {
    let statements: Vec<Judged> =
        policy.statements.iter().enumerate().map(|(at, one)| Judged::new(policy, at, one, request)).collect();
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
    fn new(policy: &TrustPolicy, at: usize, statement: &Statement, request: Request<'_>) -> Self {
        let name = match &statement.sid {
            Some(sid) => format!("statement `{sid}`"),
            None => format!("statement {}", at + 1),
        };
        let judged =
            |outcome, reasons| Self { name: name.clone(), effect: statement.effect, outcome, reasons };
        if !request.caller.is_named_by(statement) {
            let caller = request.caller.arn().to_owned();
            return judged(Outcome::NotMet, vec![Reason::OtherPrincipal { statement: name.clone(), caller }]);
        }
        if !statement.actions.iter().any(|action| is_named_by(request.action, action)) {
            let action = request.action.to_owned();
            return judged(Outcome::NotMet, vec![Reason::OtherAction { statement: name.clone(), action }]);
        }
        let (outcome, reasons) = judge_conditions(&name, statement, request.keys, policy.has_variables());
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
                        Lookup::List(values) if !values.is_empty() => Some(values.join(", ")),
                        Lookup::List(_) | Lookup::Absent | Lookup::Unknown => None,
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

/// IAM ignores the case of an action and knows wildcards in the name that a policy has for it.
fn is_named_by(action: &str, name: &str) -> bool {
    pattern::matches(&name.to_lowercase(), &action.to_lowercase())
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "role_call_tests.rs"]
mod role_call_tests;
