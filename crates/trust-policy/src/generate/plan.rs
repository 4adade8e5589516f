//! What `trust generate` writes: the jobs that are allowed, the roles, and the identity provider.

use aws::{AccountId, ExternalId, RoleArn, SessionDuration};

use crate::uuid::Uuid;

use super::{
    client_id::ClientId, issuer::Issuer, plan_error::PlanError, ref_pattern::RefPattern,
    thumbprint::Thumbprint, vcs_origin::VcsOrigin,
};

/// Who is to be let in, and where. What must hold between the fields is checked by [`generate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Who issues the tokens.
    pub issuer: Issuer,
    /// Whom the tokens are for: by default CircleCI writes the organization's id.
    pub audience: ClientId,
    /// Whose jobs are let in, at least one.
    pub projects: Vec<Project>,
    /// The branches and tags whose jobs are let in; none means all, and tokens that name none.
    pub refs: Vec<RefPattern>,
    /// The only user whose jobs are let in.
    pub user: Option<Uuid>,
    /// The role that the jobs assume.
    pub role: RoleArn,
    /// Roles that this one may go on to.
    pub workload_roles: Vec<RoleArn>,
    /// What the workload roles ask for.
    pub external_id: Option<ExternalId>,
    /// The longest session of `role`; IAM's default is an hour.
    pub max_session_duration: Option<SessionDuration>,
    /// Whether the account of `role` gets the issuer's provider.
    pub provider: Provider,
    /// A new provider's; AWS needs none for CircleCI's cloud.
    pub thumbprints: Vec<Thumbprint>,
}

/// What is done about the identity provider: an account can have one for an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// It is created with the role.
    New,
    /// It is left to whoever has created it.
    Existing,
}

impl Plan {
    /// Each account once, that of the first role first.
    pub(super) fn accounts(&self) -> Vec<&AccountId> {
        let mut accounts = vec![self.role.account()];
        for role in &self.workload_roles {
            if !accounts.contains(&role.account()) {
                accounts.push(role.account());
            }
        }
        accounts
    }

    /// Whether the plan can be put into effect.
    pub(super) fn check(&self) -> Result<(), PlanError> {
        if self.projects.is_empty() {
            return Err(PlanError::NoProject);
        }
        let is_homeless = |project: &&Project| !self.refs.is_empty() && project.vcs_origin.is_none();
        if let Some(project) = self.projects.iter().find(is_homeless) {
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
    /// Without it forks are let in as well, where CircleCI gives them tokens.
    pub vcs_origin: Option<VcsOrigin>,
}
