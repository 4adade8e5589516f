//! What was asked of STS and what is known around it: requests are values here already, so they are the facts.

use aws::{Region, Timestamp};

use crate::{AssumeRole, AssumeRoleWithWebIdentity};

/// The call that was refused.
#[derive(Debug)]
pub struct Situation<'a> {
    /// What was asked for.
    pub asked: Asked<'a>,
    /// The Region whose STS was asked.
    pub region: &'a Region,
    /// This machine's clock, when the answer came.
    pub now: Timestamp,
}

/// One of the three calls.
#[derive(Debug)]
pub enum Asked<'a> {
    /// A role, with the job's token.
    WithToken(AskedWithToken<'a>),
    /// A role, with the credentials of another.
    FromRole(AskedFromRole<'a>),
    /// Whose credentials these are.
    Identity(AskedForIdentity<'a>),
}

/// AssumeRoleWithWebIdentity.
#[derive(Debug)]
pub struct AskedWithToken<'a> {
    /// What was sent.
    pub request: AssumeRoleWithWebIdentity<'a>,
    /// The variable or file that the token is from.
    pub place: &'a str,
    /// Where the token with the other form of `sub` is from, if that was denied too.
    pub also_denied: Option<&'a str>,
}

/// AssumeRole.
#[derive(Debug)]
pub struct AskedFromRole<'a> {
    /// What was sent.
    pub request: AssumeRole<'a>,
    /// The ARN of the session that signed.
    pub caller: &'a str,
}

/// GetCallerIdentity.
#[derive(Debug)]
pub struct AskedForIdentity<'a> {
    /// Whose secret signed.
    pub access_key_id: &'a str,
    /// Whether a session token was sent.
    pub with_session_token: bool,
    /// Whether that one stood in `AWS_SECURITY_TOKEN`.
    pub with_older_variable: bool,
}

impl Situation<'_> {
    /// What the role's account has to have as an identity provider.
    pub(super) fn provider(&self) -> Option<String> {
        let Asked::WithToken(AskedWithToken { request, .. }) = &self.asked else { return None };
        Some(request.token.claims().issuer.provider_arn(request.role))
    }
}
