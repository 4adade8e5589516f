//! Which jobs may have the role: no re-run with SSH, no fork. Judged by the token's own claims before it is sent, so it
//! is advice and no proof: who writes the job's config can leave it out. AWS sees neither claim as a condition key.

use oidc::{TokenOrigin, circleci::claims};

use crate::exchange::token_source::{FoundToken, TokenCandidates};
use crate::io::clock;
use crate::io::environment::{Environment, vars};

/// What is refused.
#[derive(Debug, Default)]
pub(crate) struct JobGuard {
    /// A job that was rerun with SSH.
    pub(crate) ssh_rerun: bool,
    /// A job that builds a fork.
    pub(crate) fork: bool,
}

/// A job that is not to have the role, or one that can't be judged.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JobGuardError {
    /// Somebody may be logged in.
    #[error("this job was run again with SSH, says the token from {0}")]
    SshRerun(TokenOrigin),
    /// The claim is not there.
    #[error(
        "nobody knows whether this job was run again with SSH: the token from {0} has no `{claim}`",
        claim = claims::SSH_RERUN
    )]
    SshUnknown(TokenOrigin),
    /// CircleCI sets this for a fork's pull request and nothing else.
    #[error("this job builds a fork's pull request: {0} is set")]
    Fork(&'static str),
    /// The code is from somewhere else.
    #[error(
        "this job's code is from `{repository}`, says the token from {origin}, and the project's is `{project}`"
    )]
    OtherOrigin {
        /// The claim.
        repository: String,
        /// Where the token came from.
        origin: TokenOrigin,
        /// Owner and repository.
        project: String,
    },
    /// The claim, or what it would be held against, is not there.
    #[error("nobody knows whether this job builds a fork: {0}")]
    ForkUnknown(String),
}

/// Set in the builds of a fork's pull request only (facts/circleci.md 7).
const OF_A_FORK: [&str; 3] = [vars::CIRCLE_PR_NUMBER, vars::CIRCLE_PR_REPONAME, vars::CIRCLE_PR_USERNAME];

impl JobGuard {
    /// Whether the job of this token may have the role. What can't be judged is refused.
    pub(crate) fn check(&self, found: &FoundToken, environment: &Environment) -> Result<(), JobGuardError> {
        if self.ssh_rerun {
            check_ssh(found)?;
        }
        if self.fork {
            check_fork(found, environment)?;
        }
        Ok(())
    }

    /// The same by each token that would be shown.
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

/// Not all version control systems have the variables, so the token's origin has to be the project's too.
fn check_fork(found: &FoundToken, environment: &Environment) -> Result<(), JobGuardError> {
    if let Some(name) = OF_A_FORK.into_iter().find(|name| environment.set(name).is_some()) {
        return Err(JobGuardError::Fork(name));
    }
    let origin = &found.origin;
    let repository = found.token.job_claims().vcs_origin.ok_or_else(|| {
        JobGuardError::ForkUnknown(format!("the token from {origin} has no `{}`", claims::VCS_ORIGIN))
    })?;
    let variable =
        |name| environment.set(name).ok_or_else(|| JobGuardError::ForkUnknown(format!("{name} is not set")));
    let project =
        format!("{}/{}", variable(vars::CIRCLE_PROJECT_USERNAME)?, variable(vars::CIRCLE_PROJECT_REPONAME)?);
    // All of the path: in a group of an attacker's there can be one of the owner's name.
    let is_same = repository.split_once('/').is_some_and(|(_, path)| path.eq_ignore_ascii_case(&project));
    if is_same {
        return Ok(());
    }
    Err(JobGuardError::OtherOrigin { repository, origin: origin.clone(), project })
}
