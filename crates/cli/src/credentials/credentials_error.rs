//! Why there are no credentials to ask with. Each variant has its own remedy; none shows a value.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use export::{InvalidProfileName, ProfileReadError};

use super::container::{EndpointError, InvalidEndpoint};
use super::process::ProcessError;
use crate::io::environment::vars;
use crate::io::files::text_file;

/// Nothing to sign with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialsError {
    /// Every place is empty; the text says which.
    #[error("no credentials: {0}")]
    Nowhere(String),
    /// A name that leads nowhere.
    #[error("there is no profile `{profile}` ({by}): {looked}")]
    NoProfile {
        /// Its name.
        profile: String,
        /// Who named it.
        by: &'static str,
        /// Which files were looked into.
        looked: String,
    },
    /// The profile leads to credentials by a further step.
    #[error(
        "profile `{profile}` has `{key}` in `{}`, which AWS tools go by and this command does not follow",
        path.display()
    )]
    NotFollowed {
        /// Its name.
        profile: String,
        /// The setting that leads there.
        key: String,
        /// The file that it stands in.
        path: PathBuf,
    },
    /// A variable leads to credentials by a further step.
    #[error("{0} is set, which AWS tools go by and this command does not follow")]
    NotFollowedVariable(&'static str),
    /// The variable names no endpoint that is asked.
    #[error("{} is set and can't be followed", vars::AWS_CONTAINER_CREDENTIALS_FULL_URI)]
    NoEndpoint(#[source] InvalidEndpoint),
    /// The endpoint was asked.
    #[error("the container endpoint `{host}` gave no keys")]
    Endpoint {
        /// Host and port.
        host: String,
        /// Why.
        source: EndpointError,
    },
    /// The process was run.
    #[error("`credential_process` of profile `{profile}` in `{}` gave no keys", path.display())]
    Process {
        /// Its name.
        profile: String,
        /// The file that it stands in.
        path: PathBuf,
        /// Why.
        source: ProcessError,
    },
    /// AWS's tools stop there.
    #[error("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")]
    HalfSet,
    /// A value that no request can carry.
    #[error("the {what} holds a character that none of AWS's has: {source_words}")]
    NotAKey {
        /// Which of the three values.
        what: &'static str,
        /// Where it stands.
        source_words: String,
    },
    /// A profile's name that not all tools find.
    #[error("the profile that {variable} names can't be looked up")]
    Name {
        /// The variable.
        variable: &'static str,
        /// What is wrong.
        source: InvalidProfileName,
    },
    /// A file that is there and gives no text.
    #[error("`{}` can't be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Arc<text_file::ReadError>,
    },
    /// A text that AWS's tools read in different ways, or not at all.
    #[error("the profile can't be read from `{}`", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ProfileReadError,
    },
}

impl CredentialsError {
    /// Whether the place was right, and what stands there failed.
    pub(crate) fn is_of_a_source(&self) -> bool {
        matches!(self, Self::Endpoint { .. } | Self::Process { .. })
    }

    /// With its cause, for a note beside credentials that are good.
    pub(crate) fn in_one_line(&self) -> String {
        self.source().map_or_else(|| self.to_string(), |cause| format!("{self}: {cause}"))
    }
}
