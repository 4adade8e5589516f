//! The errors of a roles file. Each error names the line and how to fix it. Values are shown, as the file holds ARNs and
//! names; a key that could hold a secret is named without its value.

use aws::{InvalidExternalId, InvalidRegion, InvalidRoleArn, InvalidSessionDuration};

use crate::shared_config::{InvalidProfileName, ProfileReadError, SharedFileError};

/// One error. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RolesFileError {
    /// Larger than any file that declares roles.
    #[error("the roles have {bytes} bytes: at most 1 MiB is read")]
    TooLarge {
        /// The size that was found.
        bytes: usize,
    },
    /// More roles than a job needs.
    #[error("there are {count} profiles: at most {most} are assumed in one run")]
    TooMany {
        /// Their number.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// An empty file, or only comments.
    #[error("no `[profile NAME]` in it")]
    NoProfiles,
    /// AWS clients cannot read the file, or they read it in different ways.
    #[error(transparent)]
    Malformed(SharedFileError),
    /// A value that AWS clients read in different ways.
    #[error(transparent)]
    Unclear(ProfileReadError),
    /// Another kind of section, or a profile without the prefix.
    #[error("line {line}: invalid section `[{section}]`; expected `[profile NAME]` or `[default]`")]
    NotAProfile {
        /// The text in the brackets.
        section: String,
        /// Its line.
        line: usize,
    },
    /// A name that not all clients find.
    #[error("line {line}: {why}")]
    Name {
        /// Its line.
        line: usize,
        /// What is wrong with it.
        why: InvalidProfileName,
    },
    /// `[default]` and `[profile default]`.
    #[error("line {line} repeats the profile `{name}` of line {first}: merge the two")]
    DuplicateProfile {
        /// The profile.
        name: String,
        /// Its first line.
        first: usize,
        /// The repeated line.
        line: usize,
    },
    /// A profile without a role to assume.
    #[error("the profile `{name}` in line {line} has no `role_arn`")]
    NoRole {
        /// The profile.
        name: String,
        /// The line of its header.
        line: usize,
    },
    /// AWS tools would use or require other credentials.
    #[error("line {line} sets `{key}`, which leads AWS tools to other credentials: remove it")]
    OtherCredentials {
        /// The key, in lower case.
        key: String,
        /// Its line.
        line: usize,
    },
    /// The key would have no effect.
    #[error("line {line} sets the unknown key `{key}`: write `{meant}`")]
    Misspelt {
        /// The key, in lower case.
        key: String,
        /// The likely intended key.
        meant: &'static str,
        /// Its line.
        line: usize,
    },
    /// A key without a value.
    #[error("line {line} sets `{key}` without a value: write a value or remove the line")]
    Empty {
        /// The key.
        key: &'static str,
        /// Its line.
        line: usize,
    },
    /// An invalid value.
    #[error("line {line}: {why}")]
    Value {
        /// Its line.
        line: usize,
        /// What is wrong with it.
        why: InvalidRoleSetting,
    },
    /// AssumeRoleWithWebIdentity has no such parameter.
    #[error(
        "line {line} sets `external_id`, which AWS takes for role chaining and not with a token: \
         the profile `{name}` needs a `source_profile`"
    )]
    ExternalIdWithToken {
        /// The profile.
        name: String,
        /// Its line.
        line: usize,
    },
}

/// Why a value is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRoleSetting {
    /// Of `role_arn`.
    #[error(transparent)]
    Role(#[from] InvalidRoleArn),
    /// Of `source_profile`.
    #[error(transparent)]
    Source(#[from] InvalidProfileName),
    /// Of `external_id`.
    #[error(transparent)]
    ExternalId(#[from] InvalidExternalId),
    /// Of `duration_seconds`: AWS tools read no units there.
    #[error("invalid value `{0}`; expected 900 to 43200 seconds without a unit")]
    NotSeconds(String),
    /// Of `duration_seconds`.
    #[error(transparent)]
    Duration(#[from] InvalidSessionDuration),
    /// Of `region`.
    #[error(transparent)]
    Region(#[from] InvalidRegion),
}

impl From<std::convert::Infallible> for InvalidRoleSetting {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
