//! Which jobs may assume the role: no re-run with SSH, no fork. Checked against the token's claims before it is sent. Not a
//! security boundary: the author of the job's config can omit it. AWS has no condition key for either claim.

use oidc::{TokenOrigin, circleci::claims};

use crate::exchange::token_source::{FoundToken, TokenCandidates};
use crate::io::clock;
use crate::io::environment::{Environment, vars};

/// Which jobs are refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobGuard {
    /// A job that was rerun with SSH.
    pub(crate) ssh_rerun: bool,
    /// A job that builds a fork.
    pub(crate) fork: bool,
}

/// A job that is refused, or one that cannot be checked.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JobGuardError {
    /// A user may be logged in.
    #[error("the token from {0} says that this job was re-run with SSH")]
    SshRerun(TokenOrigin),
    /// The token does not have the claim.
    #[error(
        "unknown whether this job was re-run with SSH: the token from {0} has no claim `{claim}`",
        claim = claims::SSH_RERUN
    )]
    SshUnknown(TokenOrigin),
    /// CircleCI sets this variable only for a fork's pull request.
    #[error("this job builds a fork's pull request: {0} is set")]
    Fork(&'static str),
    /// The code is from another repository.
    #[error(
        "this job's code is from `{repository}` (token from {origin}), but the project's repository is `{project}`"
    )]
    OtherOrigin {
        /// The claim.
        repository: String,
        /// Where the token came from.
        origin: TokenOrigin,
        /// Owner and repository.
        project: String,
    },
    /// The token does not have the claim.
    #[error(
        "unknown whether this job builds a fork: the token from {0} has no claim `{claim}`",
        claim = claims::VCS_ORIGIN
    )]
    ForkUnknown(TokenOrigin),
    /// The variable to compare the claim with has not reached this process.
    #[error("unknown whether this job builds a fork: the job's variable {0} is not set here")]
    ProjectUnknown(&'static str),
}

/// Set only in builds of a fork's pull request (facts/circleci.md 7).
const FORK_VARIABLES: [&str; 3] =
    [vars::CIRCLE_PR_NUMBER, vars::CIRCLE_PR_REPONAME, vars::CIRCLE_PR_USERNAME];

impl JobGuard {
    /// Checks the job of this token. What cannot be checked is refused.
    pub(crate) fn check(&self, found: &FoundToken, environment: &Environment) -> Result<(), JobGuardError> {
        if self.ssh_rerun {
            check_ssh(found)?;
        }
        if self.fork {
            check_fork(found, environment)?;
        }
        Ok(())
    }

    /// The same for each token that may be sent.
    pub(crate) fn check_all(
        &self,
        tokens: &TokenCandidates,
        environment: &Environment,
    ) -> Result<(), JobGuardError> {
        self.check(&tokens.first, environment)?;
        tokens.second(clock::now()).map_or(Ok(()), |second| self.check(second, environment))
    }
}

fn check_ssh(found: &FoundToken) -> Result<(), JobGuardError> {
    match found.token.job_claims().ssh_rerun {
        Some(false) => Ok(()),
        Some(true) => Err(JobGuardError::SshRerun(found.origin.clone())),
        None => Err(JobGuardError::SshUnknown(found.origin.clone())),
    }
}

/// Not all version control systems have the variables, so the token's `vcs-origin` must also be the project's.
fn check_fork(found: &FoundToken, environment: &Environment) -> Result<(), JobGuardError> {
    if let Some(name) = FORK_VARIABLES.into_iter().find(|name| environment.non_blank(name).is_some()) {
        return Err(JobGuardError::Fork(name));
    }
    let origin = &found.origin;
    let claim = found.token.job_claims().vcs_origin;
    let repository = claim.ok_or_else(|| JobGuardError::ForkUnknown(origin.clone()))?;
    let variable = |name| environment.non_blank(name).ok_or(JobGuardError::ProjectUnknown(name));
    let project =
        format!("{}/{}", variable(vars::CIRCLE_PROJECT_USERNAME)?, variable(vars::CIRCLE_PROJECT_REPONAME)?);
    // The whole path: an attacker's group can contain a subgroup with the owner's name.
    let is_same = repository.split_once('/').is_some_and(|(_, path)| path.eq_ignore_ascii_case(&project));
    if is_same {
        return Ok(());
    }
    Err(JobGuardError::OtherOrigin { repository, origin: origin.clone(), project })
}
