//! What can be wrong with a file of roles. Each variant has its own mend and says which line. Values are shown:
//! the file holds ARNs and names; a key that would hold a secret is named without its value.

use aws::{InvalidExternalId, InvalidRegion, InvalidRoleArn, InvalidSessionDuration};

use crate::shared_config::{InvalidProfileName, ProfileReadError, SharedFileError};

/// One thing that is wrong. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RolesFileError {
    /// Far beyond any file that declares roles.
    #[error("the roles have {bytes} bytes: at most 1 MiB is read")]
    TooLarge {
        /// The size that was found.
        bytes: usize,
    },
    /// More roles than one job is for.
    #[error("there are {count} profiles: at most {most} are assumed in one run")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// An empty file, or comments alone.
    #[error("there is no `[profile NAME]` in it")]
    NoProfiles,
    /// Not a file that AWS's clients read, or not alike.
    #[error(transparent)]
    Malformed(SharedFileError),
    /// A value that AWS's clients would read in two ways.
    #[error(transparent)]
    Unclear(ProfileReadError),
    /// Another kind of section, or a profile without the word.
    #[error("line {line} opens `[{section}]`, which is no profile: write `[profile NAME]` or `[default]`")]
    NotAProfile {
        /// What stands in the brackets.
        section: String,
        /// Where it stands.
        line: usize,
    },
    /// A name that not all clients would find.
    #[error("line {line}: {why}")]
    Name {
        /// Where it stands.
        line: usize,
        /// What is wrong with it.
        why: InvalidProfileName,
    },
    /// `[default]` and `[profile default]`.
    #[error("line {line} opens the profile `{name}`, which line {first} has opened before: merge the two")]
    DuplicateProfile {
        /// The profile.
        name: String,
        /// Where it stands first.
        first: usize,
        /// Where it stands again.
        line: usize,
    },
    /// A profile that there is nothing to do for.
    #[error("the profile `{name}` of line {line} has no `role_arn`")]
    NoRole {
        /// The profile.
        name: String,
        /// Where its header stands.
        line: usize,
    },
    /// AWS's tools would use those, or ask for them.
    #[error("line {line} sets `{key}`, which leads AWS's tools to other credentials: remove it")]
    OtherCredentials {
        /// The key, in lower case.
        key: String,
        /// Where it stands.
        line: usize,
    },
    /// It would be without effect, and nobody would notice.
    #[error("line {line} sets `{key}`, which is not known: write `{meant}`")]
    Misspelt {
        /// The key, in lower case.
        key: String,
        /// What was meant.
        meant: &'static str,
        /// Where it stands.
        line: usize,
    },
    /// A key with nothing behind it.
    #[error("line {line} sets `{key}` to nothing: write a value or remove the line")]
    Empty {
        /// The key.
        key: &'static str,
        /// Where it stands.
        line: usize,
    },
    /// A value that its key can't have.
    #[error("line {line}: {why}")]
    Value {
        /// Where it stands.
        line: usize,
        /// What is wrong with it.
        why: InvalidRoleSetting,
    },
    /// The request with a token has no room for it.
    #[error(
        "line {line} sets `external_id`, which AWS takes from role to role and not with a token: \
         the profile `{name}` needs a `source_profile`"
    )]
    ExternalIdWithToken {
        /// The profile.
        name: String,
        /// Where it stands.
        line: usize,
    },
}

/// Why a value is none.
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
    /// Of `duration_seconds`: AWS's tools read no units there.
    #[error("`{0}` is not a number of seconds: write 900 to 43200")]
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
