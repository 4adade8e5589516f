//! From a call to its response: which operation it is, and which fault applies to it. Separate from the connection, so
//! that everything below HTTP is a function of the call and the time.

use crate::{
    arn::RoleArn,
    assume_role, assume_role_with_web_identity,
    fault::{Fault, HOSTILE_SESSION_TOKEN},
    form::Form,
    get_caller_identity, get_scoped_credentials,
    recording::RecordedRequest,
    refusal::{Refusal, TokenError},
    response::{StsResponse, Transmission},
    session::{GrantedSession, ResponseDetails},
    signed_call::SignedCall,
    state::ServerState,
};

const VERSION: &str = "2011-06-15";
/// Where AWS redirects a request without an `Action`.
const PRODUCT_PAGE: &str = "https://aws.amazon.com/iam";
const HUGE: usize = 10_000_000;

/// A call whose body has been read.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// `None` where it is larger than the limit of AWS.
    pub(crate) body: Option<Vec<u8>>,
}

/// Records the call and decides its response.
pub(crate) fn respond(state: &ServerState, call: &Call, now: i64) -> Transmission {
    let form = call.form();
    let action = form.first("Action").map(str::to_owned);
    state.record(RecordedRequest {
        method: call.method.clone(),
        path: call.path.clone(),
        headers: call.headers.clone(),
        form: form.0.clone(),
        action: action.clone(),
        signer: call.signed(&[]).access_key_id().and_then(|access_key_id| state.signer(&access_key_id)),
    });
    let Some(body) = &call.body else { return Transmission::Complete(StsResponse::empty(413)) };
    let Some(action) = action else { return Transmission::Complete(StsResponse::redirect(PRODUCT_PAGE)) };
    let version = form.first("Version");
    match (action.as_str(), version) {
        ("AssumeRoleWithWebIdentity", Some(VERSION)) => {
            assume(state, &form, now, || assume_role_with_web_identity::assume(state, &form, now))
        }
        ("AssumeRole", Some(VERSION)) => {
            assume(state, &form, now, || assume_role::assume(state, &call.signed(body), &form, now))
        }
        ("GetScopedCredentials", Some(VERSION)) => {
            let fault = state.take_fault(&action);
            deliver(fault, &form, now, || {
                let narrowed = get_scoped_credentials::narrow(state, &call.signed(body), &form, now);
                decided_response(state, narrowed, fault, now)
            })
        }
        ("GetCallerIdentity", Some(VERSION)) => deliver(state.take_fault(&action), &form, now, || {
            match get_caller_identity::identify(state, &call.signed(body), now) {
                Ok(identity) => StsResponse::caller_identity(&identity, now),
                Err(refusal) => StsResponse::refused(&refusal, now),
            }
        }),
        _ => {
            let refusal =
                Refusal::UnknownOperation { operation: action, version: version.map(str::to_owned) };
            Transmission::Complete(StsResponse::refused(&refusal, now))
        }
    }
}

impl Call {
    /// A GET has its parameters in the query. A body has parameters only where its `Content-Type` is that of a form.
    fn form(&self) -> Form {
        let is_form = |(name, value): &(String, String)| {
            name == "content-type" && value.to_lowercase().starts_with("application/x-www-form-urlencoded")
        };
        match &self.body {
            _ if self.method == "GET" => Form::parse(self.query.as_bytes()),
            Some(body) if self.headers.iter().any(is_form) => Form::parse(body),
            _ => Form::default(),
        }
    }

    fn signed<'a>(&'a self, body: &'a [u8]) -> SignedCall<'a> {
        let Self { method, path, query, headers, .. } = self;
        SignedCall { method, path, query, headers, body }
    }
}

/// A call that assumes a role. A fault may be planned for the role.
fn assume(
    state: &ServerState,
    form: &Form,
    now: i64,
    decide: impl FnOnce() -> Result<GrantedSession, Refusal>,
) -> Transmission {
    let fault = form.first("RoleArn").and_then(|role_arn| state.take_fault(role_arn));
    deliver(fault, form, now, || decided_response(state, decide(), fault, now))
}

