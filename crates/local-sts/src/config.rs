//! The configuration of a server, from a test or from the command line.

use std::fs::File;

use testkit::{ServerCertificate, TestIssuer};

use crate::{arn::RoleArn, fault::PlannedFault};

/// The whole configuration. The default has no roles and a valid certificate.
#[derive(Default)]
pub struct Config {
    /// The roles that exist. Their accounts have an OIDC provider for the issuer; other accounts have none.
    pub roles: Vec<Role>,
    /// The faults, by role.
    pub faults: Vec<PlannedFault>,
    /// The server's certificate.
    pub certificate: CertificateKind,
    /// A certificate that a test made, in place of that one.
    pub made_certificate: Option<ServerCertificate>,
    /// The issuer whose tokens are valid: a new one of the example organization by default.
    pub issuer: Option<TestIssuer>,
    /// The provider's client IDs (audiences): the organization's ID where the list is empty.
    pub client_ids: Vec<String>,
    /// The port to listen on; 0 is any free port.
    pub port: u16,
    /// How many seconds the server's clock is ahead of this machine's.
    pub clock_ahead: i64,
    /// After this number of requests on one connection the server closes it when the next one arrives, without a
    /// response. A server that closes an idle connection looks like this to a client that sends at that moment.
    pub requests_per_connection: Option<u32>,
    /// A file that gets one JSON line for each call, without secrets.
    pub request_log: Option<File>,
}

/// A role and who may assume it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role's ARN.
    pub arn: String,
    /// The trust policy, JSON.
    pub trust_policy: String,
    /// In seconds; AWS's default is 3600.
    pub max_session_duration: i64,
}

impl Role {
    /// A role with the default limit on its sessions.
    pub fn new(arn: &str, trust_policy: &str) -> Self {
        Self { arn: arn.to_owned(), trust_policy: trust_policy.to_owned(), max_session_duration: 3600 }
    }

    /// The account in the ARN, if this is a role's ARN.
    pub fn account(&self) -> Option<String> {
        self.arn.parse().ok().map(|arn: RoleArn| arn.account)
    }
}

/// Which certificate the server presents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CertificateKind {
    /// For the endpoint, from the CA of `ca_pem`.
    #[default]
    Valid,
    /// From that CA, for another host.
    WrongName,
    /// From that CA, expired.
    Expired,
    /// From another CA.
    OtherAuthority,
}
