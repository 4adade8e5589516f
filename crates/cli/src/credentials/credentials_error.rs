//! Why there are no credentials to call AWS with. Each variant has its own fix; none shows a value.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use export::{InvalidProfileName, ProfileName, ProfileReadError};

use super::container::{ContainerEndpointError, InvalidContainerEndpoint};
use super::process::ProcessError;
use crate::io::environment::vars;
use crate::io::files::shared_files::SharedPathError;
use crate::io::files::text_file;
use crate::io::files::untrusted_path::UntrustedPath;

/// What was searched without success.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(crate) struct Missing {
    /// What was searched for and where, in words.
    pub(super) text: String,
    /// The profile.
    pub(super) profile: ProfileName,
    /// Whether a file has this profile, without credentials.
    pub(super) exists: bool,
    /// Whether the user of this command requested it: then the variables are not used.
    pub(super) is_requested: bool,
}

/// No usable credentials.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialsError {
    /// No source has any; the text names the sources.
    #[error("no credentials: {0}")]
    NotFound(Missing),
    /// No file has this profile.
    #[error("there is no profile {0}")]
    ProfileNotFound(Missing),
    /// The profile gets its credentials in a way that is not supported here.
    #[error(
        "profile `{profile}` has `{key}` in `{}`, which AWS tools use and this command does not support",
        path.display()
    )]
    UnsupportedKey {
        /// Its name.
        profile: String,
        /// The profile's key for that.
        key: String,
        /// The file that contains it.
        path: PathBuf,
    },
    /// The variable of a shared file's path.
    #[error(transparent)]
    SharedPath(SharedPathError),
    /// A variable for a source of credentials that is not supported here.
    #[error("{0} is set, which AWS tools use and this command does not support")]
    UnsupportedVariable(&'static str),
    /// The variable names no endpoint that can be called.
    #[error("{} cannot be used", vars::AWS_CONTAINER_CREDENTIALS_FULL_URI)]
    InvalidEndpoint(#[source] InvalidContainerEndpoint),
    /// The endpoint was called.
    #[error("the container endpoint `{host}` returned no credentials")]
    Endpoint {
        /// Host and port.
        host: String,
        /// Why.
        source: ContainerEndpointError,
    },
    /// The process was run.
    #[error("`credential_process` of profile `{profile}` in `{}` returned no credentials", path.display())]
    Process {
        /// Its name.
        profile: String,
        /// The file that contains it.
        path: PathBuf,
        /// Why.
        source: ProcessError,
    },
    /// AWS's tools fail here too.
    #[error("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")]
    NoSecretKey,
    /// A value that a request cannot hold.
    #[error("the {value} from {from} holds an invalid character; expected visible ASCII characters")]
    InvalidCharacter {
        /// Which of the three values.
        value: &'static str,
        /// Where it came from.
        from: String,
    },
    /// A profile name that not all AWS tools find.
    #[error("the profile that {variable} names cannot be used")]
    Name {
        /// The variable.
        variable: &'static str,
        /// What is wrong.
        source: InvalidProfileName,
    },
    /// A file exists, but cannot be read as text.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Arc<text_file::ReadError>,
    },
    /// Another user can change the file, and with it what runs here.
    #[error("`{}` is not used", path.display())]
    Untrusted {
        /// The file.
        path: PathBuf,
        /// Which part of the path, and why.
        source: UntrustedPath,
    },
    /// A text that AWS's tools read in different ways, or cannot read.
    #[error("the profile cannot be read from `{}`", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ProfileReadError,
    },
}

impl CredentialsError {
    /// Whether the source was found, but returned no credentials.
    pub(crate) fn is_source_failure(&self) -> bool {
        matches!(self, Self::Endpoint { .. } | Self::Process { .. })
    }

    /// The error and its cause, for a note.
    pub(crate) fn in_one_line(&self) -> String {
        self.source().map_or_else(|| self.to_string(), |cause| format!("{self}: {cause}"))
    }
}
