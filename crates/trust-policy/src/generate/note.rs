//! What the person who deploys a policy should know, and cannot see in it.

use std::fmt;

use super::{context_provider, format::Format, plan::Plan, trusted_jobs::TrustedJobs};
use crate::context_keys::LONGEST_VALUE;

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
    /// Any branch, tag, environment and pull request may call the reusable workflow.
    AnyContext,
    /// A token of CircleCI's has another audience, unless the job or the organization asks for this one.
    OtherAudience(String),
    /// New branches and tags match.
    RefWildcard(String),
    /// The subject of a job with an environment names neither a branch nor a pull request.
    AnyRefOfEnvironment,
    /// Unreviewed code is allowed.
    PullRequests,
    /// Tokens of other jobs do not have the claim.
    ReusableWorkflowOnly,
    /// No id limits the repository.
    NameAlone,
    /// Another environment has the same subject.
    SameSubject(String),
    /// What a context provider does not do.
    ContextOfSession,
    /// The token names no repository, so it lacks claims that the mapping names.
    NoContextClaims,
    /// A mapped value is too long.
    LongContextClaim {
        /// The claim.
        claim: &'static str,
        /// Its characters.
        length: usize,
    },
    /// Longer than IAM's default quota.
    Long(usize),
    /// The plan has more policies than the format can hold.
    OnlyTheFirst,
    /// The format has no role that a policy could be attached to.
    NotAttached,
}

/// All notes that apply.
pub(super) fn all(plan: &Plan, format: Format, trust_size: usize) -> Vec<Note> {
    if format == Format::ProviderJson {
        return context_provider::notes(plan);
    }
    let mut notes = plan.jobs.notes(&plan.role);
    if let TrustedJobs::CircleCi(jobs) = &plan.jobs
        && plan.audience.as_str() != jobs.issuer.organization().as_str()
    {
        notes.push(Note::OtherAudience(plan.audience.as_str().to_owned()));
    }
    let is_trust_alone = format == Format::Json;
    let candidates = [
        (trust_size > DEFAULT_QUOTA, Note::Long(trust_size)),
        (is_trust_alone && !plan.workload_roles.is_empty(), Note::OnlyTheFirst),
        (is_trust_alone && !plan.permissions_policies.is_empty(), Note::NotAttached),
    ];
    notes.extend(context_provider::notes(plan));
    notes.extend(candidates.into_iter().filter_map(|(applies, note)| applies.then_some(note)));
    notes
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
            Self::AnyContext => f.write_str(
                "every branch, tag, environment and pull request of the repository may call the reusable workflow",
            ),
            Self::AnyRefOfEnvironment => f.write_str(
                "`sub` of a job with an environment names neither branch nor pull request: workflows of pull requests \
                 are allowed too, unless GitHub limits which branches and tags may deploy to the environment",
            ),
            Self::OtherAudience(audience) => write!(
                f,
                "`aud` is `{audience}`, not CircleCI's default, the organization's id: a job's tokens are allowed only if \
                 the job requests them for it (`--token-source mint`), or the organization has set it"
            ),
            Self::RefWildcard(pattern) => write!(
                f,
                "`{pattern}` matches new branches or tags too, and `*` matches `/`: whoever can create one of this form is \
                 allowed"
            ),
            Self::PullRequests => f.write_str(
                "workflows of pull requests are allowed: they run code that is not reviewed yet, of any branch of the \
                 repository",
            ),
            Self::ReusableWorkflowOnly => f.write_str(
                "only jobs that a reusable workflow defines are allowed: GitHub documents `job_workflow_ref` for their \
                 tokens only",
            ),
            Self::NameAlone => f.write_str(
                "the repository is limited by its name alone: whoever gets the name after its owner is allowed",
            ),
            Self::SameSubject(name) => write!(
                f,
                "GitHub writes `:` as `%3A` and leaves `%` as it is: environment `{name}` and one with the other spelling \
                 have the same `sub`, and both are allowed; a name without either is safe"
            ),
            Self::ContextOfSession => f.write_str(
                "the context provider sets keys of the role's session, for its later calls; whether the exchange itself \
                 has them is not established, so `sub` stays the limit of the role; whoever may update the provider can \
                 change what the keys mean",
            ),
            Self::NoContextClaims => f.write_str(
                "the token names no repository and no ref, as in the pipeline of a custom webhook or in a V1 token: what \
                 STS does without a claim that the context provider maps is not established",
            ),
            Self::LongContextClaim { claim, length } => write!(
                f,
                "`{claim}` has {length} characters, and a mapped value at most {LONGEST_VALUE}: whether STS refuses such \
                 a token or leaves the key out is not established"
            ),
            Self::Long(size) => write!(
                f,
                "the trust policy has {size} characters without white space: IAM allows {DEFAULT_QUOTA} unless AWS \
                 has raised the account's quota (role trust policy length); several roles are an alternative"
            ),
            Self::OnlyTheFirst => f.write_str("only the other formats contain the policies of the workload roles"),
            Self::NotAttached => f.write_str("only the other formats attach permissions policies to the role"),
        }
    }
}
