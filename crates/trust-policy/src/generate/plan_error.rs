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
    /// The policy denies forged subjects, and this ref looks like one.
    #[error("`{0}` has a part `vcs-ref` or `vcs-origin`, like the forged names that the policy denies")]
    LooksForged(String),
    /// Every repository on GitHub has the same issuer.
    #[error("no repository is named: the role would trust every repository on GitHub")]
    NoRepository,
    /// The role would allow unreviewed code.
    #[error(
        "neither a branch, a tag, an environment, pull requests nor a reusable workflow is named: the role would trust every workflow of the repository"
    )]
    NoContext,
    /// A subject of ids needs them.
    #[error("the ids of repository `{0}` are not known, which a subject with ids needs")]
    NoIds(String),
    /// A condition on it might never hold.
    #[error(
        "AWS has no condition key for `job_workflow_ref` there: only for GitHub's cloud, in commercial Regions"
    )]
    NoWorkflowKey,
    /// A role can have managed policies of its own account and of AWS.
    #[error("`{0}` is a policy of another account or partition than the role")]
    PolicyElsewhere(String),
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
