//! What an exchange did, as data: the token, each call to STS with its attempts, the sessions. No secret is in it. Made of
//! the same events as the lines of a log, and read by the receipt.

use std::cell::{Ref, RefCell};

use aws::{RoleArn, SessionDuration, Timestamp};
use oidc::{TokenForm, TokenOrigin, UnverifiedClaims};
use sts::{Granted, StsError};

use crate::exchange::progress::Progress;
use crate::exchange::sts_client::CallError;
use crate::exchange::token_source::FoundToken;
use crate::io::clock;

/// A fact about an exchange. It is not printed.
pub(crate) enum Fact<'a> {
    /// The token that is sent first.
    Token(&'a FoundToken),
    /// A call to STS starts.
    Call {
        /// The name of the API operation, and what it is about.
        call: CallSubject<'a>,
        /// The endpoint.
        endpoint: String,
    },
    /// An attempt of the last call has ended.
    Attempt(Attempt),
    /// The last call returned a session.
    Granted(&'a Granted),
}

/// What a call is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallSubject<'a> {
    /// The name of the API operation.
    pub(crate) operation: &'static str,
    /// The role to assume, with which duration.
    pub(crate) role: Option<(&'a RoleArn, SessionDuration)>,
    /// The token that is sent.
    pub(crate) token: Option<&'a FoundToken>,
}

/// A token, without its text.
#[derive(Debug, Clone)]
pub(crate) struct TokenFacts {
    /// Where it came from.
    pub(crate) origin: TokenOrigin,
    /// Its form.
    pub(crate) form: TokenForm,
    /// Its claims.
    pub(crate) claims: UnverifiedClaims,
    /// This machine's time when it was found.
    pub(crate) at: Timestamp,
}

/// A call to STS.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The name of the API operation.
    pub(crate) operation: &'static str,
    /// The role to assume.
    pub(crate) role: Option<RoleArn>,
    /// The requested duration.
    pub(crate) duration: Option<SessionDuration>,
    /// Where the token came from.
    pub(crate) token: Option<TokenOrigin>,
    /// The endpoint.
    pub(crate) endpoint: String,
    /// All attempts.
    pub(crate) attempts: Vec<Attempt>,
    /// The session that STS granted.
    pub(crate) session: Option<GrantedFacts>,
}

/// One request and what came back.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// What came back.
    pub(crate) outcome: AttemptOutcome,
    /// AWS's ID of the request.
    pub(crate) request_id: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) enum AttemptOutcome {
    /// A result.
    Succeeded,
    /// A refusal with this code.
    Refused(String),
    /// A response that STS does not send.
    Unreadable(String),
    /// No response.
    NotReached(String),
}

/// A session, without its secrets.
#[derive(Debug, Clone)]
pub(crate) struct GrantedFacts {
    /// Its ARN.
    pub(crate) arn: String,
    /// The account, from the ARN.
    pub(crate) account: String,
    /// The access key ID, which is no secret.
    pub(crate) access_key_id: String,
    /// When it expires.
    pub(crate) expires_at: Timestamp,
    /// This machine's time when it was granted.
    pub(crate) at: Timestamp,
}

/// The facts so far.
#[derive(Debug, Default)]
pub(crate) struct ExchangeRecord {
    tokens: RefCell<Vec<TokenFacts>>,
    calls: RefCell<Vec<Call>>,
}

impl ExchangeRecord {
    /// Takes the facts out of an exchange's events.
    pub(crate) fn hear(&self, progress: &Progress<'_>) {
        let Progress::Fact(fact) = progress else { return };
        let mut calls = self.calls.borrow_mut();
        match fact {
            Fact::Token(found) => self.add_token(found),
            Fact::Call { call, endpoint } => {
                if let Some(found) = call.token {
                    self.add_token(found);
                }
                calls.push(Call {
                    operation: call.operation,
                    role: call.role.map(|(role, _)| role.clone()),
                    duration: call.role.map(|(_, duration)| duration),
                    token: call.token.map(|found| found.origin.clone()),
                    endpoint: endpoint.clone(),
                    attempts: Vec::new(),
                    session: None,
                });
            }
            Fact::Attempt(attempt) => {
                if let Some(call) = calls.last_mut() {
                    call.attempts.push(attempt.clone());
                }
            }
            Fact::Granted(granted) => {
                if let Some(call) = calls.last_mut() {
                    call.session = Some(GrantedFacts::of(granted));
                }
            }
        }
    }

    fn add_token(&self, found: &FoundToken) {
        let mut tokens = self.tokens.borrow_mut();
        if tokens.iter().all(|known| known.origin != found.origin) {
            let FoundToken { token, origin } = found;
            let (origin, form, claims) = (origin.clone(), token.form(), token.claims().clone());
            tokens.push(TokenFacts { origin, form, claims, at: clock::now() });
        }
    }

    /// Every token that was found, each once.
    pub(crate) fn tokens(&self) -> Ref<'_, Vec<TokenFacts>> {
        self.tokens.borrow()
    }

    /// Every call, in order.
    pub(crate) fn calls(&self) -> Ref<'_, Vec<Call>> {
        self.calls.borrow()
    }
}

impl GrantedFacts {
    fn of(granted: &Granted) -> Self {
        Self {
            arn: granted.role_session_arn.to_string(),
            account: granted.role_session_arn.account().to_string(),
            access_key_id: granted.credentials.access_key_id.clone(),
            expires_at: granted.credentials.expiration,
            at: clock::now(),
        }
    }
}

impl Attempt {
    /// An attempt without a result.
    pub(crate) fn failed(error: &CallError, of_header: Option<String>) -> Self {
        let (outcome, request_id) = match error {
            CallError::Sts(StsError::Refused(refusal)) => {
                (AttemptOutcome::Refused(refusal.code.clone()), refusal.request_id.clone())
            }
            CallError::Sts(StsError::Unreadable(flaw)) => {
                (AttemptOutcome::Unreadable(flaw.to_string()), of_header)
            }
            CallError::Transport { source, .. } => (AttemptOutcome::NotReached(source.to_string()), None),
        };
        Self { outcome, request_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(outcome: AttemptOutcome) -> Progress<'static> {
        Progress::Fact(Fact::Attempt(Attempt { outcome, request_id: None }))
    }

    #[test]
    fn an_attempt_belongs_to_the_call_before_it() {
        let record = ExchangeRecord::default();
        record.hear(&attempt(AttemptOutcome::Succeeded));
        assert!(record.calls().is_empty(), "no call, no attempt");
        for operation in ["AssumeRole", "GetCallerIdentity"] {
            let call = CallSubject { operation, role: None, token: None };
            record.hear(&Progress::Fact(Fact::Call { call, endpoint: String::new() }));
            record.hear(&attempt(AttemptOutcome::Refused(operation.to_owned())));
        }
        record.hear(&attempt(AttemptOutcome::Succeeded));
        let attempts: Vec<usize> = record.calls().iter().map(|call| call.attempts.len()).collect();
        assert_eq!(attempts, [1, 2]);
    }
}
