//! GetCallerIdentity: no permission is needed, a valid signature is.

use crate::{
    refusal::Refusal,
    session::CallerIdentity,
    signed_call::{self, SignedCall},
    state::ServerState,
};

/// Verifies the call and returns the caller's identity.
pub(crate) fn identify(
    state: &ServerState,
    call: &SignedCall<'_>,
    now: i64,
) -> Result<CallerIdentity, Refusal> {
    signed_call::verify(call, |access_key_id| state.session(access_key_id), now)
        .map(|session| session.identity)
}
