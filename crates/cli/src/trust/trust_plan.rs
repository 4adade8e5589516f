//! The plan of `trust generate`: the settings, and the claims of the job's token for what they omit.

use aws::{ExternalId, RoleArn, SessionDuration};
use oidc::{Audience, UnverifiedClaims};
use trust_policy::generate::{
    ClientId, InvalidClientId, Issuer, Job, NotAJob, Plan, Project, Provider, RefPattern, Thumbprint, Uuid,
    VcsOrigin,
};

/// The settings. A token may supply what they omit.
#[derive(Debug)]
pub(crate) struct TrustRequest {
    /// The organization.
    pub(crate) organization: Option<Uuid>,
    /// The projects whose jobs may assume the role.
    pub(crate) projects: Vec<Uuid>,
    /// Their repositories: none, one for all projects, or one for each.
    pub(crate) origins: Vec<VcsOrigin>,
    /// Branches and tags; empty for all.
    pub(crate) refs: Vec<RefPattern>,
    /// The only user who may assume the role.
    pub(crate) user: Option<Uuid>,
    /// The tokens' audience.
    pub(crate) audience: Option<ClientId>,
    /// The role.
    pub(crate) role: RoleArn,
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

/// The jobs that may assume the role, from the settings or a token.
#[derive(Debug)]
pub(crate) struct Jobs {
    issuer: Issuer,
    projects: Vec<Uuid>,
    audience: ClientId,
    /// The repository of the token's project, if that is the only project.
    origin: Option<VcsOrigin>,
}

/// Why the settings and the token give no plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustPlanError {
    /// The token is not one of a CircleCI job.
    #[error("no trust policy can be written for this token")]
    NotAJob(#[source] NotAJob),
    /// The token is of another organization.
    #[error("the token is of organization `{token}`, but `--organization-id` is `{setting}`")]
    OtherOrganization {
        /// The organization in the settings.
        setting: Uuid,
        /// The organization in the token.
        token: Uuid,
    },
    /// The role must require one of them; which one is not guessed.
    #[error("the token has several audiences: `{0}`")]
    SeveralAudiences(String),
    /// IAM does not allow it.
    #[error("the token's audience is invalid")]
    Audience(#[source] InvalidClientId),
    /// Neither one repository for all projects nor one for each.
    #[error("{origins} repositories for {projects} projects; expected one, or one for each project")]
    Origins {
        /// The number of repositories.
        origins: usize,
        /// The number of projects.
        projects: usize,
    },
}

impl TrustRequest {
    /// The jobs, if the settings have all that is needed: then no token is read.
    pub(crate) fn jobs(&self) -> Option<Jobs> {
        let organization = self.organization.clone().filter(|_| !self.projects.is_empty())?;
        let audience = self.audience.clone().unwrap_or_else(|| ClientId::of_organization(&organization));
        let issuer = Issuer::of_organization(organization);
        Some(Jobs { issuer, projects: self.projects.clone(), audience, origin: None })
    }

    /// The jobs, with a token for what the settings omit.
    pub(crate) fn jobs_of(&self, claims: &UnverifiedClaims) -> Result<Jobs, TrustPlanError> {
        let job = Job::read(claims.issuer.as_str(), &claims.subject).map_err(TrustPlanError::NotAJob)?;
        let token = job.issuer.organization();
        if let Some(setting) = self.organization.as_ref().filter(|setting| *setting != token) {
            return Err(TrustPlanError::OtherOrganization { setting: setting.clone(), token: token.clone() });
        }
        let audience = match &self.audience {
            Some(setting) => setting.clone(),
            None => audience(&claims.audience)?,
        };
        let own = vec![job.project];
        let projects = if self.projects.is_empty() { own.clone() } else { self.projects.clone() };
        let origin = job.vcs_origin.filter(|_| projects == own);
        Ok(Jobs { issuer: job.issuer, projects, audience, origin })
    }

    /// The token's repository becomes a condition only together with branches or tags: V1 tokens have no repository.
    pub(crate) fn plan(self, jobs: Jobs) -> Result<Plan, TrustPlanError> {
        let of_token = jobs.origin.filter(|_| !self.refs.is_empty());
        let origins: Vec<Option<VcsOrigin>> = match (self.origins.len(), jobs.projects.len()) {
            (0, projects) => vec![of_token; projects],
            (1, projects) => vec![self.origins.first().cloned(); projects],
            (origins, projects) if origins == projects => self.origins.into_iter().map(Some).collect(),
            (origins, projects) => return Err(TrustPlanError::Origins { origins, projects }),
        };
        let projects = jobs.projects.into_iter().zip(origins);
        Ok(Plan {
            issuer: jobs.issuer,
            audience: jobs.audience,
            projects: projects.map(|(id, vcs_origin)| Project { id, vcs_origin }).collect(),
            refs: self.refs,
            user: self.user,
            role: self.role,
            workload_roles: self.workload_roles,
            external_id: self.external_id,
            max_session_duration: self.max_session_duration,
            provider: self.provider,
            thumbprints: self.thumbprints,
        })
    }
}

fn audience(of_token: &Audience) -> Result<ClientId, TrustPlanError> {
    let text = match of_token {
        Audience::One(audience) => audience,
        Audience::Many(audiences) => match &audiences[..] {
            [only] => only,
            _ => return Err(TrustPlanError::SeveralAudiences(of_token.to_string())),
        },
    };
    text.parse().map_err(TrustPlanError::Audience)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::environment::Environment;
    use crate::settings::flags::Flags;
    use crate::settings::trust_generate::TrustSettings;
    use crate::settings::{Inputs, table};
    use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID, VCS_ORIGIN};
    use testkit::{JobToken, TestIssuer};

    const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

    fn settings(pairs: &[(&str, &str)]) -> TrustRequest {
        let mut flags = Flags::from([(&table::ROLE_ARN, ROLE)]);
        for (flag, value) in pairs {
            let setting = match *flag {
                "organization" => &table::ORGANIZATION_ID,
                "project" => &table::PROJECT_ID,
                "origin" => &table::VCS_ORIGIN,
                "branch" => &table::BRANCH,
                "audience" => &table::AUDIENCE,
                _ => panic!("{flag}"),
            };
            flags.push(setting, value);
        }
        let inputs = Inputs { flags: &flags, environment: &Environment::default() };
        TrustSettings::read(inputs).unwrap().request
    }

    fn claims(audience: &serde_json::Value) -> UnverifiedClaims {
        let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
        let mut token = JobToken::new(ORGANIZATION_ID, 1_700_000_000);
        token.audience = audience.clone();
        oidc::Token::parse(&token.mint(&issuer).unwrap()).unwrap().claims().clone()
    }

    /// Each project and its repository.
    fn projects(plan: &Plan) -> Vec<(&str, Option<String>)> {
        let origin = |project: &Project| project.vcs_origin.as_ref().map(ToString::to_string);
        plan.projects.iter().map(|project| (project.id.as_str(), origin(project))).collect()
    }

    #[test]
    fn no_token_is_needed_with_organization_and_project() {
        let organization = ("organization", ORGANIZATION_ID);
        assert!(settings(&[organization]).jobs().is_none());
        assert!(settings(&[("project", PROJECT_ID)]).jobs().is_none());
        let settings = settings(&[organization, ("project", PROJECT_ID)]);
        let plan = settings.jobs().map(|jobs| settings.plan(jobs).unwrap()).unwrap();
        assert_eq!(plan.audience.as_str(), ORGANIZATION_ID);
        assert_eq!(projects(&plan), [(PROJECT_ID, None)]);
    }

    #[test]
    fn a_tokens_repository_is_a_condition_with_a_branch_only() {
        let claims = claims(&"aud".into());
        for (given, expected) in [
            (&[][..], (PROJECT_ID, None)),
            (&[("branch", "main")], (PROJECT_ID, Some(VCS_ORIGIN.to_owned()))),
            (
                &[("branch", "main"), ("origin", "github.com/o/r")],
                (PROJECT_ID, Some("github.com/o/r".to_owned())),
            ),
            (&[("branch", "main"), ("project", OTHER_PROJECT_ID)], (OTHER_PROJECT_ID, None)),
        ] {
            let settings = settings(given);
            let jobs = settings.jobs_of(&claims).unwrap();
            let plan = settings.plan(jobs).unwrap();
            assert_eq!(plan.audience.as_str(), "aud");
            assert_eq!(projects(&plan), [expected], "{given:?}");
        }
    }

    #[test]
    fn repositories_belong_to_projects_in_order() {
        let base =
            [("organization", ORGANIZATION_ID), ("project", PROJECT_ID), ("project", OTHER_PROJECT_ID)];
        let planned = |origins: &[&'static str]| {
            let given: Vec<_> =
                base.into_iter().chain(origins.iter().map(|origin| ("origin", *origin))).collect();
            let settings = settings(&given);
            let jobs = settings.jobs().unwrap();
            settings.plan(jobs)
        };
        let origins =
            |plan: &Plan| projects(plan).into_iter().map(|(_, origin)| origin.unwrap()).collect::<Vec<_>>();
        assert_eq!(origins(&planned(&["h/o/a"]).unwrap()), ["h/o/a", "h/o/a"]);
        assert_eq!(origins(&planned(&["h/o/a", "h/o/b"]).unwrap()), ["h/o/a", "h/o/b"]);
        let error = planned(&["h/o/a", "h/o/b", "h/o/c"]).unwrap_err();
        assert!(matches!(error, TrustPlanError::Origins { origins: 3, projects: 2 }));
    }

    #[test]
    fn one_audience_is_taken_from_a_token_and_several_are_not() {
        let taken = |audience: serde_json::Value, given: &[(&str, &str)]| {
            settings(given).jobs_of(&claims(&audience)).map(|jobs| jobs.audience.as_str().to_owned())
        };
        let both = || serde_json::json!(["a", "b"]);
        assert_eq!(taken(serde_json::json!(["a"]), &[]).unwrap(), "a");
        assert!(matches!(taken(both(), &[]), Err(TrustPlanError::SeveralAudiences(_))));
        assert_eq!(taken(both(), &[("audience", "b")]).unwrap(), "b");
    }

    #[test]
    fn ids_of_two_organizations_are_not_mixed() {
        let settings = settings(&[("organization", OTHER_PROJECT_ID)]);
        let error = settings.jobs_of(&claims(&"aud".into())).unwrap_err();
        assert!(matches!(error, TrustPlanError::OtherOrganization { .. }), "{error}");
    }
}
