//! The command line. Parsing has no side effects.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Parser, Subcommand, ValueEnum};
use local_sts::PlannedFault;
use testkit::example_ids::{ORGANIZATION_ID, PROJECT_ID, VCS_ORIGIN};

/// An STS on loopback for tests: it checks tokens, evaluates trust policies and fails on demand.
///
/// The default organization and project are fixed examples. Exit codes: 0 done, 1 failed, 2 usage, 8 `rehearse` found
/// that the policy does not decide as expected.
#[derive(Debug, Parser)]
#[command(name = "local-sts", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The four commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try a trust policy with the tokens of your jobs, and compare the outcome with what you expect.
    ///
    /// Starts a server, mints a token for each job, and prints a line for each: whether the policy allows it. If
    /// `circleci-aws-oidc` is beside this program or on the PATH, it makes each exchange too, and must agree. Needs no
    /// AWS account, no network beyond loopback, and leaves no file. Whatever fails is an error (exit code 1) and never
    /// counts as denied.
    Rehearse(Rehearse),
    /// Run the server until it is killed.
    ///
    /// Writes into DIR: `ca.pem`, `issuer.pk8`, `organization`, `endpoint`, `requests.jsonl` (one line for each call; of
    /// a secret only its length) and, as the last one, `env` (variables for a client, with tokens of the default
    /// project). It removes `env`, `endpoint` and `ca.pem` of an earlier run first.
    Serve(Serve),
    /// Print one token of the issuer in DIR.
    Mint(Mint),
    /// Write `ca.pem`, `server.pem` and `server.key` for 127.0.0.1 and localhost into DIR.
    Certificate(Certificate),
}

/// What to try, and what is expected.
#[derive(Debug, Args)]
pub(crate) struct Rehearse {
    /// The role's trust policy, JSON. `${ORGANIZATION_ID}`, `${PROJECT_ID}` and `${ACCOUNT_ID}` in it are replaced.
    #[arg(long = "trust", value_name = "FILE")]
    pub(crate) policy: PathBuf,
    /// The UUID of the organization.
    #[arg(long, value_name = "ID", value_parser = uuid)]
    pub(crate) organization: String,
    /// The UUID of the project.
    #[arg(long, value_name = "ID", value_parser = uuid)]
    pub(crate) project: String,
    /// The role's ARN. Default: a role in the account of the identity provider that the policy names.
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The repository's URL without its scheme (the claim `vcs-origin`).
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Option<String>,
    /// A branch, or a full ref such as `refs/tags/v1`, whose jobs must be allowed (repeatable). At least one: a policy
    /// that allows nothing denies everything else, too.
    #[arg(long, value_name = "REF", required = true)]
    pub(crate) allow: Vec<String>,
    /// A branch or full ref whose jobs must be denied (repeatable).
    #[arg(long, value_name = "REF")]
    pub(crate) deny: Vec<String>,
    /// Another project of the organization, whose jobs on the first allowed ref must be denied (repeatable).
    #[arg(long, value_name = "UUID", value_parser = uuid)]
    pub(crate) deny_project: Vec<String>,
    /// Another repository, such as a fork, whose jobs on the first allowed ref must be denied (repeatable).
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) deny_origin: Vec<String>,
    /// Which tokens the jobs have: `v1` is `CIRCLE_OIDC_TOKEN`, and names no ref.
    #[arg(long, value_enum, default_value_t = JobShape::V2)]
    pub(crate) shape: JobShape,
}

/// The valid tokens of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum JobShape {
    /// `CIRCLE_OIDC_TOKEN_V2`.
    V2,
    /// `CIRCLE_OIDC_TOKEN`.
    V1,
    /// V2 of a custom-webhook trigger.
    Webhook,
}

/// Another text, such as a name or a slug, makes a policy that denies everything look right.
fn uuid(text: &str) -> Result<String, &'static str> {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let fits =
        groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    if fits { Ok(text.to_owned()) } else { Err("expected a UUID, as CircleCI's settings pages show it") }
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
    /// invalid-subject, unknown-key (for calls that the role's credentials sign), bad-gateway-html, status:CODE,
    /// retry-after:SECONDS, truncated-xml, html, huge, redirect, reset-in-body, close, hang, delay:MS,
    /// expiring:SECONDS, empty, hostile-credentials, propagated-identity. In place of the role, GetCallerIdentity and GetScopedCredentials.
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
    fn no_line_of_help_is_longer_than_100_columns() {
        let mut command = Arguments::command();
        command.build();
        let helps: Vec<String> =
            command.get_subcommands_mut().map(|command| command.render_long_help().to_string()).collect();
        assert!(helps.len() >= 4, "{helps:?}");
        let long: Vec<&str> =
            helps.iter().flat_map(|help| help.lines()).filter(|line| line.chars().count() > 100).collect();
        assert!(long.is_empty(), "{long:#?}");
    }

    #[test]
    fn the_last_equals_sign_ends_the_arn() {
        let role: RoleFile = "arn:aws:iam::123456789012:role/a=b=policy.json".parse().unwrap();
        assert_eq!(role.arn, "arn:aws:iam::123456789012:role/a=b");
        assert_eq!(role.policy, PathBuf::from("policy.json"));
        assert!("arn:aws:iam::123456789012:role/a".parse::<RoleFile>().is_err());
    }
}
