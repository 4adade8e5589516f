//! The state of the server, shared by its connections: roles, issuer, remaining faults, received calls, granted sessions.

use std::{
    fs::File,
    io::Write as _,
    sync::{Mutex, MutexGuard, PoisonError},
};

use testkit::{TestIssuer, example_ids::ORGANIZATION_ID};
use trust_policy::TrustPolicy;

use crate::{
    arn::RoleArn,
    clock::unix_time_now,
    config::{Config, Role},
    fault::{self, Fault, FaultTarget, PlannedFault},
    random,
    recording::{RecordedRequest, Signer},
    session::GrantedSession,
    start_error::StartError,
};

/// A role as the server knows it.
pub(crate) struct KnownRole {
    pub(crate) arn: RoleArn,
    /// `AROA…`, the same for all sessions.
    pub(crate) id: String,
    pub(crate) policy: TrustPolicy,
    pub(crate) max_session_duration: i64,
}

/// See the file's documentation.
pub(crate) struct ServerState {
    pub(crate) issuer: TestIssuer,
    pub(crate) client_ids: Vec<String>,
    pub(crate) roles: Vec<KnownRole>,
    pub(crate) faults: Mutex<Vec<PlannedFault>>,
    pub(crate) requests: Mutex<Vec<RecordedRequest>>,
    pub(crate) sessions: Mutex<Vec<GrantedSession>>,
    pub(crate) request_log: Option<Mutex<File>>,
    pub(crate) requests_per_connection: Option<u32>,
    clock_ahead: i64,
}

impl ServerState {
    /// The state of a configuration before the first call.
    pub(crate) fn new(config: Config) -> Result<Self, StartError> {
        let issuer = match config.issuer {
            Some(issuer) => issuer,
            None => TestIssuer::new(ORGANIZATION_ID).map_err(StartError::Issuer)?,
        };
        let client_ids = match config.client_ids {
            ids if ids.is_empty() => vec![issuer.organization_id().to_owned()],
            ids => ids,
        };
        Ok(Self {
            issuer,
            client_ids,
            roles: config.roles.into_iter().map(KnownRole::new).collect::<Result<_, _>>()?,
            faults: config.faults.into(),
            requests_per_connection: config.requests_per_connection,
            requests: Vec::new().into(),
            sessions: Vec::new().into(),
            request_log: config.request_log.map(Into::into),
            clock_ahead: config.clock_ahead,
        })
    }

    /// The role with exactly this ARN.
    pub(crate) fn role(&self, arn: &RoleArn) -> Option<&KnownRole> {
        self.roles.iter().find(|role| role.arn == *arn)
    }

    /// The ARN of the OIDC provider for `issuer` in the account of `arn`, if that account has one.
    pub(crate) fn provider(&self, arn: &RoleArn, issuer: &str) -> Option<String> {
        let account_known = self.roles.iter().any(|role| role.arn.account == arn.account);
        (account_known && issuer == self.issuer.url()).then(|| arn.provider(issuer))
    }

    /// The fault that applies to this call, if one is left for the role.
    pub(crate) fn take_fault(&self, role_arn: &str) -> Option<Fault> {
        fault::take(&mut locked(&self.faults), role_arn, FaultTarget::CallsForRole)
    }

    /// Stores a call for the tests and writes it to the log.
    pub(crate) fn record(&self, request: RecordedRequest) {
        if let Some(log) = &self.request_log {
            // The call is not refused because its log line cannot be written: tests read the memory.
            let _ = locked(log).write_all(format!("{}\n", request.redacted()).as_bytes());
        }
        locked(&self.requests).push(request);
    }

    /// Stores a session, so that calls signed with its credentials are known.
    pub(crate) fn store(&self, session: GrantedSession) {
        locked(&self.sessions).push(session);
    }

    /// The session with this access key ID, for the record: it uses up no fault.
    pub(crate) fn signer(&self, access_key_id: &str) -> Option<Signer> {
        let sessions = locked(&self.sessions);
        let session = sessions.iter().find(|session| session.credentials.access_key_id == access_key_id)?;
        Some(Signer {
            arn: session.identity.arn.clone(),
            scope_policies: session.scope_policies.iter().map(|policy| policy.text.clone()).collect(),
        })
    }

    /// The session with this access key ID, unless a fault makes it unknown.
    pub(crate) fn session(&self, access_key_id: &str) -> Option<GrantedSession> {
        let is_it = |session: &&GrantedSession| session.credentials.access_key_id == access_key_id;
        let session = locked(&self.sessions).iter().find(is_it).cloned()?;
        let fault =
            fault::take(&mut locked(&self.faults), &session.credentials.role_arn, FaultTarget::CallsItSigned);
        fault.is_none().then_some(session)
    }

    /// The server's clock.
    pub(crate) fn now(&self) -> i64 {
        unix_time_now().cast_signed() + self.clock_ahead
    }
}

impl KnownRole {
    fn new(role: Role) -> Result<Self, StartError> {
        let Role { arn, trust_policy, max_session_duration } = role;
        Ok(Self {
            arn: arn.parse().map_err(|source| StartError::Role { arn: arn.clone(), source })?,
            id: random::role_id(),
            policy: trust_policy.parse().map_err(|source| StartError::Policy { arn, source })?,
            max_session_duration,
        })
    }
}

/// A connection that panics leaves no partial change behind these locks.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
