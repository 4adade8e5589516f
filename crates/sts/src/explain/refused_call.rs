//! The call that STS refused, and what is known around it. The requests are values already, so they are the facts.

use aws::{AssumedRoleArn, Region, Timestamp};
use oidc::TokenOrigin;

use crate::catalogue::Call;
use crate::{AssumeRole, AssumeRoleWithWebIdentity, GetScopedCredentials};

/// The call that was refused.
#[derive(Debug)]
pub struct RefusedCall<'a> {
    /// What was sent.
    pub request: RefusedRequest<'a>,
    /// The Region whose STS refused it.
    pub region: &'a Region,
    /// This machine's clock when the response came.
    pub now: Timestamp,
}

/// The request of one of the four operations.
#[derive(Debug)]
pub enum RefusedRequest<'a> {
    /// AssumeRoleWithWebIdentity.
    WithToken(RequestWithToken<'a>),
    /// AssumeRole.
    FromRole(RequestFromRole<'a>),
    /// GetCallerIdentity.
    Identity(IdentityRequest<'a>),
    /// `GetScopedCredentials`.
    Scoped(ScopedRequest<'a>),
}

/// A request for a role with the job's token.
#[derive(Debug)]
pub struct RequestWithToken<'a> {
    /// What was sent.
    pub parameters: AssumeRoleWithWebIdentity<'a>,
    /// Where the token came from.
    pub origin: &'a TokenOrigin,
    /// Where the token with the other form of `sub` came from, if STS denied that too.
    pub also_denied: Option<&'a TokenOrigin>,
}

/// A request for the next role of a chain.
#[derive(Debug)]
pub struct RequestFromRole<'a> {
    /// What was sent.
    pub parameters: AssumeRole<'a>,
    /// The session that signed.
    pub caller: &'a AssumedRoleArn,
}

/// A request for the identity of credentials.
#[derive(Debug)]
pub struct IdentityRequest<'a> {
    /// The key whose secret signed.
    pub access_key_id: &'a str,
    /// Whether a session token was sent.
    pub with_session_token: bool,
    /// Whether the session token came from `AWS_SECURITY_TOKEN`.
    pub with_older_variable: bool,
}

/// A request for narrower or shorter credentials.
#[derive(Debug)]
pub struct ScopedRequest<'a> {
    /// What was sent.
    pub parameters: GetScopedCredentials<'a>,
    /// Whose credentials signed.
    pub signer: ScopeSigner<'a>,
}

/// The credentials that are narrowed.
#[derive(Debug)]
pub enum ScopeSigner<'a> {
    /// STS granted this session in the same run.
    JustGranted(&'a AssumedRoleArn),
    /// This program found them.
    Found(IdentityRequest<'a>),
}

impl RefusedCall<'_> {
    /// The ARN of the identity provider that the role's account needs.
    pub(super) fn provider(&self) -> Option<String> {
        let RefusedRequest::WithToken(RequestWithToken { parameters, .. }) = &self.request else {
            return None;
        };
        Some(parameters.token.claims().issuer.provider_arn_for(parameters.role))
    }

    /// Which of the four operations it was, for the catalogue.
    pub(super) fn operation(&self) -> Call {
        match self.request {
            RefusedRequest::WithToken(_) => Call::WithToken,
            RefusedRequest::FromRole(_) => Call::FromRole,
            RefusedRequest::Identity(_) => Call::Identity,
            RefusedRequest::Scoped(_) => Call::Scoped,
        }
    }
}
