//! Why credentials can't be written to a destination.

use std::io;
use std::path::PathBuf;

use export::dotenv::OwnKeys;
use export::{InvalidProcessLine, NotPlain, ProfileName, SharedFileError};

use crate::credentials::CredentialsError;
use crate::io::environment::Environment;
use crate::io::files::bash_env_path::InvalidBashEnv;
use crate::io::files::file_trust::PathError;
use crate::io::files::shared_files::SharedPathError;
use crate::io::files::text_file::ReadError;
use crate::io::process::bash_syntax::SyntaxFlaw;
use crate::io::stdout::StdoutError;
use crate::renewal::endpoint_search::EndpointSearchError;
use crate::renewal::state_directory::StateError;

/// What decides where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilePlace {
    /// A flag.
    Flag,
    /// The variables of AWS's shared files.
    SharedFiles,
    /// `BASH_ENV`.
    BashEnv,
    /// GitHub's runner.
    Runner,
    /// HOME.
    Home,
}

/// A destination that can't be opened or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SinkError {
    /// `bash-env` in a step that bash does not run.
    #[error("BASH_ENV is not set, so there is no file for `bash-env`")]
    NoBashEnv,
    /// The same, where sudo is the reason.
    #[error("BASH_ENV is not set: sudo has removed it")]
    NoBashEnvBehindSudo,
    /// `BASH_ENV` with an expansion that only bash can do.
    #[error("the file of BASH_ENV cannot be located")]
    InvalidBashEnv(#[source] InvalidBashEnv),
    /// `BASH_ENV` with a text that takes what is appended for a part of itself.
    #[error("nothing can be appended to `{}` (BASH_ENV): {flaw}", path.display())]
    Unfinished {
        /// The file.
        path: PathBuf,
        /// What is wrong with its text.
        flaw: SyntaxFlaw,
    },
    /// `github` outside of a GitHub Actions step.
    #[error("GITHUB_ENV is not set, so there is no file for `github`")]
    NoGithubEnv,
    /// A variable that would override the credentials.
    #[error(
        "{0} is set in this job and GITHUB_ENV cannot unset it: AWS tools would use that profile, or fail because of it"
    )]
    NotBlankable(&'static str),
    /// The system's source of randomness fails.
    #[error("the system returns no random bytes, which the texts in BASH_ENV and GITHUB_ENV need")]
    NoRandomBytes,
    /// No path for AWS's shared files.
    #[error(transparent)]
    SharedPath(#[from] SharedPathError),
    /// `--mode endpoint` in a step that bash does not run.
    #[error("BASH_ENV is not set, and `--mode endpoint` writes to that file only")]
    NoBashEnvForEndpoint,
    /// Credentials that AWS tools use before an endpoint.
    #[error("AWS tools would use the credentials of {0} and never call the endpoint")]
    CredentialsBeforeEndpoint(String),
    /// A profile that AWS tools follow before an endpoint, or fail at.
    #[error("AWS tools would follow the default profile and never call the endpoint")]
    ProfileBeforeEndpoint(#[source] CredentialsError),
    /// No directory for the endpoint descriptor of `serve`.
    #[error("the endpoint descriptor of `serve` cannot be located")]
    NoDescriptor(#[source] StateError),
    /// An endpoint that does not end.
    #[error("the endpoint descriptors of `serve` cannot be removed, so its endpoint stays open")]
    StillServing(#[source] io::Error),
    /// The endpoint of `serve` is missing, or returns other credentials.
    #[error("the next steps cannot use the endpoint of `serve`: nothing was written")]
    Endpoint(#[source] EndpointSearchError),
    /// The file must not be written to, or cannot be opened.
    #[error("`{}` cannot be written to", path.display())]
    Path {
        /// What decides where it is.
        place: FilePlace,
        /// As the user named it.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: PathError,
    },
    /// The file's text can't be read, so it would be lost.
    #[error("`{}` cannot be read, so it cannot be changed without loss", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: ReadError,
    },
    /// With the new text it would be larger than what is read.
    #[error("`{}` cannot be written: with the credentials {source}", path.display())]
    WouldBeTooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        source: ReadError,
    },
    /// A file of `--receipt` with another text, which would be lost.
    #[error("the receipt cannot be written to `{}`: what is in it is not a receipt", path.display())]
    NotReceipt {
        /// The file.
        path: PathBuf,
    },
    /// A file of `token --to file:PATH` with another text, which would be lost.
    #[error("the token cannot be written to `{}`: what is in it is not a token", path.display())]
    NotToken {
        /// The file.
        path: PathBuf,
    },
    /// The file's text can't be edited without loss.
    #[error("the profile cannot be written to `{}`", path.display())]
    NotEditable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: SharedFileError,
    },
    /// The credentials can't be removed from the file's text without loss.
    #[error("the profile's credentials cannot be removed from `{}`", path.display())]
    NotRemovable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: SharedFileError,
    },
    /// An env file with a user's own keys.
    #[error("the credentials cannot be written to `{}`", path.display())]
    OwnKeys {
        /// The file.
        path: PathBuf,
        /// Where they are.
        #[source]
        source: OwnKeys,
    },
    /// A value that this format can't represent.
    #[error("the credentials cannot be written to `{}`", path.display())]
    NotPlain {
        /// The file.
        path: PathBuf,
        /// Which value.
        #[source]
        source: NotPlain,
    },
    /// No cache for the calls of AWS tools.
    #[error("the credentials cannot be cached for AWS tools")]
    State(#[source] StateError),
    /// No path of this program, which the profile's line names.
    #[error("the path of this program cannot be determined")]
    Program(#[source] io::Error),
    /// A line that some AWS tools would read differently.
    #[error("profile `{profile}` cannot have a `credential_process` that runs `{}`", program.display())]
    Line {
        /// The profile.
        profile: ProfileName,
        /// This program.
        program: PathBuf,
        /// What is wrong with the line.
        #[source]
        source: InvalidProcessLine,
    },
    /// A line that AWS tools could not run.
    #[error("profile `{profile}` cannot have a `credential_process` for AWS tools: {flaw}")]
    NotRepeatable {
        /// The profile.
        profile: ProfileName,
        /// Why.
        flaw: String,
    },
    /// A path of this program that is not text.
    #[error("profile `{profile}` cannot have a `credential_process` that runs `{}`: its path is not UTF-8", program.display())]
    NotText {
        /// The profile.
        profile: ProfileName,
        /// This program.
        program: PathBuf,
    },
    /// A write failed.
    #[error("`{}` cannot be written", path.display())]
    Write {
        /// What decides where it is.
        place: FilePlace,
        /// The file.
        path: PathBuf,
        /// The system's own reason.
        #[source]
        source: io::Error,
    },
    /// Nobody gets the output.
    #[error(transparent)]
    Stdout(#[from] StdoutError),
}

impl SinkError {
    /// The file of `BASH_ENV` is not known: for a destination that needs it.
    pub(crate) fn without_bash_env(self, environment: &Environment) -> Self {
        if environment.sudo_removed_bash_env() { Self::NoBashEnvBehindSudo } else { self }
    }

    /// The same error, for one of AWS's shared files.
    pub(super) fn of_shared_file(self) -> Self {
        self.in_place(FilePlace::SharedFiles)
    }

    /// The same error, for the file of `BASH_ENV`.
    pub(super) fn of_bash_env(self) -> Self {
        self.in_place(FilePlace::BashEnv)
    }

    /// The same error, for a file of GitHub's runner.
    pub(super) fn of_runner(self) -> Self {
        self.in_place(FilePlace::Runner)
    }

    fn in_place(self, place: FilePlace) -> Self {
        match self {
            Self::Path { path, source, .. } => Self::Path { place, path, source },
            Self::Write { path, source, .. } => Self::Write { place, path, source },
            other => other,
        }
    }

    /// Whether the file holds the user's own keys or process, which must not be replaced.
    pub(crate) fn would_overwrite(&self) -> bool {
        let of_process =
            matches!(self, Self::NotEditable { source: SharedFileError::ForeignProcess { .. }, .. });
        of_process || self.would_overwrite_keys()
    }

    /// Whether it holds the user's own keys, which the user can give up.
    pub(crate) fn would_overwrite_keys(&self) -> bool {
        match self {
            Self::OwnKeys { .. } => true,
            Self::NotEditable { source, .. } => {
                matches!(source, SharedFileError::OwnKeys { .. } | SharedFileError::LongTermKeys { .. })
            }
            _ => false,
        }
    }
}
