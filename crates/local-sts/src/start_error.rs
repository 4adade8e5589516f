//! Why the server cannot start. The state and the listener both report it, so it is below them.

use std::io;

use testkit::{CertificateError, IssuerError};
use trust_policy::InvalidTrustPolicy;

use crate::arn::InvalidRoleArn;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The text is not a role's ARN.
    #[error("cannot read the role `{arn}`")]
    Role {
        /// The ARN of the configuration.
        arn: String,
        /// What is wrong with it.
        source: InvalidRoleArn,
    },
    /// The trust policy is not usable.
    #[error("cannot read the trust policy of `{arn}`")]
    Policy {
        /// The role.
        arn: String,
        /// What is wrong with it.
        source: InvalidTrustPolicy,
    },
    /// No issuer could be made.
    #[error("cannot make an issuer")]
    Issuer(#[source] IssuerError),
    /// No certificate could be made.
    #[error("cannot make the server's certificate")]
    Certificate(#[source] CertificateError),
    /// A server cannot present the certificate that was made.
    #[error("cannot use the server's certificate")]
    Tls(#[source] rustls::Error),
    /// The certificate that was made is not PEM.
    #[error("cannot read the server's certificate")]
    Pem(#[source] rustls::pki_types::pem::Error),
    /// The port is in use, or the system refuses.
    #[error("cannot listen on port `{port}` of 127.0.0.1")]
    Listen {
        /// 0 for any.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
}
