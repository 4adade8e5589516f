//! What a test or the command line asks of the server.

use std::fs::File;

use testkit::TestIssuer;

use crate::fault::PlannedFault;

/// Everything that a server is made of. The default has no roles and a certificate that verifies.
#[derive(Default)]
pub struct Config {
    /// The roles that exist. Their accounts have a provider for the issuer; other accounts have none.
    pub roles: Vec<Role>,
    /// What goes wrong, per role.
    pub faults: Vec<PlannedFault>,
    /// The server's certificate.
    pub certificate: CertificateKind,
    /// The issuer whose tokens are good: a new one of the example organization by default.
    pub issuer: Option<TestIssuer>,
    /// The provider's client ids: the organization's id where the list is empty.
    pub client_ids: Vec<String>,
    /// Where to listen: a free port by default.
    pub port: u16,
    /// How many seconds the server's clock is ahead of this machine's.
    pub clock_ahead: i64,
    /// A file that gets a JSON line per call, without secrets.
    pub request_log: Option<File>,
}

/// A role and who may assume it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role's ARN.
    pub arn: String,
    /// The trust policy, JSON.
    pub trust_policy: String,
    /// Seconds; 3600 is AWS's default.
    pub max_session_duration: i64,
}

impl Role {
    /// A role with the default limit on its sessions.
    pub fn new(arn: &str, trust_policy: &str) -> Self {
        Self { arn: arn.to_owned(), trust_policy: trust_policy.to_owned(), max_session_duration: 3600 }
    }
}

/// Which certificate the server shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CertificateKind {
    /// For the endpoint, from the authority of `ca_pem`.
    #[default]
    Valid,
    /// From that authority, for another host.
    WrongName,
    /// From that authority, run out.
    Expired,
    /// From another authority.
    OtherAuthority,
}
