//! The plan of `trust generate`: the settings, and the claims of the job's token for what they omit. The CI is that
//! of the settings, else that of the token.

mod circleci;
mod github;
mod job_identity;
#[cfg(test)]
mod tests;
mod trust_plan_error;

use aws::{ExternalId, PolicyArn, RoleArn, SessionDuration};
use trust_policy::generate::{ClientId, GitHubIssuer, Plan, Provider, RefPattern, Thumbprint, TrustedJobs};

pub(crate) use circleci::CircleCiRequest;
pub(crate) use github::GitHubRequest;
pub(crate) use job_identity::JobIdentity;
pub(crate) use trust_plan_error::TrustPlanError;

/// The settings. A token may supply what they omit.
#[derive(Debug)]
pub(crate) struct TrustRequest {
    /// Those for CircleCI alone.
    pub(crate) circleci: CircleCiRequest,
    /// Those for GitHub Actions alone.
    pub(crate) github: GitHubRequest,
    /// Branches and tags; empty for all.
    pub(crate) refs: Vec<RefPattern>,
    /// The tokens' audience.
    pub(crate) audience: Option<ClientId>,
    /// The role.
    pub(crate) role: RoleArn,
    /// Managed policies that it gets.
    pub(crate) permissions_policies: Vec<PolicyArn>,
    /// Roles that it may assume by role chaining.
    pub(crate) workload_roles: Vec<RoleArn>,
    /// The external ID that those roles require.
    pub(crate) external_id: Option<ExternalId>,
    /// The role's `MaxSessionDuration`.
    pub(crate) max_session_duration: Option<SessionDuration>,
    /// Whether the account has the identity provider already.
    pub(crate) provider: Provider,
    /// Certificates of a server with a private certificate authority.
    pub(crate) thumbprints: Vec<Thumbprint>,
}

/// The jobs that may assume the role, from the settings or a token, and the audience of their tokens.
#[derive(Debug)]
pub(crate) struct RequestedJobs {
    jobs: TrustedJobs,
    audience: ClientId,
}

impl TrustRequest {
    /// The jobs, if the settings have all that is needed: then no token is read.
    pub(crate) fn jobs(&self) -> Result<Option<RequestedJobs>, TrustPlanError> {
        if self.github.names_repositories() {
            self.only_github()?;
            return self.github.jobs(self).map(Some);
        }
        let jobs = self.circleci.jobs(self)?;
        if jobs.is_some() {
            self.only_circleci()?;
        }
        Ok(jobs)
    }

    /// The jobs, with a token for what the settings omit.
    pub(crate) fn jobs_of(&self, job: &JobIdentity) -> Result<RequestedJobs, TrustPlanError> {
        if job.issuer.parse::<GitHubIssuer>().is_ok() {
            self.only_github()?;
            self.github.jobs_of(self, job)
        } else {
            let jobs = self.circleci.jobs_of(self, job)?;
            self.only_circleci()?;
            Ok(jobs)
        }
    }

    fn only_github(&self) -> Result<(), TrustPlanError> {
        let flag = self.circleci.flag();
        flag.map_or(Ok(()), |flag| Err(TrustPlanError::OtherCi { flag, ci: "GitHub Actions" }))
    }

    fn only_circleci(&self) -> Result<(), TrustPlanError> {
        let flag = self.github.flag();
        flag.map_or(Ok(()), |flag| Err(TrustPlanError::OtherCi { flag, ci: "CircleCI" }))
    }

    /// The audience in the settings, else the token's.
    fn audience_of(&self, job: &JobIdentity) -> Result<ClientId, TrustPlanError> {
        self.audience.clone().map_or_else(|| job.audience(), Ok)
    }

    /// The plan for these jobs.
    pub(crate) fn plan(self, requested: RequestedJobs) -> Plan {
        Plan {
            jobs: requested.jobs,
            audience: requested.audience,
            role: self.role,
            permissions_policies: self.permissions_policies,
            workload_roles: self.workload_roles,
            external_id: self.external_id,
            max_session_duration: self.max_session_duration,
            provider: self.provider,
            thumbprints: self.thumbprints,
        }
    }
}
