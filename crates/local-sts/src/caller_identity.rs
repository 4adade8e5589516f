//! Who a session is, as GetCallerIdentity says it and as the exchange announced it.

use crate::{arn::RoleArn, refusal::Refusal, signed_call, signed_call::SignedCall, world::World};

/// The three fields of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallerIdentity {
    pub(crate) arn: String,
    pub(crate) user_id: String,
    pub(crate) account: String,
}

impl CallerIdentity {
    /// The session of a role.
    pub(crate) fn of_session(role: &RoleArn, role_id: &str, session_name: &str) -> Self {
        Self {
            arn: role.session(session_name),
            user_id: format!("{role_id}:{session_name}"),
            account: role.account.clone(),
        }
    }
}

/// GetCallerIdentity: no permission is needed, a good signature is.
pub(crate) fn identify(world: &World, call: &SignedCall<'_>, now: i64) -> Result<CallerIdentity, Refusal> {
    signed_call::verify(call, |access_key_id| world.grant(access_key_id), now).map(|grant| grant.identity)
}
