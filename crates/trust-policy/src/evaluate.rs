//! The verdict of a policy for a web identity or a role's session. `condition` evaluates operators; this file
//! combines statements: an explicit deny overrides an allow, no statement means denied, and what depends on an
//! unknown value is unknown.

use serde::Serialize;

use crate::{
    actions::ASSUME_ROLE_WITH_WEB_IDENTITY,
    caller::{Caller, RoleSession},
    condition_keys::ConditionKeys,
    document::{Effect, TrustPolicy},
    evaluated::EvaluatedStatement,
    match_result::MatchResult,
    reason::Reason,
    request::Request,
};

/// A web identity: the identity provider in the role's account, and the token's condition keys.
#[derive(Debug, Clone)]
pub struct WebIdentity {
    /// `arn:…:oidc-provider/…`, in the role's account.
    pub provider_arn: String,
    /// The token's claims as condition keys.
    pub keys: ConditionKeys,
}

/// A call of a role's session.
#[derive(Debug, Clone, Copy)]
pub struct RoleCall<'a> {
    /// The session that makes the call.
    pub caller: &'a RoleSession,
    /// `sts:AssumeRole`; `sts:TagSession` and `sts:SetSourceIdentity` are evaluated as separate calls.
    pub action: &'a str,
    /// The call's parameters as condition keys.
    pub keys: &'a ConditionKeys,
}

/// Whether the role can be assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// A statement allows it and none denies.
    Allowed,
    /// With all reasons, in the policy's order.
    Denied {
        /// Never empty.
        reasons: Vec<Reason>,
    },
    /// It depends on something that is not known offline, such as the address that the call comes from.
    Unknown {
        /// What it depends on; never empty.
        reasons: Vec<Reason>,
    },
}

/// Evaluates `policy` for `identity`. A token with session tags or a source identity needs permission for them too.
/// The `roles` claim is not evaluated: STS compares it with the role before it reads the policy.
pub fn evaluate(policy: &TrustPolicy, identity: &WebIdentity) -> Verdict {
    deciding_evaluation(policy, identity).verdict
}

/// Evaluates `policy` for `call`. The caller's own policies must allow the call too; they are not evaluated here.
pub fn evaluate_role_call(policy: &TrustPolicy, call: RoleCall<'_>) -> Verdict {
    let RoleCall { caller, action, keys } = call;
    Evaluation::new(policy, Request { caller: Caller::Session(caller), action, keys }).verdict
}

/// A verdict with the evaluated statements.
pub(crate) struct Evaluation<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) statements: Vec<EvaluatedStatement>,
    pub(crate) verdict: Verdict,
}

/// The evaluation that decides: of the call itself, or of the first further action that is not allowed.
pub(crate) fn deciding_evaluation<'a>(policy: &TrustPolicy, identity: &'a WebIdentity) -> Evaluation<'a> {
    let WebIdentity { provider_arn, keys } = identity;
    let evaluation =
        |action| Evaluation::new(policy, Request { caller: Caller::Provider(provider_arn), action, keys });
    let rank = |evaluation: &Evaluation<'_>| match evaluation.verdict {
        Verdict::Denied { .. } => 0,
        Verdict::Unknown { .. } => 1,
        Verdict::Allowed => 2,
    };
    let call = evaluation(ASSUME_ROLE_WITH_WEB_IDENTITY);
    keys.required_actions()
        .iter()
        .map(|action| evaluation(action))
        .fold(call, |first, next| if rank(&next) < rank(&first) { next } else { first })
}

impl<'a> Evaluation<'a> {
    fn new(policy: &TrustPolicy, request: Request<'a>) -> Self {
        let statements = EvaluatedStatement::of_policy(policy, &request);
        let verdict = verdict(&statements, request);
        Self { request, statements, verdict }
    }
}

fn verdict(statements: &[EvaluatedStatement], request: Request<'_>) -> Verdict {
    let with = |effect, applies| {
        statements.iter().filter(move |statement| statement.effect == effect && statement.applies == applies)
    };
    let reasons_of = |statement: &EvaluatedStatement| Reason::of(statement, request);
    let denials: Vec<Reason> = with(Effect::Deny, MatchResult::Met).map(Reason::denied).collect();
    if !denials.is_empty() {
        return Verdict::Denied { reasons: denials };
    }
    let is_allowed = with(Effect::Allow, MatchResult::Met).next().is_some();
    let mut open: Vec<Reason> = with(Effect::Deny, MatchResult::Unknown).flat_map(reasons_of).collect();
    if is_allowed && open.is_empty() {
        return Verdict::Allowed;
    }
    if !is_allowed {
        if with(Effect::Allow, MatchResult::Unknown).next().is_none() {
            let mut allows =
                statements.iter().filter(|statement| statement.effect == Effect::Allow).peekable();
            let reasons = match allows.peek() {
                Some(_) => allows.flat_map(reasons_of).collect(),
                None => vec![Reason::NothingAllowed],
            };
            return Verdict::Denied { reasons };
        }
        open.extend(with(Effect::Allow, MatchResult::Unknown).flat_map(reasons_of));
    }
    Verdict::Unknown { reasons: open }
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "role_call_tests.rs"]
mod role_call_tests;
