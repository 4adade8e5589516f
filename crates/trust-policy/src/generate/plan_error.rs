//! Why a plan cannot be written, or IAM would refuse the result.

use aws::SessionDuration;

use crate::uuid::Uuid;

/// Why nothing can be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It would let in the whole organization.
    #[error("no project is named: the role would trust every project of the organization")]
    NoProject,
    /// A pattern for the repository would let forks in, or branches that look like another repository's.
    #[error("project `{0}` has no repository: a branch or tag means nothing without one")]
    NoOrigin(Uuid),
    /// A token can't carry one.
    #[error("an external id is asked of roles, and no workload role is named")]
    ExternalIdAlone,
    /// Roles assume none in other partitions.
    #[error("`{0}` is of another partition than the role that is to go on to it")]
    OtherPartition(String),
    /// Names are unique in an account, whatever their paths.
    #[error("`{0}` is named twice: an account has one role of a name")]
    Twice(String),
    /// AWS lets a session be shorter than that, but not a role's longest one.
    #[error("the role's longest session can't be `{0}`: IAM allows 1 h to 12 h")]
    ShortSession(SessionDuration),
    /// Nothing is written that could hold them.
    #[error("thumbprints are given for a provider that exists")]
    ThumbprintsOfExisting,
    /// IAM takes five (facts/aws.md 10.7).
    #[error("{0} thumbprints are given: IAM takes at most 5")]
    TooManyThumbprints(usize),
    /// IAM would refuse it, whatever the account's quota.
    #[error("the {policy} would have {size} characters without white space: IAM allows at most {limit}")]
    TooLarge {
        /// Which one.
        policy: &'static str,
        /// How long it is.
        size: usize,
        /// How long it may be.
        limit: usize,
    },
}
