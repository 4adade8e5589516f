//! What `trust generate` writes: the jobs that are allowed, the roles, and the identity provider.

use aws::{AccountId, Arn, ExternalId, PolicyArn, RoleArn, SessionDuration};

use super::{client_id::ClientId, plan_error::PlanError, thumbprint::Thumbprint, trusted_jobs::TrustedJobs};

/// The jobs that are allowed, and the roles. [`generate`](super::generate()) checks the rules between the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The jobs that are allowed.
    pub jobs: TrustedJobs,
    /// The audience of the tokens.
    pub audience: ClientId,
    /// The role that the jobs assume.
    pub role: RoleArn,
    /// Managed policies that `role` gets; without them it has no permissions but those for `workload_roles`.
    pub permissions_policies: Vec<PolicyArn>,
    /// Roles that this role may assume: role chaining.
    pub workload_roles: Vec<RoleArn>,
    /// The external ID that the workload roles require.
    pub external_id: Option<ExternalId>,
    /// The maximum session duration of `role`; IAM's default is 1 h.
    pub max_session_duration: Option<SessionDuration>,
    /// Whether the account of `role` gets the issuer's provider.
    pub provider: Provider,
    /// The thumbprints of a new provider; AWS needs none for CircleCI's cloud.
    pub thumbprints: Vec<Thumbprint>,
}

/// Whether the identity provider is created: an account can have one provider for an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// It is created with the role.
    New,
    /// It exists, and the output leaves it out.
    Existing,
}

impl Plan {
    /// Each account once, the account of the first role first.
    pub(super) fn accounts(&self) -> Vec<&AccountId> {
        let mut accounts = vec![self.role.account()];
        for role in &self.workload_roles {
            if !accounts.contains(&role.account()) {
                accounts.push(role.account());
            }
        }
        accounts
    }

    /// Whether the plan can be deployed.
    pub(super) fn check(&self) -> Result<(), PlanError> {
        self.jobs.check(&self.role)?;
        let is_elsewhere = |policy: &&PolicyArn| !is_at_hand(policy, &self.role);
        if let Some(policy) = self.permissions_policies.iter().find(is_elsewhere) {
            return Err(PlanError::PolicyElsewhere(policy.as_str().to_owned()));
        }
        if self.external_id.is_some() && self.workload_roles.is_empty() {
            return Err(PlanError::ExternalIdAlone);
        }
        let mut roles = vec![&self.role];
        for workload in &self.workload_roles {
            if workload.partition_name() != self.role.partition_name() {
                return Err(PlanError::OtherPartition(workload.to_string()));
            }
            let is_same = |role: &&RoleArn| {
                (role.account(), role.role_name()) == (workload.account(), workload.role_name())
            };
            if roles.iter().any(is_same) {
                return Err(PlanError::Twice(workload.to_string()));
            }
            roles.push(workload);
        }
        if let Some(longest) = self.max_session_duration.filter(|longest| *longest < SessionDuration::DEFAULT)
        {
            return Err(PlanError::ShortSession(longest));
        }
        if self.provider == Provider::Existing && !self.thumbprints.is_empty() {
            return Err(PlanError::ThumbprintsOfExisting);
        }
        match self.thumbprints.len() {
            0..=5 => Ok(()),
            count => Err(PlanError::TooManyThumbprints(count)),
        }
    }

    pub(super) fn thumbprints(&self) -> Vec<&str> {
        self.thumbprints.iter().map(Thumbprint::as_str).collect()
    }
}

/// Whether a managed policy is in the role's account, or AWS's own, in the role's partition.
fn is_at_hand(policy: &PolicyArn, role: &RoleArn) -> bool {
    let account = role.account().as_str();
    Arn::parse(policy.as_str()).is_some_and(|arn| {
        arn.partition == role.partition_name() && (arn.account == "aws" || arn.account == account)
    })
}
