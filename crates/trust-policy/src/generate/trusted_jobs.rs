//! The jobs that a role trusts. Each CI has its own claims; the rest of a plan is the same for all.

use aws::RoleArn;

use super::{
    circleci::CircleCiJobs, conditions::Conditions, github::GitHubJobs, note::Note, plan_error::PlanError,
};

/// The jobs that a role trusts, of one CI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustedJobs {
    /// Of projects of a CircleCI organization.
    CircleCi(CircleCiJobs),
    /// Of repositories with GitHub Actions.
    GitHub(GitHubJobs),
}

impl TrustedJobs {
    /// The CI, as its users call it.
    pub fn ci(&self) -> &'static str {
        match self {
            Self::CircleCi(_) => "CircleCI",
            Self::GitHub(_) => "GitHub Actions",
        }
    }

    /// The beginning of names in the output.
    pub(super) fn prefix(&self) -> &'static str {
        match self {
            Self::CircleCi(_) => "circleci",
            Self::GitHub(_) => "github",
        }
    }

    /// The issuer of the tokens.
    pub(super) fn issuer(&self) -> &oidc::Issuer {
        match self {
            Self::CircleCi(jobs) => jobs.issuer.claim(),
            Self::GitHub(jobs) => jobs.issuer.claim(),
        }
    }

    /// The ARN that the issuer's provider has in the account of `role`.
    pub(super) fn provider_arn(&self, role: &RoleArn) -> String {
        self.issuer().provider_arn_for(role)
    }

    /// A condition key of the provider.
    pub(super) fn key(&self, claim: &str) -> String {
        format!("{}:{claim}", self.issuer().provider())
    }

    /// Whether a policy can be written for them.
    pub(super) fn check(&self, role: &RoleArn) -> Result<(), PlanError> {
        match self {
            Self::CircleCi(jobs) => jobs.check(),
            Self::GitHub(jobs) => jobs.check(role),
        }
    }

    /// Adds the conditions that only their tokens meet.
    pub(super) fn add_conditions(&self, role: &RoleArn, conditions: &mut Conditions) {
        let key = |claim: &str| self.key(claim);
        match self {
            Self::CircleCi(jobs) => jobs.add_conditions(role, key, conditions),
            Self::GitHub(jobs) => jobs.add_conditions(role, key, conditions),
        }
    }

    /// What the policy does not show.
    pub(super) fn notes(&self, role: &RoleArn) -> Vec<Note> {
        match self {
            Self::CircleCi(jobs) => jobs.notes(role),
            Self::GitHub(jobs) => jobs.notes(role),
        }
    }
}
