//! The verdict: a policy against a web identity or a role's session. Apart from `condition`, which knows
//! operators, as this file knows what statements make of each other: explicit deny beats allow, nothing said
//! means no, and what hangs on something unknown is unknown.

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// A statement allows it and none denies.
    Allowed,
    /// With everything that stood in the way, in the policy's order.
    Denied {
        /// Never empty.
        reasons: Vec<Reason>,
    },
    /// It hangs on something that can't be seen from here, such as the address that the call comes from.
    Unknown {
        /// What it hangs on; never empty.
        reasons: Vec<Reason>,
    },
}

/// Judges `identity` by `policy`. A token that carries session tags or a source identity needs permission for
/// them too. A `roles` claim, which STS compares with the role before it reads the policy, isn't asked here.
pub fn evaluate(policy: &TrustPolicy, identity: &WebIdentity) -> Verdict {
    judge(policy, identity).verdict
}

/// Judges `call` by `policy`. It takes two to let a role's session in: what the caller's own policies allow
/// is not asked here.
pub fn evaluate_role_call(policy: &TrustPolicy, call: RoleCall<'_>) -> Verdict {
    let RoleCall { caller, action, keys } = call;
    Judgement::new(policy, Request { caller: Caller::Session(caller), action, keys }).verdict
}

/// A verdict with what led to it.
pub(crate) struct Judgement<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) statements: Vec<EvaluatedStatement>,
    pub(crate) verdict: Verdict,
}

/// The judgement that decides: on the call itself, or on the first permission beside it that isn't given.
pub(crate) fn judge<'a>(policy: &TrustPolicy, identity: &'a WebIdentity) -> Judgement<'a> {
    let WebIdentity { provider_arn, keys } = identity;
    let ask =
        |action| Judgement::new(policy, Request { caller: Caller::Provider(provider_arn), action, keys });
    let rank = |judgement: &Judgement<'_>| match judgement.verdict {
        Verdict::Denied { .. } => 0,
        Verdict::Unknown { .. } => 1,
        Verdict::Allowed => 2,
    };
    let call = ask(ASSUME_ROLE_WITH_WEB_IDENTITY);
    keys.required_actions()
        .iter()
        .map(|action| ask(action))
        .fold(call, |first, next| if rank(&next) < rank(&first) { next } else { first })
}

impl<'a> Judgement<'a> {
    fn new(policy: &TrustPolicy, request: Request<'a>) -> Self {
        let statements = EvaluatedStatement::of_policy(policy, &request);
        let verdict = verdict(&statements, request);
        Self { request, statements, verdict }
    }
}

fn verdict(statements: &[EvaluatedStatement], request: Request<'_>) -> Verdict {
    let with = |effect, applies| {
        statements.iter().filter(move |judged| judged.effect == effect && judged.applies == applies)
    };
    let reasons_of = |judged: &EvaluatedStatement| Reason::of(judged, request);
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
            let mut allows = statements.iter().filter(|judged| judged.effect == Effect::Allow).peekable();
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
