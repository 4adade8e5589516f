//! The jobs of GitHub Actions that the settings and a token name.

use trust_policy::generate::{
    Context, Environment, GITHUB_AUDIENCE, GitHubIssuer, GitHubJob, GitHubJobs, Repository, SubjectForm,
    TrustedJobs, WorkflowRef,
};

use super::{JobIdentity, RequestedJobs, TrustPlanError, TrustRequest};

/// The settings that only GitHub's jobs have.
#[derive(Debug, Default)]
pub(crate) struct GitHubRequest {
    /// The repositories whose jobs may assume the role.
    pub(crate) repositories: Vec<Repository>,
    /// The environments.
    pub(crate) environments: Vec<Environment>,
    /// Whether workflows of pull requests may assume the role.
    pub(crate) pull_requests: bool,
    /// The reusable workflows that must define the jobs.
    pub(crate) workflows: Vec<WorkflowRef>,
    /// The form of the subjects.
    pub(crate) form: Option<SubjectForm>,
}

impl GitHubRequest {
    /// Whether a repository is named: then no token is read.
    pub(super) fn names_repositories(&self) -> bool {
        !self.repositories.is_empty()
    }

    /// The flag of one of these settings.
    pub(super) fn flag(&self) -> Option<&'static str> {
        let given = [
            (self.names_repositories(), "--repository"),
            (!self.environments.is_empty(), "--environment"),
            (self.pull_requests, "--pull-request"),
            (!self.workflows.is_empty(), "--job-workflow-ref"),
            (self.form.is_some(), "--subject-form"),
        ];
        given.into_iter().find_map(|(is_given, flag)| is_given.then_some(flag))
    }

    /// The jobs of the repositories in the settings, on github.com.
    pub(super) fn jobs(&self, request: &TrustRequest) -> Result<RequestedJobs, TrustPlanError> {
        let issuer = GitHubIssuer::cloud();
        let form = if issuer.has_claim_keys(&request.role) { SubjectForm::Both } else { SubjectForm::Ids };
        let contexts = self.contexts(request);
        let audience = match &request.audience {
            Some(setting) => setting.clone(),
            None => GITHUB_AUDIENCE.parse().map_err(TrustPlanError::Audience)?,
        };
        let repositories = self.repositories.clone();
        Ok(RequestedJobs { jobs: self.planned(issuer, repositories, contexts, form), audience })
    }

    /// The jobs of a token's repository: what the settings name, else what the token's job runs for.
    pub(super) fn jobs_of(
        &self,
        request: &TrustRequest,
        token: &JobIdentity,
    ) -> Result<RequestedJobs, TrustPlanError> {
        let job = GitHubJob::read(&token.issuer, &token.subject, token.ids())
            .map_err(TrustPlanError::NotAGitHubJob)?;
        let audience = request.audience_of(token)?;
        let mut contexts = self.contexts(request);
        if contexts.is_empty() && self.workflows.is_empty() {
            // `sub` of a job with an environment does not say what started it.
            if job.context == Context::PullRequest || token.is_of_pull_request {
                return Err(TrustPlanError::PullRequest);
            }
            contexts.push(job.context);
        }
        let has_key = job.issuer.has_claim_keys(&request.role) && job.repository.has_ids();
        let form = if has_key { SubjectForm::Both } else { job.form };
        Ok(RequestedJobs { jobs: self.planned(job.issuer, vec![job.repository], contexts, form), audience })
    }

    fn contexts(&self, request: &TrustRequest) -> Vec<Context> {
        let refs = request.refs.iter().cloned().map(Context::Ref);
        let environments = self.environments.iter().cloned().map(Context::Environment);
        refs.chain(environments).chain(self.pull_requests.then_some(Context::PullRequest)).collect()
    }

    fn planned(
        &self,
        issuer: GitHubIssuer,
        repositories: Vec<Repository>,
        contexts: Vec<Context>,
        form: SubjectForm,
    ) -> TrustedJobs {
        let form = self.form.unwrap_or(form);
        let workflows = self.workflows.clone();
        TrustedJobs::GitHub(GitHubJobs { issuer, repositories, form, contexts, workflows })
    }
}
