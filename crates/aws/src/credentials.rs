//! The four values that STS issues together. This program exports all of them or none.

use crate::{Secret, Timestamp};

/// Temporary credentials for one role session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA…`. An identifier, not a secret: CloudTrail shows it.
    pub access_key_id: String,
    /// Signs requests.
    pub secret_access_key: Secret,
    /// Sent with each signed request. Has no maximum length (facts/aws.md 1.4).
    pub session_token: Secret,
    /// From then on AWS refuses requests with `ExpiredToken`.
    pub expiration: Timestamp,
}
