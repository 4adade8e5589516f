//! One role, by either way: with the job's token, or from another role's session. Apart from the flow of one
//! command, as other roles may be asked for at the same time.

use aws::{Credentials, RoleArn, SessionDuration, SessionName, SessionPolicies, Timestamp};
use oidc::Token;
use sts::{AssumeRoleWithWebIdentity, Granted, Operation, SigningKeys, signed_headers};

use super::{ExchangeError, Exchanged, Failed, Step};
use crate::exchange::chain::Hop;
use crate::exchange::progress::{Progress, Tell};
use crate::exchange::sts_client::{Call, Line};
use crate::exchange::token_source::{Found, FoundToken};
use crate::io::clock;

/// A role that the job's token opens.
#[derive(Clone, Copy)]
pub(crate) struct TokenRole<'a> {
    /// The role to become.
    pub(crate) role: &'a RoleArn,
    /// The session's name.
    pub(crate) session_name: &'a SessionName,
    /// How long the credentials last.
    pub(crate) duration: SessionDuration,
    /// What narrows the session.
    pub(crate) policies: &'a SessionPolicies,
}

impl<'a> TokenRole<'a> {
    /// What STS is asked.
    pub(crate) fn request<'t>(&self, token: &'t Token) -> AssumeRoleWithWebIdentity<'t>
    where
        'a: 't,
    {
        let Self { role, session_name, duration, policies } = *self;
        AssumeRoleWithWebIdentity { role, session_name, duration, token, policies }
    }

    /// Shows the token; once more the one with the other `sub`, where only that may be in the way.
    pub(crate) async fn assume(
        &self,
        found: &Found,
        line: Line<'_>,
        tell: Tell<'_>,
    ) -> Result<Exchanged, Box<Failed<'a>>> {
        let first = &found.first;
        let mut failed = match self.show(first, line, tell).await {
            Ok(exchanged) => return Ok(exchanged),
            Err(failed) => failed,
        };
        let (Some(second), Step::Token { also_denied, .. }) = (&found.second, &mut failed.step) else {
            return Err(failed);
        };
        if !failed.error.is_access_denied() {
            return Err(failed);
        }
        tell(&Progress::OtherSubject { denied: &first.place, next: &second.place });
        match self.show(second, line, tell).await {
            Ok(exchanged) => {
                tell(&Progress::OtherSubjectTrusted);
                Ok(exchanged)
            }
            Err(later) if later.error.is_access_denied() => {
                *also_denied = Some(second.place.clone());
                Err(failed)
            }
            Err(later) => Err(later),
        }
    }

    /// One token.
    async fn show(
        &self,
        found: &FoundToken,
        line: Line<'_>,
        tell: Tell<'_>,
    ) -> Result<Exchanged, Box<Failed<'a>>> {
        let failed = |error, attempts| {
            let step = Step::Token { asked: *self, found: Box::new(found.clone()), also_denied: None };
            Box::new(Failed { error, attempts, step })
        };
        check_not_expired(found, clock::now()).map_err(|error| failed(error, 0))?;
        let form = self.request(&found.token).to_form();
        let call = Call { form: &form, sign: &Vec::new, secret: found.token.expose() };
        let granted =
            line.asked(&call, |answer| answer.granted(Operation::AssumeRoleWithWebIdentity), tell).await;
        match granted {
            Ok(granted) => Ok(Exchanged { granted, place: found.place.clone() }),
            Err((error, attempts)) => Err(failed(ExchangeError::Call(error), attempts)),
        }
    }
}

/// STS would only say the same, and later.
pub(crate) fn check_not_expired(found: &FoundToken, now: Timestamp) -> Result<(), ExchangeError> {
    let claims = found.token.claims();
    if claims.expired_at(now) {
        return Err(ExchangeError::Expired { place: found.place.clone(), at: claims.expires_at, now });
    }
    Ok(())
}

/// From one role to the next.
pub(crate) async fn go_on<'a>(
    before: &Granted,
    hop: &'a Hop,
    session_name: &'a SessionName,
    line: Line<'_>,
    tell: Tell<'_>,
) -> Result<Granted, Box<Failed<'a>>> {
    let form = hop.request(session_name).to_form();
    let network = line.network;
    let credentials: &Credentials = &before.credentials;
    let sign = || {
        let keys = SigningKeys::from(credentials);
        signed_headers(keys, &network.signing_region, &network.endpoint.host(), &form, clock::now())
    };
    let call = Call { form: &form, sign: &sign, secret: credentials.session_token.expose() };
    let granted = line.asked(&call, |answer| answer.granted(Operation::AssumeRole), tell).await;
    granted.map_err(|(error, attempts)| {
        let step = Step::Hop { hop, session_name, caller: before.role_session_arn.clone() };
        Box::new(Failed { error: ExchangeError::Call(error), attempts, step })
    })
}
