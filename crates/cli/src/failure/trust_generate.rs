//! `trust generate` without a policy: what is missing, and the flag that sets it.

use trust_policy::generate::{NotAGitHubJob, PlanError};

use super::acquisition::claims_line;
use super::{ExitStatus, Failure};
use crate::exchange::token_source::{FoundToken, TokenError};
use crate::io::environment::{Environment, vars};
use crate::trust::trust_plan::TrustPlanError;

impl Failure {
    /// No token to read ids from; outside of a job, flags can set them.
    pub(crate) fn of_token_for_policy(error: &TokenError, environment: &Environment) -> Self {
        let failure = Self::of_token(error, environment);
        match error {
            TokenError::Absent(_) | TokenError::NoFile(_) | TokenError::NeitherVariable(_) | TokenError::NoFixedVariable(_) if environment.non_blank(vars::CIRCLECI).is_none() => {
                failure.hint(
                    "give `--organization-id` and `--project-id` (Organization Settings, Project Settings), for GitHub \
                     Actions `--repository`, or name a token with `--token-source`",
                )
            }
            _ => failure,
        }
    }

    /// The settings contradict each other, or the token's claims.
    pub(crate) fn of_trust_plan(error: &TrustPlanError, found: Option<&FoundToken>) -> Self {
        let status = match error {
            TrustPlanError::NotAJob(_) | TrustPlanError::NotAGitHubJob(_) => ExitStatus::Token,
            _ => ExitStatus::Settings,
        };
        let mut failure = Self::of(status, error);
        failure.details.token = found.map(claims_line);
        match error {
            TrustPlanError::NotAJob(_) => failure.hint(
                "use the token of a CircleCI job, minted without `--root-issuer`, or of a GitHub job; other CIs are not \
                 supported",
            ),
            TrustPlanError::NotAGitHubJob(NotAGitHubJob::Subject(_)) => failure.hint(
                "write the policy for the subject's own template by hand, and check it with `trust lint` and `trust test`",
            ),
            TrustPlanError::NotAGitHubJob(_) => {
                failure.hint("name what may assume the role: `--repository` with `--branch`, `--git-tag` or `--environment`")
            }
            TrustPlanError::PullRequest => failure.hint(
                "name what may assume the role: `--branch`, `--git-tag` or `--environment`; `--pull-request` allows code \
                 that is not reviewed yet",
            ),
            TrustPlanError::OtherCi { flag, .. } => {
                failure.hint(format!("leave out `{flag}`, or name the jobs of the other CI"))
            }
            TrustPlanError::OtherOrganization { .. } => {
                failure.hint("also give `--project-id`: then no token is read")
            }
            TrustPlanError::SeveralAudiences(_) | TrustPlanError::Audience(_) => {
                failure.hint("name the audience that the role should require with `--audience`")
            }
            TrustPlanError::Origins { .. } => failure
                .hint("give one `--vcs-origin` for all projects, or one for each `--project-id` in the same order"),
        }
    }

    /// What a setting holds is withheld from all that is printed, and the policy would be printed.
    pub(crate) fn of_secret_in_policy() -> Self {
        Self::new(ExitStatus::Settings, "the policy would hold a secret of this job, which is not printed").hint(
            "give values that are no secrets; an external ID that has the shape of an AWS key counts as one",
        )
    }

    /// IAM would refuse the result, or it would be unsafe.
    pub(crate) fn of_generation(error: &PlanError) -> Self {
        let failure = Self::of(ExitStatus::Settings, error);
        match error {
            PlanError::NoProject => failure.hint("give `--project-id`"),
            PlanError::LooksForged(_) => failure.hint("rename the branch or tag, or leave it out"),
            PlanError::NoRepository => failure.hint("give `--repository OWNER@ID/REPOSITORY@ID`"),
            PlanError::NoContext => failure.hint(
                "give `--branch`, `--git-tag` or `--environment`; `--pull-request` allows code that is not reviewed yet",
            ),
            PlanError::NoIds(_) => failure.hint("give `--subject-form names`"),
            PlanError::NoWorkflowKey => {
                failure.hint("leave out `--job-workflow-ref`, and name branches, tags or environments")
            }
            PlanError::PolicyElsewhere(_) => {
                failure.hint("name a policy of the role's account, or one of AWS's own in its partition")
            }
            PlanError::NoOrigin(_) => failure.hint("give `--vcs-origin github.com/owner/repo`"),
            PlanError::ExternalIdAlone => failure.hint(
                "name the roles that require it with `--workload-role-arn`: a token cannot carry an external ID",
            ),
            PlanError::OtherPartition(_) => failure.hint("assume it from a role of its own partition"),
            PlanError::Twice(_) => failure.hint("name each role once"),
            PlanError::ShortSession(_) => failure
                .hint("leave out `--max-session-duration`; a session's own `--duration` may be shorter"),
            PlanError::ThumbprintsOfExisting => {
                failure.hint("leave out `--thumbprint`, or have the provider created: `--provider new`")
            }
            PlanError::NoContextProperty => {
                failure.hint("set the format to `provider-json` or `aws-cli`, or leave out `--context-provider`")
            }
            PlanError::ContextOfOtherCi => failure.hint("leave out `--context-provider`"),
            PlanError::NothingToUpdate => {
                failure.hint("add `--context-provider`, or have the provider created: `--provider new`")
            }
            PlanError::TooManyThumbprints(_) => {
                failure.hint("give those of the certificates that are in use")
            }
            PlanError::TooLarge { .. } => {
                failure.hint("spread projects, branches or roles over several roles")
            }
        }
    }
}
