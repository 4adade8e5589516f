//! Why `--verify` failed: the next step would not use the role's session, or its identity is unknown.

use std::time::Duration;

use crate::credentials::absence::AbsenceReason;
use crate::credentials::{CredentialsError, FoundCredentials};
use crate::exchange::retry::Attempts;
use crate::exchange::sts_client::CallError;
use crate::io::process::next_bash::NextBashError;

/// `--verify` did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    /// bash does not get as far as the credentials, or it is unknown how far.
    #[error(transparent)]
    NextBash(NextBashError),
    /// `clear` in the same step.
    #[error(
        "a block that this step has read was removed from the file of BASH_ENV, and it cannot be seen which AWS variables the \
         next step has in its place"
    )]
    UnknownStart,
    /// The next step would find no usable credentials.
    #[error("the next step would find no credentials that can be checked")]
    NoCredentials(#[source] CredentialsError, Vec<AbsenceReason>),
    /// The next step would have another identity.
    #[error("the identity of the next step would be `{arn}`, from {from}; expected `{expected}`")]
    OtherIdentity {
        /// The ARN of that identity.
        arn: String,
        /// The source of its credentials.
        from: String,
        /// The role's session.
        expected: String,
    },
    /// The next step would use other credentials, whose identity is unknown.
    #[error("the next step would use other credentials, from {from}; expected those of `{expected}`")]
    OtherCredentials {
        /// Their source.
        from: String,
        /// The role's session.
        expected: String,
        /// Why the call to STS failed.
        #[source]
        source: Box<CallError>,
    },
    /// STS was not called.
    #[error("STS was not called because the deadline of {} s had passed", .0.as_secs())]
    DeadlinePassed(Duration),
    /// The call to STS failed for the new credentials.
    #[error("{}", found.source)]
    UnknownIdentity {
        /// What was checked.
        found: Box<FoundCredentials>,
        /// Why the call to STS failed.
        #[source]
        source: Box<CallError>,
        /// The number of attempts.
        attempts: Attempts,
    },
}
