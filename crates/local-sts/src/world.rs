//! What the server knows and remembers, shared by its connections: roles, issuer, faults left, calls
//! seen, credentials given out.

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
    fault::{self, Fault, PlannedFault, Struck},
    grant::Grant,
    random,
    recording::RecordedRequest,
    server::StartError,
};

/// A role as the server knows it.
pub(crate) struct KnownRole {
    pub(crate) arn: RoleArn,
    /// `AROA…`, the same for all sessions.
    pub(crate) id: String,
    pub(crate) policy: TrustPolicy,
    pub(crate) max_session_duration: i64,
}

/// See the file's page.
pub(crate) struct World {
    pub(crate) issuer: TestIssuer,
    pub(crate) client_ids: Vec<String>,
    pub(crate) roles: Vec<KnownRole>,
    pub(crate) faults: Mutex<Vec<PlannedFault>>,
    pub(crate) requests: Mutex<Vec<RecordedRequest>>,
    pub(crate) grants: Mutex<Vec<Grant>>,
    pub(crate) request_log: Option<Mutex<File>>,
    clock_ahead: i64,
}

impl World {
    /// The world of a configuration, in which nothing has happened yet.
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
            requests: Vec::new().into(),
            grants: Vec::new().into(),
            request_log: config.request_log.map(Into::into),
            clock_ahead: config.clock_ahead,
        })
    }

    /// The role with exactly this ARN.
    pub(crate) fn role(&self, arn: &RoleArn) -> Option<&KnownRole> {
        self.roles.iter().find(|role| role.arn == *arn)
    }

    /// The ARN of the provider for `issuer` in the account of `arn`, if that account has one.
    pub(crate) fn provider(&self, arn: &RoleArn, issuer: &str) -> Option<String> {
        let account_known = self.roles.iter().any(|role| role.arn.account == arn.account);
        (account_known && issuer == self.issuer.url()).then(|| arn.provider(issuer))
    }

    /// The fault that strikes this call, if one is left for the role.
    pub(crate) fn take_fault(&self, role_arn: &str) -> Option<Fault> {
        fault::take(&mut locked(&self.faults), role_arn, Struck::ForRole)
    }

    /// Keeps a call for the tests and the log.
    pub(crate) fn record(&self, request: RecordedRequest) {
        if let Some(log) = &self.request_log {
            // A log that can't be written is no reason to refuse the call: the tests read the memory.
            let _ = locked(log).write_all(format!("{}\n", request.redacted()).as_bytes());
        }
        locked(&self.requests).push(request);
    }

    /// Keeps credentials, so that calls signed with them are known.
    pub(crate) fn remember(&self, grant: Grant) {
        locked(&self.grants).push(grant);
    }

    /// The credentials with this id, unless a fault makes them unknown once more.
    pub(crate) fn grant(&self, access_key_id: &str) -> Option<Grant> {
        let is_it = |grant: &&Grant| grant.credentials.access_key_id == access_key_id;
        let grant = locked(&self.grants).iter().find(is_it).cloned()?;
        let fault = fault::take(&mut locked(&self.faults), &grant.credentials.role_arn, Struck::ByItsKeys);
        fault.is_none().then_some(grant)
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

/// A connection that panicked leaves nothing half done behind these locks.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
