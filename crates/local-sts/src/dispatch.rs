//! From a call to its answer: which operation it is, which fault strikes it. Apart from the
//! connection, so that everything below HTTP is a function of the call and the time.

use crate::{
    answer::{Answer, Delivery},
    assume_role, caller_identity,
    fault::{Fault, HOSTILE_SESSION_TOKEN},
    form::Form,
    grant::Grant,
    recording::RecordedRequest,
    refusal::{Refusal, TokenFlaw},
    signed_call::SignedCall,
    web_identity,
    world::World,
};

const VERSION: &str = "2011-06-15";
/// Where AWS sends whoever doesn't speak its protocol.
const PRODUCT_PAGE: &str = "https://aws.amazon.com/iam";
const HUGE: usize = 10_000_000;

/// A call whose body is in.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// `None` where it is larger than AWS reads.
    pub(crate) body: Option<Vec<u8>>,
}

/// Records the call and answers it.
pub(crate) fn answer(world: &World, call: &Call, now: i64) -> Delivery {
    let form = call.form();
    let action = form.first("Action").map(str::to_owned);
    world.record(RecordedRequest {
        method: call.method.clone(),
        path: call.path.clone(),
        headers: call.headers.clone(),
        form: form.0.clone(),
        action: action.clone(),
    });
    let Some(body) = &call.body else { return Delivery::Whole(Answer::empty(413)) };
    let Some(action) = action else { return Delivery::Whole(Answer::redirect(PRODUCT_PAGE)) };
    let version = form.first("Version");
    match (action.as_str(), version) {
        ("AssumeRoleWithWebIdentity", Some(VERSION)) => {
            assume(world, &form, now, || web_identity::assume(world, &form, now))
        }
        ("AssumeRole", Some(VERSION)) => {
            assume(world, &form, now, || assume_role::assume(world, &call.signed(body), &form, now))
        }
        ("GetCallerIdentity", Some(VERSION)) => deliver(world.take_fault(&action), &form, now, || {
            match caller_identity::identify(world, &call.signed(body), now) {
                Ok(identity) => Answer::identified(&identity, now),
                Err(refusal) => Answer::refused(&refusal, now),
            }
        }),
        _ => {
            let refusal =
                Refusal::UnknownOperation { operation: action, version: version.map(str::to_owned) };
            Delivery::Whole(Answer::refused(&refusal, now))
        }
    }
}

impl Call {
    /// A GET has its parameters in the query. A body counts only where it says that it is a form.
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

/// A call for a role, which may have a fault planned.
fn assume(world: &World, form: &Form, now: i64, judge: impl FnOnce() -> Result<Grant, Refusal>) -> Delivery {
    let fault = form.first("RoleArn").and_then(|role_arn| world.take_fault(role_arn));
    deliver(fault, form, now, || judged(world, judge(), fault, now))
}

/// Lets a fault strike, whatever `judged` would answer.
fn deliver(fault: Option<Fault>, form: &Form, now: i64, judged: impl FnOnce() -> Answer) -> Delivery {
    let refused = |refusal| Delivery::Whole(Answer::refused(&refusal, now));
    match fault {
        None | Some(Fault::HostileCredentials | Fault::UnknownKey | Fault::Expiring(_)) => {
            Delivery::Whole(judged())
        }
        Some(Fault::Delay(delay)) => Delivery::Later(delay, judged()),
        Some(Fault::ResetInBody) => Delivery::CutShort(judged()),
        Some(Fault::TruncatedXml) => {
            let mut answer = judged();
            answer.body.truncate(answer.body.len() / 2);
            Delivery::Whole(answer)
        }
        Some(Fault::Throttling) => refused(Refusal::Throttled),
        Some(Fault::InternalFailure) => refused(Refusal::InternalFailure),
        Some(Fault::ServiceUnavailable) => refused(Refusal::Unavailable),
        Some(Fault::IdpCommunication) => refused(Refusal::IssuerNotReached),
        Some(Fault::VerificationKey) => refused(Refusal::IdentityToken(TokenFlaw::NoKey)),
        Some(Fault::Thumbprint) => refused(Refusal::IdentityToken(TokenFlaw::Thumbprint)),
        Some(Fault::RegionDisabled) => {
            let account = form.first("RoleArn").and_then(|arn| arn.split(':').nth(4)).unwrap_or_default();
            refused(Refusal::RegionDisabled { account: account.to_owned() })
        }
        Some(Fault::BadGatewayHtml) => {
            let page = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>\n";
            Delivery::Whole(Answer::page(502, "text/html", page))
        }
        Some(Fault::Html) => {
            let page = "<!DOCTYPE html>\n<html><body><p>Sign in to the network<br></body></html>\n";
            Delivery::Whole(Answer::page(200, "text/html", page))
        }
        Some(Fault::Huge) => Delivery::Whole(Answer::page(200, "text/xml", vec![b' '; HUGE])),
        Some(Fault::Redirect) => Delivery::Whole(Answer::redirect("/followed")),
        Some(Fault::Empty) => Delivery::Whole(Answer::empty(200)),
        Some(Fault::Close) => Delivery::Closed,
        Some(Fault::Hang) => Delivery::Never,
    }
}

fn judged(world: &World, outcome: Result<Grant, Refusal>, fault: Option<Fault>, now: i64) -> Answer {
    match outcome {
        Ok(mut grant) => {
            if fault == Some(Fault::HostileCredentials) {
                HOSTILE_SESSION_TOKEN.clone_into(&mut grant.credentials.session_token);
            }
            if let Some(Fault::Expiring(seconds)) = fault {
                grant.credentials.expires_at = now + seconds;
            }
            let answer = Answer::granted(&grant, now);
            world.remember(grant);
            answer
        }
        Err(refusal) => Answer::refused(&refusal, now),
    }
}

#[cfg(test)]
#[path = "dispatch_tests.rs"]
mod tests;
