//! The four values that STS hands out together, and that leave this program together or not at all.

use crate::{Secret, Timestamp};

/// Temporary credentials for one role session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA…`. An identifier, not a secret: it stands in CloudTrail.
    pub access_key_id: String,
    /// Signs requests.
    pub secret_access_key: Secret,
    /// Goes with each signed request. Has no maximum length (facts/aws.md 1.4).
    pub session_token: Secret,
    /// From then on AWS answers `ExpiredToken`.
    pub expiration: Timestamp,
}
