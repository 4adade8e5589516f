//! The flags of `trust generate`.

#![expect(clippy::doc_markdown, reason = "these comments are what --help prints")]

use clap::Args;

use super::OutputArgs;

/// The flags of `trust generate`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct TrustGenerateArgs {
    /// The role that the jobs assume: account, partition, path and name
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The token to take missing ids from: auto, circleci-v2, file:PATH ... [default: auto]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) token_source: Option<String>,
    /// The organization's id [default: the token's]
    #[arg(long, value_name = "UUID")]
    pub(crate) organization_id: Option<String>,
    /// A project whose jobs are let in; may be repeated [default: the token's]
    #[arg(long, value_name = "UUID")]
    pub(crate) project_id: Vec<String>,
    /// The repository, as github.com/owner/repo; one for all projects, or one for each in order
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) vcs_origin: Vec<String>,
    /// A branch that is let in, * and ? are wildcards; may be repeated [default: all]
    #[arg(long, value_name = "PATTERN")]
    pub(crate) branch: Vec<String>,
    /// A tag that is let in, likewise
    #[arg(long, value_name = "PATTERN")]
    pub(crate) git_tag: Vec<String>,
    /// The only user who is let in
    #[arg(long, value_name = "UUID")]
    pub(crate) user_id: Option<String>,
    /// The tokens' audience [default: the token's, the organization's id]
    #[arg(long, value_name = "TEXT")]
    pub(crate) audience: Option<String>,
    /// A role that the first one may go on to, in any account; may be repeated
    #[arg(long, value_name = "ARN")]
    pub(crate) workload_role_arn: Vec<String>,
    /// What the workload roles ask for
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// The longest session of the first role: 1h to 12h [default: IAM's, 1h]
    #[arg(long, value_name = "TIME")]
    pub(crate) max_session_duration: Option<String>,
    /// The account's provider for the issuer: new (it is created), existing (it is left alone) [default: new]
    #[arg(long, value_name = "STATE")]
    pub(crate) provider: Option<String>,
    /// Of a server's private authority, SHA-1; may be repeated
    #[arg(long, value_name = "DIGITS")]
    pub(crate) thumbprint: Vec<String>,
    /// json (the trust policy alone), aws-cli, terraform, cloudformation [default: json]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
No token is read if --organization-id and --project-id are given. A branch or tag needs the repository.
The text goes to stdout, notes go to stderr; nothing is sent.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token.";
