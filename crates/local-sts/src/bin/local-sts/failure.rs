//! The program's errors, and how they are printed.

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use local_sts::StartError;
use testkit::{CertificateError, IssuerError};

use crate::rehearse::RehearsalError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file does not exist or is not readable.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The issuer's files do not exist or are not readable.
    #[error("cannot read the issuer from `{}`", path.display())]
    ReadIssuer {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file or directory is not writable.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The directory belongs to a server, whose `ca.pem` must not be replaced.
    #[error("`{}` is the directory of a server", .0.display())]
    ServerDirectory(PathBuf),
    /// Standard output or input is closed.
    #[error("cannot use the standard streams")]
    Streams(#[source] io::Error),
    /// No key, or a damaged one.
    #[error("cannot sign tokens")]
    Issuer(#[source] IssuerError),
    /// No certificate.
    #[error("cannot write a certificate")]
    Certificate(#[source] CertificateError),
    /// The server did not start.
    #[error("cannot start the server")]
    Start(#[source] StartError),
    /// The role's account is in neither the command line nor the policy.
    #[error("--role-arn is required: `{}` names no identity provider of an account", .0.display())]
    NoAccount(PathBuf),
    /// The policy was not evaluated, or the exchange failed for a reason other than the policy.
    #[error("cannot rehearse {job}")]
    Rehearsal {
        /// Which job.
        job: String,
        /// What happened instead.
        source: RehearsalError,
    },
    /// The policy decides otherwise.
    #[error("the policy does not decide as expected for {wrong} of {all} jobs")]
    Unexpected {
        /// For how many.
        wrong: usize,
        /// Of how many.
        all: usize,
        /// The next action.
        hint: String,
    },
}

impl Failure {
    /// Prints the failure with its causes and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let mut text = format!("error: {self}\n");
        let mut cause = self.source();
        while let Some(source) = cause {
            text.push_str(&format!("  caused by: {source}\n"));
            cause = source.source();
        }
        if let Some(hint) = self.hint() {
            text.push_str(&format!("  hint: {hint}\n"));
        }
        // Where standard error is closed, only the exit code remains.
        let _ = io::stderr().write_all(text.as_bytes());
        match self {
            Self::NoAccount(_) => ExitCode::from(2),
            Self::Unexpected { .. } => ExitCode::from(8),
            _ => ExitCode::FAILURE,
        }
    }

    fn hint(&self) -> Option<&str> {
        match self {
            Self::Unexpected { hint, .. } => Some(hint),
            Self::NoAccount(_) => Some("set `--role-arn` to the ARN of the role"),
            Self::Rehearsal { source, .. } => source.hint(),
            Self::ReadIssuer { .. } => Some("run `local-sts serve` with this directory first"),
            Self::ServerDirectory(_) => Some("name a directory of its own for `local-sts certificate`"),
            Self::Issuer(IssuerError::InvalidKey) => {
                Some("remove `issuer.pk8`; the server then makes a new issuer")
            }
            _ => None,
        }
    }
}
