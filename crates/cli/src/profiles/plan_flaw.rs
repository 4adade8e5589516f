//! What can be wrong with roles that are each fine by themselves: where they come from, and how they fit the
//! defaults. Lines are those of the text that declares them.

use aws::{InvalidSessionName, Region, SessionDuration};
use export::ProfileName;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanFlaw {
    /// Profiles of other files are not looked for.
    #[error("line {line}: the source of `{profile}`, `{missing}`, is no profile of these")]
    NoSource {
        /// Where the source is named.
        line: usize,
        /// Whose source it is.
        profile: ProfileName,
        /// The name.
        missing: ProfileName,
    },
    /// Nobody of them has anything to start from.
    #[error(
        "line {line}: the sources go round in a circle, {circle}: leave `source_profile` out where the job's token is \
         to be used"
    )]
    Circle {
        /// Where the first one names its source.
        line: usize,
        /// `a`, `b`, `a`.
        circle: String,
    },
    /// What AWS would say later and in other words.
    #[error(
        "line {line}: {asked} is longer than 1h, which is all that AWS gives to a role that is assumed from another \
         role"
    )]
    OverTheChainCap {
        /// Where the length is asked for.
        line: usize,
        /// The length.
        asked: SessionDuration,
    },
    /// The role lives in another partition than the Region.
    #[error(
        "line {line}: the role of `{profile}` is of partition `{role}`, its Region `{region}`{from} of `{}`: \
         give the profile a `region` of its own partition",
        region.partition().name
    )]
    Partition {
        /// Where the Region is named, or the profile where it is the default.
        line: usize,
        /// Whose role.
        profile: ProfileName,
        /// The role's partition.
        role: String,
        /// The Region.
        region: Region,
        /// ` (AWS_REGION)` where it is the default.
        from: String,
    },
    /// Partitions know nothing of each other's sessions.
    #[error(
        "line {line}: `{profile}` is of partition `{own}`, its source `{source_profile}` of `{other}`: \
         a session is good in its own partition only"
    )]
    SourcePartition {
        /// Where the source is named.
        line: usize,
        /// Whose source it is.
        profile: ProfileName,
        /// The role's partition.
        own: String,
        /// The source.
        source_profile: ProfileName,
        /// The partition of its role.
        other: String,
    },
    /// Not one that STS takes.
    #[error("line {line}: {why}")]
    SessionName {
        /// Where it stands.
        line: usize,
        /// What is wrong with it.
        why: InvalidSessionName,
    },
}

impl PlanFlaw {
    /// Where it shows.
    pub(crate) fn line(&self) -> usize {
        match self {
            Self::NoSource { line, .. }
            | Self::Circle { line, .. }
            | Self::OverTheChainCap { line, .. }
            | Self::Partition { line, .. }
            | Self::SourcePartition { line, .. }
            | Self::SessionName { line, .. } => *line,
        }
    }
}