/// Applies a fault, whatever the response of `decided` would be.
fn deliver(
    fault: Option<Fault>,
    form: &Form,
    now: i64,
    decided: impl FnOnce() -> StsResponse,
) -> Transmission {
    let refused = |refusal| Transmission::Complete(StsResponse::refused(&refusal, now));
    match fault {
        None
        | Some(
            Fault::HostileCredentials | Fault::PropagatedIdentity | Fault::UnknownKey | Fault::Expiring(_),
        ) => Transmission::Complete(decided()),
        Some(Fault::Delay(delay)) => Transmission::Delayed(delay, decided()),
        Some(Fault::ResetInBody) => Transmission::ResetInBody(decided()),
        Some(Fault::TruncatedXml) => {
            let mut response = decided();
            response.body.truncate(response.body.len() / 2);
            Transmission::Complete(response)
        }
        Some(Fault::Throttling) => refused(Refusal::Throttled),
        Some(Fault::InternalFailure) => refused(Refusal::InternalFailure),
        Some(Fault::ServiceUnavailable) => refused(Refusal::Unavailable),
        Some(Fault::IdpCommunication) => refused(Refusal::IssuerNotReached),
        Some(Fault::VerificationKey) => refused(Refusal::InvalidIdentityToken(TokenError::NoKey)),
        Some(Fault::Thumbprint) => refused(Refusal::InvalidIdentityToken(TokenError::Thumbprint)),
        Some(Fault::ScopeDenied) => {
            refused(Refusal::ScopeDenied { caller: "the caller".to_owned(), reason: "" })
        }
        Some(Fault::InvalidSubject) => refused(Refusal::InvalidSubject),
        Some(Fault::RoleNotFound) => refused(Refusal::RoleNotFound),
        Some(Fault::RegionDisabled) => {
            let arn = form.first("RoleArn").and_then(|arn| arn.parse::<RoleArn>().ok());
            refused(Refusal::RegionDisabled { account: arn.map(|arn| arn.account).unwrap_or_default() })
        }
        Some(Fault::BadGatewayHtml) => {
            let page = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>\n";
            Transmission::Complete(StsResponse::page(502, "text/html", page))
        }
        Some(Fault::Status(status)) => {
            Transmission::Complete(StsResponse::page(status, "text/plain", "not now\n"))
        }
        Some(Fault::RetryAfter(seconds)) => {
            let mut response = StsResponse::refused(&Refusal::Unavailable, now);
            response.headers.push(("retry-after", seconds.to_string()));
            Transmission::Complete(response)
        }
        Some(Fault::Html) => {
            let page = "<!DOCTYPE html>\n<html><body><p>Sign in to the network<br></body></html>\n";
            Transmission::Complete(StsResponse::page(200, "text/html", page))
        }
        Some(Fault::Huge) => Transmission::Complete(StsResponse::page(200, "text/xml", vec![b' '; HUGE])),
        Some(Fault::Redirect) => Transmission::Complete(StsResponse::redirect("/followed")),
        Some(Fault::Empty) => Transmission::Complete(StsResponse::empty(200)),
        Some(Fault::Close) => Transmission::ConnectionClosed,
        Some(Fault::Hang) => Transmission::NoResponse,
    }
}

/// The response to the outcome. A session that it gives out is stored.
fn decided_response(
    state: &ServerState,
    outcome: Result<GrantedSession, Refusal>,
    fault: Option<Fault>,
    now: i64,
) -> StsResponse {
    match outcome {
        Ok(mut session) => {
            if fault == Some(Fault::HostileCredentials) {
                HOSTILE_SESSION_TOKEN.clone_into(&mut session.credentials.session_token);
            }
            if let Some(Fault::Expiring(seconds)) = fault {
                session.credentials.expires_at = now + seconds;
            }
            if let ResponseDetails::WebIdentity { identity_context, .. } = &mut session.details {
                *identity_context = fault == Some(Fault::PropagatedIdentity);
            }
            let response = StsResponse::credentials(&session, now);
            state.store(session);
            response
        }
        Err(refusal) => StsResponse::refused(&refusal, now),
    }
}

#[cfg(test)]
#[path = "dispatch_tests.rs"]
mod tests;
