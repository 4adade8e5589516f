//! Flaws of roles that are each valid alone: their sources, and how they fit the defaults. Lines are those of the
//! text that declares the roles.

use aws::{InvalidSessionName, Region, SessionDuration};
use export::ProfileName;

/// One flaw.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanFlaw {
    /// The source is not declared. Profiles of other files are not read.
    #[error("line {line}: the source of `{profile}`, `{missing}`, is not declared here{}", or_meant(meant.as_deref()))]
    NoSource {
        /// The line that names the source.
        line: usize,
        /// The profile that names it.
        profile: ProfileName,
        /// The source.
        missing: ProfileName,
        /// The declared profile with the most similar name, if one is similar.
        meant: Option<String>,
    },
    /// None of the roles can be assumed first.
    #[error(
        "line {line}: the sources form a cycle, {cycle}: remove `source_profile` from the role that the job's token \
         assumes"
    )]
    Cycle {
        /// The line in which the first profile names its source.
        line: usize,
        /// `a` from `b` from `a`.
        cycle: String,
    },
    /// A duration that AWS would refuse too, with a less specific message.
    #[error("line {line}: invalid value `{}`; expected at most 3600 seconds, AWS's limit for role chaining", requested.seconds())]
    OverChainLimit {
        /// The line of the duration.
        line: usize,
        /// The duration.
        requested: SessionDuration,
    },
    /// The role is in another partition than the Region.
    #[error(
        "line {line}: the role of `{profile}` is in partition `{role}`, its Region `{region}`{from} in `{}`: \
         set a `region` of the role's partition",
        region.partition().name
    )]
    Partition {
        /// The line of the Region, or of the profile if the Region is the default.
        line: usize,
        /// The profile.
        profile: ProfileName,
        /// The role's partition.
        role: String,
        /// The Region.
        region: Region,
        /// ` (AWS_REGION)` if it is the default.
        from: String,
    },
    /// The source is in another partition.
    #[error(
        "line {line}: `{profile}` is in partition `{own_partition}`, its source `{source_profile}` in \
         `{other_partition}`: a session is valid in its own partition only"
    )]
    SourcePartition {
        /// The line that names the source.
        line: usize,
        /// The profile that names it.
        profile: ProfileName,
        /// The partition of the profile's role.
        own_partition: String,
        /// The source.
        source_profile: ProfileName,
        /// The partition of its role.
        other_partition: String,
    },
    /// A session name that STS refuses.
    #[error("line {line}: {flaw}")]
    SessionName {
        /// The line of the name.
        line: usize,
        /// What is wrong with it.
        flaw: InvalidSessionName,
    },
}

fn or_meant(name: Option<&str>) -> String {
    name.map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

impl PlanFlaw {
    /// The line to fix.
    pub(crate) fn line(&self) -> usize {
        match self {
            Self::NoSource { line, .. }
            | Self::Cycle { line, .. }
            | Self::OverChainLimit { line, .. }
            | Self::Partition { line, .. }
            | Self::SourcePartition { line, .. }
            | Self::SessionName { line, .. } => *line,
        }
    }
}
