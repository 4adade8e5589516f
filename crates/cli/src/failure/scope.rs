//! Credentials that were not narrowed: a setting or kind of credentials that STS does not take, or a refusal.

use sts::{GetScopedCredentials, IdentityRequest, RefusedRequest, Scope, ScopeSigner, ScopedRequest};

use super::{ExitStatus, Failure};
use crate::credentials::FoundCredentials;
use crate::exchange::network::Network;
use crate::exchange::retry::Attempts;
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

    /// Credentials that were there already.
    pub(crate) fn of_found_scope(
        error: &ScopeError,
        attempts: Attempts,
        scope: &Scope,
        found: &FoundCredentials,
        network: &Network,
    ) -> Self {
        let signer = ScopeSigner::Found(IdentityRequest {
            access_key_id: &found.credentials.access_key_id,
            with_session_token: found.credentials.session_token.is_some(),
            with_older_variable: found.with_older_variable,
        });
        let request = ScopedRequest { parameters: GetScopedCredentials { scope }, signer };
        Self::of_scope_error(error, attempts, request, network)
            .while_doing(format!("cannot narrow these credentials: {}", found.source))
    }

    /// Any credentials.
    fn of_scope_error(
        error: &ScopeError,
        attempts: Attempts,
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
