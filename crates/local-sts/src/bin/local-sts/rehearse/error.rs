//! Why a job could not be tried. None of these counts as denied.

use std::{io, path::PathBuf};

use testkit::IssuerError;

/// What happened instead of an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RehearsalError {
    /// No token could be signed.
    #[error("cannot sign its token")]
    Token(#[source] IssuerError),
    /// The policy depends on more than the token.
    #[error(
        "the policy has a condition that neither a token nor this machine decides, such as the caller's address"
    )]
    Undecided,
    /// The server refused the token itself.
    #[error("the token was refused before the policy was evaluated: {code}: {message}")]
    Refused {
        /// AWS's error code.
        code: &'static str,
        /// AWS's text.
        message: String,
    },
    /// The product did not start, or its files could not be written.
    #[error("cannot run `{}`", path.display())]
    Client {
        /// The product.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The product ended otherwise than the policy decides.
    #[error("`{}` ended with {status}, while the policy {verdict}{message}", path.display())]
    Disagrees {
        /// The product.
        path: PathBuf,
        /// Its exit code or signal.
        status: String,
        /// What the policy does.
        verdict: &'static str,
        /// What it printed, on lines of their own.
        message: String,
    },
}

impl RehearsalError {
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Undecided => Some(
                "run `circleci-aws-oidc trust test` with the policy: it names the condition; rehearse a copy of the policy without it",
            ),
            Self::Refused { .. } => Some(
                "compare `--organization`, `--role-arn` and the provider in the policy: they must belong together",
            ),
            Self::Disagrees { .. } => Some("use circleci-aws-oidc and local-sts of the same release"),
            Self::Token(_) | Self::Client { .. } => None,
        }
    }
}
