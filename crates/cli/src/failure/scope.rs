//! Credentials that were not narrowed: a setting or kind of credentials that STS does not take, or a refusal.

use sts::{GetScopedCredentials, RefusedRequest, ScopeSigner, ScopedRequest};

use super::{ExitStatus, Failure};
use crate::exchange::network::Network;
use crate::exchange::scoping::{ScopeError, ScopeFailure};

impl Failure {
    /// The credentials of a session that STS has just granted.
    pub(super) fn of_scope(failed: &ScopeFailure<'_>, network: &Network) -> Self {
        let ScopeFailure { error, attempts, scope, caller } = failed;
        let request = ScopedRequest {
            parameters: GetScopedCredentials { scope },
            signer: ScopeSigner::JustGranted(caller),
        };
        Self::of_scope_error(error, *attempts, request, network)
            .while_doing(format!("cannot narrow the credentials of `{caller}`"))
    }

    /// Any credentials.
    pub(super) fn of_scope_error(
        error: &ScopeError,
        attempts: u32,
        request: ScopedRequest<'_>,
        network: &Network,
    ) -> Self {
        match error {
            ScopeError::NotRegional(flaw) => Self::of(ExitStatus::Settings, error).hint(flaw.hint()),
            ScopeError::NotTemporary(flaw) => Self::of(ExitStatus::Settings, error).hint(flaw.hint()),
            ScopeError::Call(call) => {
                let failure = Self::of_call(call, network, RefusedRequest::Scoped(request));
                failure.with_attempts(attempts, network)
            }
        }
    }
}
