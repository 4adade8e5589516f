//! GetScopedCredentials: further credentials of the calling session, narrower or shorter. AWS documents which calls it
//! refuses and not its texts (facts/aws-2026.md 1.5, 1.6), so the texts are this server's own.

use crate::{
    form::Form,
    limits::SESSION_TOKEN_LIMIT,
    refusal::Refusal,
    scope_parameters,
    scope_policy::ScopePolicy,
    session::{GrantedSession, ResponseDetails},
    signed_call::{self, SignedCall},
    state::ServerState,
};

/// How many scope policies a session may have.
const MOST_LAYERS: usize = 3;

/// Decides a call and makes credentials. They are valid once the state has stored them.
///
/// A scope policy must itself allow the action for the next call. Whether AWS requires that is not known: what works here
/// then works there too.
pub(crate) fn narrow(
    state: &ServerState,
    call: &SignedCall<'_>,
    form: &Form,
    now: i64,
) -> Result<GrantedSession, Refusal> {
    let caller = signed_call::verify(call, |access_key_id| state.session(access_key_id), now)?;
    let parameters = scope_parameters::read(form)?;
    let denied = |reason| Err(Refusal::ScopeDenied { caller: caller.identity.arn.clone(), reason });
    if !caller.may("sts:GetScopedCredentials", "*") {
        return denied("because no scope-down policy allows the action");
    }
    let mut scope_policies = caller.scope_policies.clone();
    if let Some(text) = parameters.policy {
        let policy = ScopePolicy::read(text)?;
        if scope_policies.len() == MOST_LAYERS {
            return denied("because the session has three scope-down policies");
        }
        scope_policies.push(policy);
    }
    let expires_at = parameters.duration.map_or(caller.credentials.expires_at, |seconds| now + seconds);
    if expires_at > caller.credentials.expires_at {
        return Err(Refusal::SessionTooShort);
    }
    let size = token_size(&caller, parameters.policy, parameters.least_token_size)?;
    Ok(GrantedSession {
        credentials: caller.credentials.of_same_session(size, expires_at),
        identity: caller.identity,
        chain_attributes: caller.chain_attributes,
        scope_policies,
        details: ResponseDetails::Scoped,
    })
}

/// The token has the policy in it. AWS packs it in a form that it does not document; here each character is one more.
fn token_size(caller: &GrantedSession, policy: Option<&str>, least: usize) -> Result<usize, Refusal> {
    let size =
        caller.credentials.session_token.chars().count() + policy.map_or(0, |text| text.chars().count());
    match size.max(least) {
        size @ 0..=SESSION_TOKEN_LIMIT => Ok(size),
        size => Err(Refusal::PackedPolicyTooLarge(size * 100 / SESSION_TOKEN_LIMIT)),
    }
}

impl GrantedSession {
    /// Whether every scope policy allows an action on a resource. A session without one may do everything: identity
    /// policies are not played here.
    pub(crate) fn may(&self, action: &str, resource: &str) -> bool {
        self.scope_policies.iter().all(|policy| policy.allows(action, resource))
    }
}
