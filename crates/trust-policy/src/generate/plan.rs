//! What `trust generate` writes: the jobs that are allowed, the roles, and the identity provider.

use aws::{AccountId, ExternalId, RoleArn, SessionDuration};

use crate::uuid::Uuid;

use super::{
    client_id::ClientId, issuer::Issuer, plan_error::PlanError, ref_pattern::RefPattern,
    thumbprint::Thumbprint, vcs_origin::VcsOrigin,
};

/// The jobs that are allowed, and the roles. [`generate`](super::generate()) checks the rules between the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The issuer of the tokens.
    pub issuer: Issuer,
    /// The audience of the tokens; CircleCI's default is the organization's id.
    pub audience: ClientId,
    /// The projects whose jobs are allowed, at least one.
    pub projects: Vec<Project>,
    /// The branches and tags whose jobs are allowed; empty allows all, and tokens without a ref.
    pub refs: Vec<RefPattern>,
    /// The only user whose jobs are allowed.
    pub user: Option<Uuid>,
    /// The role that the jobs assume.
    pub role: RoleArn,
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
        if self.projects.is_empty() {
            return Err(PlanError::NoProject);
        }
        let has_no_origin = |project: &&Project| !self.refs.is_empty() && project.vcs_origin.is_none();
        if let Some(project) = self.projects.iter().find(has_no_origin) {
            return Err(PlanError::NoOrigin(project.id.clone()));
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

/// A project, and the repository that its jobs must come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id, not its name.
    pub id: Uuid,
    /// Without it jobs of forks are allowed too, if CircleCI gives them tokens.
    pub vcs_origin: Option<VcsOrigin>,
}
