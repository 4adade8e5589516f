//! `trust generate`: writes the identity provider, the role and the smallest trust policy that allow a project's
//! jobs, and the workload roles of a role chain. Its tests check the policies with [`evaluate`](crate::evaluate()).

mod aws_cli;
mod circleci;
mod client_id;
mod cloudformation;
mod conditions;
mod format;
mod github;
mod hcl;
mod iam_text;
mod json;
mod note;
mod permissions;
mod plan;
mod plan_error;
mod policies;
mod ref_pattern;
mod terraform;
mod thumbprint;
mod tree;
mod trusted_jobs;
mod yaml;

pub use crate::uuid::{InvalidUuid, Uuid};
pub use circleci::{CircleCiJobs, InvalidIssuer, InvalidVcsOrigin, Issuer, Job, NotAJob, Project, VcsOrigin};
pub use client_id::{ClientId, InvalidClientId};
pub use format::Format;
pub use github::{
    Context, DEFAULT_AUDIENCE as GITHUB_AUDIENCE, Environment, GitHubIssuer, GitHubJob, GitHubJobs,
    InvalidEnvironment, InvalidGitHubIssuer, InvalidRepository, InvalidWorkflowRef, NotAGitHubJob,
    Repository, SubjectForm, WorkflowRef,
};
pub use note::Note;
pub use plan::{Plan, Provider};
pub use plan_error::PlanError;
pub use ref_pattern::{InvalidRefPattern, RefPattern};
pub use thumbprint::{InvalidThumbprint, Thumbprint};
pub use trusted_jobs::TrustedJobs;

pub(crate) use circleci::FORGED;
use policies::Policies;

/// The output, with notes about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The document, with a line end after the last line.
    pub text: String,
    /// For the person who deploys it.
    pub notes: Vec<Note>,
}

/// Writes `plan` in `format`, if it can be deployed.
pub fn generate(plan: &Plan, format: Format) -> Result<Generated, PlanError> {
    plan.check()?;
    let policies = Policies::of(plan)?;
    let text = match format {
        Format::Json => format!("{}\n", json::pretty(&policies.trust)),
        Format::AwsCli => aws_cli::script(plan, &policies),
        Format::Terraform => terraform::configuration(plan, &policies),
        Format::CloudFormation => cloudformation::template(plan, &policies),
    };
    Ok(Generated { text, notes: note::all(plan, format, policies.trust_size) })
}
