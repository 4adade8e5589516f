//! Assumes one role: with the job's token, or with another role's session. Separate from the order of the whole
//! acquisition because many roles may be assumed at the same time.

use aws::{AssumedRoleArn, Credentials, RoleArn, SessionDuration, SessionName, SessionPolicies, Timestamp};
use oidc::{Token, TokenOrigin};
use sts::{AssumeRoleWithWebIdentity, Granted, Operation, SigningKeys, signed_headers};

use crate::exchange::chained_role::ChainedRole;
use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::record::{CallSubject, Fact};
use crate::exchange::retry::Attempts;
use crate::exchange::sts_client::{CallError, StsClient, StsRequest};
use crate::exchange::token_source::{FoundToken, TokenCandidates};
use crate::io::clock;

/// A role that is assumed with the job's token.
#[derive(Clone, Copy)]
pub(crate) struct RoleWithToken<'a> {
    /// The role.
    pub(crate) role: &'a RoleArn,
    /// The session's name.
    pub(crate) session_name: &'a SessionName,
    /// How long the credentials are valid.
    pub(crate) duration: SessionDuration,
    /// The session policies.
    pub(crate) policies: &'a SessionPolicies,
}

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RoleError {
    /// The token has expired, so STS was not called.
    #[error(transparent)]
    Expired(TokenExpired),
    /// The call to STS failed.
    #[error(transparent)]
    Call(CallError),
}

/// A token that STS would refuse for every role.
#[derive(Debug, thiserror::Error)]
#[error("the token from {origin} expired at {at}; it is now {now}")]
pub(crate) struct TokenExpired {
    /// Where it came from.
    pub(crate) origin: TokenOrigin,
    /// Its `exp`.
    pub(crate) at: Timestamp,
    /// This machine's clock.
    pub(crate) now: Timestamp,
}

/// A role that could not be assumed.
pub(crate) struct RoleFailure<'a> {
    /// Why.
    pub(crate) error: RoleError,
    /// How often STS was called.
    pub(crate) attempts: Attempts,
    /// What was requested.
    pub(crate) request: FailedRequest<'a>,
}

/// What was requested, and with which token or credentials.
pub(crate) enum FailedRequest<'a> {
    /// With a token.
    WithToken {
        /// The role.
        role: RoleWithToken<'a>,
        /// The token, for its claims.
        token: Box<FoundToken>,
        /// The token with the other form of `sub`, if STS denied it too.
        also_denied: Option<Box<FoundToken>>,
    },
    /// In a chain, with the credentials of the role before it.
    Chained {
        /// The role.
        role: &'a ChainedRole,
        /// The session's name.
        session_name: &'a SessionName,
        /// The session whose credentials signed the request.
        caller: AssumedRoleArn,
    },
}

