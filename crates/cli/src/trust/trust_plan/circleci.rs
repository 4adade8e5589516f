//! The jobs of CircleCI that the settings and a token name.

use trust_policy::generate::{CircleCiJobs, ClientId, Issuer, Job, Project, TrustedJobs, Uuid, VcsOrigin};

use super::{JobIdentity, RequestedJobs, TrustPlanError, TrustRequest};

/// The settings that only CircleCI's jobs have.
#[derive(Debug, Default)]
pub(crate) struct CircleCiRequest {
    /// The organization.
    pub(crate) organization: Option<Uuid>,
    /// The projects whose jobs may assume the role.
    pub(crate) projects: Vec<Uuid>,
    /// Their repositories: none, one for all projects, or one for each.
    pub(crate) origins: Vec<VcsOrigin>,
    /// The only user who may assume the role.
    pub(crate) user: Option<Uuid>,
}

impl CircleCiRequest {
    /// The flag of one of these settings.
    pub(super) fn flag(&self) -> Option<&'static str> {
        let given = [
            (self.organization.is_some(), "--organization-id"),
            (!self.projects.is_empty(), "--project-id"),
            (!self.origins.is_empty(), "--vcs-origin"),
            (self.user.is_some(), "--user-id"),
        ];
        given.into_iter().find_map(|(is_given, flag)| is_given.then_some(flag))
    }

    /// The jobs, if the settings are enough.
    pub(super) fn jobs(&self, request: &TrustRequest) -> Result<Option<RequestedJobs>, TrustPlanError> {
        let organization = self.organization.clone().filter(|_| !self.projects.is_empty());
        let Some(organization) = organization else { return Ok(None) };
        let audience = request.audience.clone().unwrap_or_else(|| ClientId::of_organization(&organization));
        let issuer = Issuer::of_organization(organization);
        let jobs = self.of_projects(request, issuer, self.projects.clone(), None)?;
        Ok(Some(RequestedJobs { jobs, audience }))
    }

    /// The jobs, with those of a token for what the settings omit.
    pub(super) fn jobs_of(
        &self,
        request: &TrustRequest,
        job: &JobIdentity,
    ) -> Result<RequestedJobs, TrustPlanError> {
        let audience = || request.audience_of(job);
        let job = Job::read(&job.issuer, &job.subject).map_err(TrustPlanError::NotAJob)?;
        let token = job.issuer.organization();
        if let Some(setting) = self.organization.as_ref().filter(|setting| *setting != token) {
            return Err(TrustPlanError::OtherOrganization { setting: setting.clone(), token: token.clone() });
        }
        let audience = audience()?;
        let own = vec![job.project];
        let projects = if self.projects.is_empty() { own.clone() } else { self.projects.clone() };
        let origin = job.vcs_origin.filter(|_| projects == own);
        let jobs = self.of_projects(request, job.issuer, projects, origin)?;
        Ok(RequestedJobs { jobs, audience })
    }

    /// The repository of the token's project becomes a condition only together with branches or tags: V1 tokens have
    /// no repository.
    fn of_projects(
        &self,
        request: &TrustRequest,
        issuer: Issuer,
        projects: Vec<Uuid>,
        of_token: Option<VcsOrigin>,
    ) -> Result<TrustedJobs, TrustPlanError> {
        let of_token = of_token.filter(|_| !request.refs.is_empty());
        let origins: Vec<Option<VcsOrigin>> = match (self.origins.len(), projects.len()) {
            (0, projects) => vec![of_token; projects],
            (1, projects) => vec![self.origins.first().cloned(); projects],
            (origins, projects) if origins == projects => self.origins.iter().cloned().map(Some).collect(),
            (origins, projects) => return Err(TrustPlanError::Origins { origins, projects }),
        };
        let projects = projects.into_iter().zip(origins);
        Ok(TrustedJobs::CircleCi(CircleCiJobs {
            issuer,
            projects: projects.map(|(id, vcs_origin)| Project { id, vcs_origin }).collect(),
            refs: request.refs.clone(),
            user: self.user.clone(),
        }))
    }
}
