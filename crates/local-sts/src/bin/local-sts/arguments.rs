//! The command line. Parsing has no side effects.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Parser, Subcommand, ValueEnum};
use local_sts::PlannedFault;
use testkit::example_ids::{ORGANIZATION_ID, PROJECT_ID, VCS_ORIGIN};

/// An STS on loopback for tests: it checks tokens, evaluates trust policies and fails on demand.
///
/// The default organization and project are fixed examples. Exit codes: 0 done, 1 failed, 2 usage.
#[derive(Debug, Parser)]
#[command(name = "local-sts")]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The three commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server until it is killed.
    ///
    /// Writes into DIR: `ca.pem`, `issuer.pk8`, `organization`, `endpoint`, `env` (variables for a client, with tokens
    /// of the default project) and `requests.jsonl` (one line for each call; of a secret only its length).
    Serve(Serve),
    /// Print one token of the issuer in DIR.
    Mint(Mint),
    /// Write `ca.pem`, `server.pem` and `server.key` for 127.0.0.1 and localhost into DIR.
    Certificate(Certificate),
}

/// How to run the server.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Directory for the server's files; it is created if it does not exist.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// Port on 127.0.0.1; 0 is any free port.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// A role's ARN and the file of its trust policy (repeatable). In the file, `${ORGANIZATION_ID}` and `${PROJECT_ID}`
    /// are replaced by the server's, and `${ACCOUNT_ID}` by the role's account.
    #[arg(long = "trust", value_name = "ROLE=FILE")]
    pub(crate) roles: Vec<RoleFile>,
    /// The UUID of the organization whose tokens are valid. A change of it makes a new issuer.
    #[arg(long, default_value = ORGANIZATION_ID)]
    pub(crate) organization: String,
    /// The maximum session duration of each role, in seconds.
    #[arg(long, default_value_t = 3600)]
    pub(crate) max_session_duration: i64,
    /// A fault for a role, for N calls or for all (repeatable): throttling, internal-failure, service-unavailable,
    /// idp-communication, verification-key, thumbprint, region-disabled, role-not-found, scope-denied,
    /// invalid-subject, unknown-key (for calls that the role's credentials sign), bad-gateway-html, truncated-xml, html,
    /// huge, redirect, reset-in-body, close, hang, delay:MS, expiring:SECONDS, empty, hostile-credentials,
    /// propagated-identity. In place of the role, GetCallerIdentity and GetScopedCredentials.
    #[arg(long = "fault", value_name = "ARN=NAME[*N]")]
    pub(crate) faults: Vec<PlannedFault>,
    /// Stop when standard input closes, so that the server ends with its script.
    #[arg(long)]
    pub(crate) until_stdin_closes: bool,
}

/// Which token to print.
#[derive(Debug, Args)]
pub(crate) struct Mint {
    /// Directory of a server.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// What kind of token.
    #[arg(long, value_enum, default_value_t = TokenShape::V2)]
    pub(crate) shape: TokenShape,
    /// The project's UUID.
    #[arg(long, default_value = PROJECT_ID)]
    pub(crate) project: String,
    /// The job's branch.
    #[arg(long, default_value = "main")]
    pub(crate) branch: String,
    /// The repository's URL without its scheme (the claim `vcs-origin`).
    #[arg(long, default_value = VCS_ORIGIN)]
    pub(crate) origin: String,
}

/// Where to write a certificate.
#[derive(Debug, Args)]
pub(crate) struct Certificate {
    /// Directory for the three files; it is created if it does not exist. It cannot be the directory of a server, which
    /// has a `ca.pem` of its own.
    #[arg(long)]
    pub(crate) dir: PathBuf,
}

/// The tokens that `mint` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenShape {
    /// `CIRCLE_OIDC_TOKEN_V2`.
    V2,
    /// `CIRCLE_OIDC_TOKEN`.
    V1,
    /// V2 of a custom-webhook trigger.
    Webhook,
    /// Expired an hour ago.
    Expired,
    /// For `sts.amazonaws.com`.
    WrongAudience,
    /// Of a job that was rerun with SSH.
    SshRerun,
    /// Signed with another key than the issuer's.
    Forged,
}

/// A role and where its policy is.
#[derive(Debug, Clone)]
pub(crate) struct RoleFile {
    pub(crate) arn: String,
    pub(crate) policy: PathBuf,
}

/// Why a text is not a role with a policy.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` has no `=` between the role's ARN and the policy's file")]
pub(crate) struct NoPolicyFile(String);

impl FromStr for RoleFile {
    type Err = NoPolicyFile;

    /// Role names may hold `=`, so the last one separates.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (arn, policy) = text.rsplit_once('=').ok_or_else(|| NoPolicyFile(text.to_owned()))?;
        Ok(Self { arn: arn.to_owned(), policy: policy.into() })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_last_equals_sign_ends_the_arn() {
        let role: RoleFile = "arn:aws:iam::123456789012:role/a=b=policy.json".parse().unwrap();
        assert_eq!(role.arn, "arn:aws:iam::123456789012:role/a=b");
        assert_eq!(role.policy, PathBuf::from("policy.json"));
        assert!("arn:aws:iam::123456789012:role/a".parse::<RoleFile>().is_err());
    }
}
