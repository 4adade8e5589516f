//! What the person who deploys a policy should know, and cannot see in it.

use std::fmt;

use super::{format::Format, plan::Plan};

/// IAM's limit unless AWS has raised the account's.
const DEFAULT_QUOTA: usize = 2048;

/// A note about the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Neither branch nor tag is limited.
    AnyRef,
    /// The repository is not limited.
    AnyOrigin,
    /// Branch, tag or repository is limited: a V1 token has none of them.
    NeedsV2,
    /// AWS may not have the project's key there.
    NoProjectKey,
    /// Longer than IAM's default quota.
    Long(usize),
    /// The plan has more policies than the format can hold.
    OnlyTheFirst,
}

/// All notes that apply.
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
            Self::AnyRef => f.write_str("every branch and tag is allowed"),
            Self::AnyOrigin => f.write_str(
                "the repository is not limited: if the project passes secrets to forks, jobs of forks are allowed",
            ),
            Self::NeedsV2 => f.write_str(
                "only CIRCLE_OIDC_TOKEN_V2 names a repository and a branch: CIRCLE_OIDC_TOKEN is not allowed, \
                 and neither are jobs that a custom webhook started",
            ),
            Self::NoProjectKey => f.write_str(
                "the project is limited by `sub` alone: AWS has a condition key for it only in commercial Regions, for \
                 CircleCI's own issuer",
            ),
            Self::Long(size) => write!(
                f,
                "the trust policy has {size} characters without white space: IAM allows {DEFAULT_QUOTA} unless AWS \
                 has raised the account's quota (role trust policy length); several roles are an alternative"
            ),
            Self::OnlyTheFirst => f.write_str("only the other formats contain the policies of the workload roles"),
        }
    }
}