impl<'a> RoleWithToken<'a> {
    /// The request to STS.
    pub(crate) fn request<'t>(&self, token: &'t Token) -> AssumeRoleWithWebIdentity<'t>
    where
        'a: 't,
    {
        let Self { role, session_name, duration, policies } = *self;
        AssumeRoleWithWebIdentity { role, session_name, duration, token, policies }
    }

    /// Sends the token; if STS denies it and its `sub` may be the reason, sends the token with the other form of `sub`.
    /// Returns which token STS accepted.
    pub(super) async fn assume(
        &self,
        tokens: &TokenCandidates,
        client: StsClient<'_>,
        on_progress: OnProgress<'_>,
    ) -> Result<(Granted, TokenOrigin), Box<RoleFailure<'a>>> {
        let first = &tokens.first;
        let mut failed = match self.send(first, client, on_progress).await {
            Ok(granted) => return Ok((granted, first.origin.clone())),
            Err(failed) => failed,
        };
        let (Some(second), FailedRequest::WithToken { also_denied, .. }) =
            (tokens.second(clock::now()), &mut failed.request)
        else {
            return Err(failed);
        };
        if !failed.error.is_access_denied() {
            return Err(failed);
        }
        on_progress(&Progress::OtherSubject { denied: &first.origin, next: second });
        match self.send(second, client, on_progress).await {
            Ok(granted) => {
                on_progress(&Progress::OtherSubjectTrusted);
                Ok((granted, second.origin.clone()))
            }
            Err(second_failed) if second_failed.error.is_access_denied() => {
                *also_denied = Some(Box::new(second.clone()));
                Err(failed)
            }
            Err(second_failed) => Err(second_failed),
        }
    }

    async fn send(
        &self,
        found: &FoundToken,
        client: StsClient<'_>,
        on_progress: OnProgress<'_>,
    ) -> Result<Granted, Box<RoleFailure<'a>>> {
        let failed = |error, attempts| {
            let token = Box::new(found.clone());
            let request = FailedRequest::WithToken { role: *self, token, also_denied: None };
            Box::new(RoleFailure { error, attempts, request })
        };
        check_not_expired(found).map_err(|error| failed(RoleError::Expired(error), Attempts::NONE))?;
        let form = self.request(&found.token).to_form();
        let call = CallSubject {
            operation: "AssumeRoleWithWebIdentity",
            role: Some((self.role, self.duration)),
            token: Some(found),
        };
        let request = StsRequest { call, form: &form, sign: &Vec::new, secret: found.token.expose() };
        let granted = client
            .call(&request, |response| response.granted(Operation::AssumeRoleWithWebIdentity), on_progress)
            .await;
        if let Ok(granted) = &granted {
            report_granted(granted, on_progress);
        }
        granted.map_err(|(error, attempts)| failed(RoleError::Call(error), attempts))
    }
}

/// A response's facts; STS refuses a token that is too large, so the user hears of one that almost is.
fn report_granted(granted: &Granted, on_progress: OnProgress<'_>) {
    on_progress(&Progress::Fact(Fact::Granted(granted)));
    if let Some(note) = granted.token_size.note() {
        on_progress(&Progress::LargeSessionToken(note));
    }
}

/// A token that has expired is not sent.
pub(super) fn check_not_expired(found: &FoundToken) -> Result<(), TokenExpired> {
    let (claims, now) = (found.token.claims(), clock::now());
    if claims.expired_at(now) {
        return Err(TokenExpired { origin: found.origin.clone(), at: claims.expires_at, now });
    }
    Ok(())
}

/// Assumes a chained role with the session of the role before it.
pub(super) async fn assume_chained<'a>(
    before: &Granted,
    role: &'a ChainedRole,
    session_name: &'a SessionName,
    client: StsClient<'_>,
    on_progress: OnProgress<'_>,
) -> Result<Granted, Box<RoleFailure<'a>>> {
    let form = role.request(session_name).to_form();
    let network = client.network;
    let credentials: &Credentials = &before.credentials;
    let sign = || {
        let keys = SigningKeys::from(credentials);
        signed_headers(keys, &network.signing_region, &network.endpoint.host(), &form, clock::now())
    };
    let call = CallSubject { operation: "AssumeRole", role: Some((&role.role, role.duration)), token: None };
    let secret = credentials.session_token.expose();
    let request = StsRequest { call, form: &form, sign: &sign, secret };
    let granted =
        client.call(&request, |response| response.granted(Operation::AssumeRole), on_progress).await;
    if let Ok(granted) = &granted {
        report_granted(granted, on_progress);
    }
    granted.map_err(|(error, attempts)| {
        let caller = before.role_session_arn.clone();
        let request = FailedRequest::Chained { role, session_name, caller };
        Box::new(RoleFailure { error: RoleError::Call(error), attempts, request })
    })
}

impl RoleError {
    /// Whether STS denied the request with `AccessDenied`.
    pub(crate) fn is_access_denied(&self) -> bool {
        matches!(self, Self::Call(error) if error.is_access_denied())
    }
}
