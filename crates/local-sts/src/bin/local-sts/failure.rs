//! What can go wrong in the program, and how it says so.

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use local_sts::StartError;
use testkit::{CertificateError, IssuerError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file isn't there, or not readable.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The issuer's files aren't there, or not readable.
    #[error("cannot read the issuer from `{}`", path.display())]
    ReadIssuer {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file or directory can't be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The directory belongs to a server, whose ca.pem must stay.
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
    /// The server didn't start.
    #[error("cannot start the server")]
    Start(#[source] StartError),
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
        // Where standard error is closed, the exit code has to do.
        let _ = io::stderr().write_all(text.as_bytes());
        ExitCode::FAILURE
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::ReadIssuer { .. } => Some("run `local-sts serve` with this directory first"),
            Self::ServerDirectory(_) => Some("give `local-sts certificate` a directory of its own"),
            Self::Issuer(IssuerError::InvalidKey) => Some("remove `issuer.pk8`; the server makes a new one"),
            _ => None,
        }
    }
}
