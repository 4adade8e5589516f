//! Why the next step would not have the role's session, or why that cannot be known.

use std::time::Duration;

use crate::credentials::{CredentialsError, FoundCredentials};
use crate::exchange::sts_client::CallError;

/// `--verify` did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    /// The next step would find nothing that can be checked.
    #[error("the next step would find no credentials that can be checked")]
    Nothing(#[source] CredentialsError),
    /// The next step would have another identity.
    #[error("the next step would be `{arn}`, from {from}, and not `{wanted}`")]
    Another {
        /// That identity.
        arn: String,
        /// Where its credentials are.
        from: String,
        /// The role's session.
        wanted: String,
    },
    /// The next step would have other credentials, whose identity AWS does not tell.
    #[error("the next step would use other credentials, from {from}, and not those of `{wanted}`")]
    Other {
        /// Where they are.
        from: String,
        /// The role's session.
        wanted: String,
        /// What AWS answers instead.
        #[source]
        source: Box<CallError>,
    },
    /// There was no time to ask.
    #[error("AWS was not asked, as the deadline of {} s had passed", .0.as_secs())]
    TooLate(Duration),
    /// AWS did not tell whose these new credentials are.
    #[error("{}", found.source)]
    Unsaid {
        /// What was checked.
        found: Box<FoundCredentials>,
        /// What AWS answers instead.
        #[source]
        source: Box<CallError>,
        /// How often it was asked.
        attempts: u32,
    },
}
