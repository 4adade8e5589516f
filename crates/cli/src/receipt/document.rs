//! The JSON of a receipt. Its fields are documented in docs/receipts.md and in the schema, in this order.

use oidc::Audience;
use serde::Serialize;

use super::plan::RolePlan;
use super::words;
use crate::exchange::record::{Attempt, AttemptOutcome, Call, ExchangeRecord, GrantedFacts, TokenFacts};
use crate::exchange::scoping::OPERATION as SCOPED;
use crate::failure::FailureData;
use crate::report::printable;

/// The number counts the changes that break a reader (docs/versions.md).
pub(super) const SCHEMA: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/docs/receipt-1.schema.json");

/// A receipt.
#[derive(Serialize)]
pub(super) struct Document {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) command: &'static str,
    pub(super) written_at: String,
    pub(super) outcome: &'static str,
    pub(super) exit_code: u8,
    pub(super) tokens: Vec<TokenData>,
    pub(super) roles: Vec<RoleData>,
    pub(super) destinations: Vec<DestinationData>,
    pub(super) verification: VerificationData,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<FailureData>,
}

/// A token, without its text.
#[derive(Serialize)]
pub(super) struct TokenData {
    source: &'static str,
    from: String,
    form: &'static str,
    issuer: String,
    audience: Vec<String>,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_at: Option<String>,
    expires_at: String,
    /// At the time of the exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_seconds: Option<i64>,
    /// At the time of the exchange; not positive if it had expired.
    life_seconds: i64,
}

/// A role.
#[derive(Serialize)]
pub(super) struct RoleData {
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    role_arn: String,
    account: String,
    session_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    endpoint: String,
    duration_seconds: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    chain: Vec<String>,
    session_policies: PoliciesData,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<ScopeData>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionData>,
    calls: Vec<CallData>,
}

/// What limits the session below its role.
#[derive(Serialize)]
struct PoliciesData {
    inline: bool,
    managed: Vec<String>,
}

/// What limits the credentials below their session.
#[derive(Serialize)]
struct ScopeData {
    policy: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<u32>,
}

/// A session, without its secrets.
#[derive(Serialize)]
struct SessionData {
    arn: String,
    account: String,
    access_key_id: String,
    expires_at: String,
    duration_seconds: i64,
}

/// A call to STS.
#[derive(Serialize)]
struct CallData {
    operation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_source: Option<&'static str>,
    endpoint: String,
    attempts: Vec<AttemptData>,
}

/// One request of a call.
#[derive(Serialize)]
struct AttemptData {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// Where the credentials were going to be.
#[derive(Serialize)]
pub(super) struct DestinationData {
    destination: String,
    written: bool,
}

/// What `--verify` found.
#[derive(Clone, Default, Serialize)]
pub(super) struct VerificationData {
    pub(super) outcome: VerificationOutcome,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) readers: Vec<String>,
}

/// Whether `--verify` found the role's session.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum VerificationOutcome {
    /// Without `--verify`.
    #[default]
    NotRequested,
    /// A failure came first.
    NotDone,
    /// It did.
    Verified,
    /// It did not, or could not tell.
    Failed,
}

impl TokenData {
    /// Every token of these records, each once.
    pub(super) fn of_records<'r>(records: impl Iterator<Item = &'r ExchangeRecord>) -> Vec<Self> {
        let mut tokens: Vec<Self> = Vec::new();
        for record in records {
            for facts in record.tokens().iter() {
                let token = Self::of(facts);
                if tokens.iter().all(|known| known.from != token.from) {
                    tokens.push(token);
                }
            }
        }
        tokens
    }

    fn of(facts: &TokenFacts) -> Self {
        let TokenFacts { origin, form, claims, at } = facts;
        Self {
            source: words::source(origin),
            from: printable(&origin.to_string()),
            form: words::form(*form),
            issuer: printable(claims.issuer.as_str()),
            audience: match &claims.audience {
                Audience::One(audience) => vec![printable(audience)],
                Audience::Many(audiences) => audiences.iter().map(|audience| printable(audience)).collect(),
            },
            subject: printable(&claims.subject),
            issued_at: claims.issued_at.map(|at| at.to_string()),
            expires_at: claims.expires_at.to_string(),
            age_seconds: claims.issued_at.map(|issued| at.seconds_since(issued)),
            life_seconds: claims.expires_at.seconds_since(*at),
        }
    }
}

impl RoleData {
    pub(super) fn of(plan: &RolePlan) -> Self {
        let calls = plan.record.calls();
        let of_role = |call: &&Call| call.role.as_ref().is_some_and(|role| role.to_string() == plan.role);
        let of_scope = |call: &&Call| call.operation == SCOPED;
        let is_last = |call: &&Call| if plan.scope.is_some() { of_scope(call) } else { of_role(call) };
        let kept = plan.kept.get();
        let granted = calls.iter().rev().filter(is_last).find_map(|call| call.session.as_ref());
        let session = granted.or(kept);
        Self {
            profile: plan.profile.clone(),
            role_arn: printable(&plan.role),
            account: plan.account.clone(),
            session_name: printable(&plan.session_name),
            region: plan.region.clone(),
            endpoint: printable(&plan.endpoint),
            duration_seconds: plan.duration,
            chain: plan.chain.iter().map(|role| printable(role)).collect(),
            session_policies: PoliciesData {
                inline: plan.has_inline_policy,
                managed: plan.managed_policies.iter().map(|arn| printable(arn)).collect(),
            },
            scope: plan.scope.as_ref().map(|scope| ScopeData {
                policy: scope.policy().is_some(),
                duration_seconds: scope.duration().map(sts::ScopeDuration::seconds),
            }),
            status: match session {
                Some(_) if granted.is_none() => "kept",
                Some(_) => "granted",
                None if calls.is_empty() => "not-requested",
                None => "failed",
            },
            session: session.map(SessionData::of),
            calls: calls.iter().map(CallData::of).collect(),
        }
    }
}

impl SessionData {
    fn of(granted: &GrantedFacts) -> Self {
        Self {
            arn: printable(&granted.arn),
            account: granted.account.clone(),
            access_key_id: printable(&granted.access_key_id),
            expires_at: granted.expires_at.to_string(),
            duration_seconds: granted.expires_at.seconds_since(granted.at),
        }
    }
}

impl CallData {
    fn of(call: &Call) -> Self {
        Self {
            operation: call.operation,
            role_arn: call.role.as_ref().map(|role| printable(&role.to_string())),
            duration_seconds: call.duration.map(aws::SessionDuration::seconds),
            token_source: call.token.as_ref().map(words::source),
            endpoint: printable(&call.endpoint),
            attempts: call.attempts.iter().map(AttemptData::of).collect(),
        }
    }
}

impl AttemptData {
    fn of(attempt: &Attempt) -> Self {
        let (outcome, code, reason) = match &attempt.outcome {
            AttemptOutcome::Succeeded => ("succeeded", None, None),
            AttemptOutcome::Refused(code) => ("refused", Some(printable(code)), None),
            AttemptOutcome::Unreadable(flaw) => ("unreadable", None, Some(printable(flaw))),
            AttemptOutcome::NotReached(reason) => ("not-reached", None, Some(printable(reason))),
        };
        Self { outcome, code, reason, request_id: attempt.request_id.as_deref().map(printable) }
    }
}

/// Whether each was written.
pub(super) fn destinations(named: &[String], written: bool) -> Vec<DestinationData> {
    named.iter().map(|destination| DestinationData { destination: printable(destination), written }).collect()
}
