//! Why the settings and the token give no plan.

use trust_policy::generate::{InvalidClientId, NotAGitHubJob, NotAJob, Uuid};

/// Why the settings and the token give no plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustPlanError {
    /// The token is neither one of a CircleCI job nor one of a GitHub job.
    #[error("no trust policy can be written for this token")]
    NotAJob(#[source] NotAJob),
    /// The token is GitHub's, in a form that cannot be planned for.
    #[error("no trust policy can be written for this token")]
    NotAGitHubJob(#[source] NotAGitHubJob),
    /// A policy for pull requests allows code that is not reviewed.
    #[error("the token is of a pull request, which a role should trust only on purpose")]
    PullRequest,
    /// A setting of the other CI.
    #[error("`{flag}` does not apply to jobs of {ci}")]
    OtherCi {
        /// The setting.
        flag: &'static str,
        /// The CI of the jobs.
        ci: &'static str,
    },
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
