//! What whoever puts a policy into force should know, and can't see in it.

use std::fmt;

use super::{format::Format, plan::Plan};

/// IAM's limit unless AWS has raised the account's.
const DEFAULT_QUOTA: usize = 2048;

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// No branch, no tag.
    AnyRef,
    /// No repository.
    AnyOrigin,
    /// Branch, tag or repository: a V1 token has none.
    NeedsV2,
    /// AWS may not have the key there.
    NoProjectKey,
    /// Longer than IAM takes by default.
    Long(usize),
    /// The format holds one policy and the plan more.
    OnlyTheFirst,
}

/// Everything that applies.
pub(super) fn all(plan: &Plan, format: Format, trust_size: usize) -> Vec<Note> {
    let limited = plan.projects.iter().all(|project| project.vcs_origin.is_some());
    let candidates = [
        (plan.refs.is_empty(), Note::AnyRef),
        (!limited, Note::AnyOrigin),
        (limited, Note::NeedsV2),
        (!plan.issuer.has_project_key(&plan.role), Note::NoProjectKey),
        (trust_size > DEFAULT_QUOTA, Note::Long(trust_size)),
        (format == Format::Json && !plan.workload_roles.is_empty(), Note::OnlyTheFirst),
    ];
    candidates.into_iter().filter_map(|(applies, note)| applies.then_some(note)).collect()
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyRef => f.write_str("every branch and tag is let in"),
            Self::AnyOrigin => f.write_str(
                "the repository is not limited: where the project passes secrets to forks, their jobs are let in",
            ),
            Self::NeedsV2 => f.write_str(
                "only CIRCLE_OIDC_TOKEN_V2 names a repository and a branch: CIRCLE_OIDC_TOKEN is kept out, and so \
                 are jobs that a custom webhook started",
            ),
            Self::NoProjectKey => f.write_str(
                "the project is limited by `sub` alone: AWS has a key for it in commercial Regions, for CircleCI's \
                 own issuer",
            ),
            Self::Long(size) => write!(
                f,
                "the trust policy has {size} characters without white space: IAM takes {DEFAULT_QUOTA} unless AWS \
                 has raised the account's quota (role trust policy length); several roles are the other way"
            ),
            Self::OnlyTheFirst => f.write_str("the policies for the workload roles are in the other formats"),
        }
    }
}
