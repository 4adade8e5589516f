//! Why a destination can't take the credentials.

use std::io;
use std::path::PathBuf;

use export::{InvalidProcessLine, NotPlain, ProfileName, SharedFileError};

use crate::credentials::CredentialsError;
use crate::io::files::file_trust::PathError;
use crate::io::files::text_file::ReadError;
use crate::renewal::endpoint_search::EndpointSearchError;
use crate::renewal::state_directory::StateError;

/// A destination that can't be opened or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SinkError {
    /// `bash-env` outside of a step that bash runs.
    #[error("BASH_ENV is not set, so there is no file for `bash-env`")]
    NoBashEnv,
    /// `github` outside of a GitHub Actions step.
    #[error("GITHUB_ENV is not set, so there is no file for `github`")]
    NoGithubEnv,
    /// A variable that would stay in the way.
    #[error(
        "{0} is set in this job, and GITHUB_ENV can't unset it: AWS tools would go by that profile, or stop at it"
    )]
    Stuck(&'static str),
    /// The system's source of randomness is empty.
    #[error("the system has no random bytes, which the texts in BASH_ENV and GITHUB_ENV need")]
    NoRandomBytes,
    /// No place for AWS's shared files.
    #[error("neither HOME nor AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE say where the profile goes")]
    NoHome,
    /// `--mode endpoint` outside of a step that bash runs.
    #[error("BASH_ENV is not set, and `--mode endpoint` reaches the next steps by that file alone")]
    NoBashEnvForEndpoint,
    /// What AWS's tools take before an endpoint.
    #[error("AWS tools would take the credentials of {0} and never ask the endpoint")]
    Rival(String),
    /// A profile that AWS's tools follow before an endpoint, or stop at.
    #[error("AWS tools would not get as far as the endpoint")]
    RivalProfile(#[source] CredentialsError),
    /// No directory for the endpoint descriptor of `serve`.
    #[error("the endpoint descriptor of `serve` cannot be looked for")]
    NoDescriptor(#[source] StateError),
    /// A server that goes on.
    #[error("the endpoint descriptors of `serve` cannot be removed, so its endpoint goes on")]
    StillServing(#[source] io::Error),
    /// The endpoint of `serve` is not there, or not right.
    #[error("the next steps can't be led to the endpoint of `serve`: nothing was written")]
    Endpoint(#[source] EndpointSearchError),
    /// The file may not be written to.
    #[error("`{}` can't be written to", path.display())]
    Path {
        /// As the user named it.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: PathError,
    },
    /// What is there already can't be read, so it could not be kept.
    #[error("`{}` can't be read, so what it holds could not be kept", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: ReadError,
    },
    /// What is there already can't be edited without loss.
    #[error("the profile can't be written to `{}`", path.display())]
    NotEditable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: SharedFileError,
    },
    /// What is there already can't be taken apart without loss.
    #[error("the profile's credentials can't be taken out of `{}`", path.display())]
    NotRemovable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: SharedFileError,
    },
    /// A value that this format can't hold.
    #[error("`{}` can't hold the credentials", path.display())]
    NotPlain {
        /// The file.
        path: PathBuf,
        /// Which value.
        #[source]
        source: NotPlain,
    },
    /// Nowhere to keep credentials for the calls of AWS's tools.
    #[error("the credentials can't be kept for AWS tools to ask for")]
    State(#[source] StateError),
    /// A profile's line has to name this program.
    #[error("the path of this program can't be found out")]
    Program(#[source] io::Error),
    /// A line that some AWS tools would read in another way.
    #[error("profile `{profile}` can't have a `credential_process` that runs `{}`", program.display())]
    Line {
        /// The profile.
        profile: ProfileName,
        /// This program.
        program: PathBuf,
        /// What is in the way.
        #[source]
        source: InvalidProcessLine,
    },
    /// The same, by a name that is no text.
    #[error("profile `{profile}` can't have a `credential_process` that runs `{}`: its path is not UTF-8", program.display())]
    NotText {
        /// The profile.
        profile: ProfileName,
        /// This program.
        program: PathBuf,
    },
    /// The system said no.
    #[error("`{}` can't be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's own reason.
        #[source]
        source: io::Error,
    },
    /// Nobody reads stdout any more, or its disk is full.
    #[error("stdout can't be written")]
    Stdout(#[source] io::Error),
}

impl SinkError {
    /// Whether something of the user's own stands there, which nothing here may replace.
    pub(crate) fn would_overwrite(&self) -> bool {
        let Self::NotEditable { source, .. } = self else { return false };
        matches!(source, SharedFileError::OwnKeys { .. } | SharedFileError::ForeignProcess { .. })
    }
}
