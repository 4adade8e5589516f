//! Narrows or shortens the credentials of a session (GetScopedCredentials, facts/aws-2026.md 1): after the last role,
//! because a scope does not follow into the next one.

use aws::{AssumedRoleArn, Region, Secret};
use sts::{
    Endpoint, GetScopedCredentials, NotRegional, NotTemporary, RegionalEndpoint, Scope, ScopedCredentials,
    SigningKeys, TemporaryKeys,
};

use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::record::CallSubject;
use crate::exchange::retry::Attempts;
use crate::exchange::sts_client::{CallError, StsClient, StsRequest};
use crate::io::clock;

/// Its name.
pub(crate) const OPERATION: &str = "GetScopedCredentials";

/// Why credentials were not narrowed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScopeError {
    /// No endpoint that does.
    #[error(transparent)]
    NotRegional(NotRegional),
    /// Credentials that STS does not narrow.
    #[error(transparent)]
    NotTemporary(NotTemporary),
    /// The call to STS failed.
    #[error(transparent)]
    Call(CallError),
}

/// A session whose credentials could not be narrowed.
pub(crate) struct ScopeFailure<'a> {
    /// Why.
    pub(crate) error: ScopeError,
    /// How often STS was called.
    pub(crate) attempts: Attempts,
    /// What was requested.
    pub(crate) scope: &'a Scope,
    /// The session whose credentials signed the request.
    pub(crate) caller: AssumedRoleArn,
}

/// The endpoint of a Region that the user named: in a setting, or as part of an endpoint of AWS. The Region that
/// signatures name may be a default, so it does not count.
pub(crate) fn regional_endpoint<'n>(
    endpoint: &'n Endpoint,
    endpoint_name: Option<&'static str>,
    region: Option<&Region>,
) -> Result<RegionalEndpoint<'n>, NotRegional> {
    let of_endpoint = endpoint.region().filter(|_| endpoint_name.is_some());
    RegionalEndpoint::new(endpoint, region.or(of_endpoint.as_ref()))
}

/// Narrows the credentials of these keys. `caller` is the ARN of their session, where it is known: credentials of another
/// one are an error. An error comes with the number of attempts.
pub(crate) async fn narrow(
    keys: SigningKeys<'_>,
    caller: Option<&str>,
    scope: &Scope,
    region: Option<&Region>,
    client: StsClient<'_>,
    on_progress: OnProgress<'_>,
) -> Result<ScopedCredentials, (ScopeError, Attempts)> {
    let network = client.network;
    let endpoint = regional_endpoint(&network.endpoint, network.endpoint_name, region);
    let endpoint = endpoint.map_err(|error| (ScopeError::NotRegional(error), Attempts::NONE))?;
    let temporary =
        TemporaryKeys::try_from(keys).map_err(|error| (ScopeError::NotTemporary(error), Attempts::NONE))?;
    let form = GetScopedCredentials { scope }.to_form();
    let sign = || GetScopedCredentials::headers(temporary, &endpoint, &form, clock::now());
    let secret = keys.session_token.map_or("", Secret::expose);
    let call = CallSubject { operation: OPERATION, role: None, token: None };
    let request = StsRequest { call, form: &form, sign: &sign, secret };
    let scoped = client.call(&request, |response| response.scoped_credentials(caller), on_progress).await;
    let scoped = scoped.map_err(|(error, attempts)| (ScopeError::Call(error), attempts))?;
    if let Some(note) = scoped.token_size.note() {
        on_progress(&Progress::LargeSessionToken(note));
    }
    Ok(scoped)
}

/// What limits the credentials, for the user.
pub(crate) fn words(scope: &Scope) -> String {
    match (scope.policy(), scope.duration()) {
        (Some(_), Some(duration)) => format!("to the scope policy and to {duration}"),
        (None, Some(duration)) => format!("to {duration}"),
        (_, None) => "to the scope policy".to_owned(),
    }
}
