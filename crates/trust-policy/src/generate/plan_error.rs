//! Why a plan cannot be written, or IAM would refuse the result.

use aws::SessionDuration;

use crate::uuid::Uuid;

/// Why a plan cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The role would allow the whole organization.
    #[error("no project is named: the role would trust every project of the organization")]
    NoProject,
    /// A pattern for the repository would allow forks, or branches that look like those of another repository.
    #[error("project `{0}` has no repository, which a branch or tag needs")]
    NoOrigin(Uuid),
    /// A token has no external ID.
    #[error("an external ID is for workload roles, and no workload role is named")]
    ExternalIdAlone,
    /// A role cannot assume a role of another partition.
    #[error("`{0}` is in another partition than the role that assumes it")]
    OtherPartition(String),
    /// Names are unique in an account, whatever their paths.
    #[error("`{0}` is named twice: role names are unique in an account")]
    Twice(String),
    /// AWS allows shorter sessions, but not a shorter maximum of the role.
    #[error("invalid maximum session duration `{0}`; expected 1 h to 12 h")]
    ShortSession(SessionDuration),
    /// The output has no provider that they belong to.
    #[error("thumbprints are given, but the provider exists already")]
    ThumbprintsOfExisting,
    /// IAM allows five (facts/aws.md 10.7).
    #[error("{0} thumbprints are given; IAM allows at most 5")]
    TooManyThumbprints(usize),
    /// IAM refuses it with any quota.
    #[error("the {policy} would have {size} characters without white space; IAM allows at most {limit}")]
    TooLarge {
        /// The policy.
        policy: &'static str,
        /// Its length.
        size: usize,
        /// The limit.
        limit: usize,
    },
}
