//! The flags of `profiles`.

#![expect(clippy::doc_markdown, reason = "these comments are what --help prints")]

use clap::Args;

use super::{JobGuardArgs, NetworkArgs, OutputArgs};

/// The flags of `profiles`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct ProfilesArgs {
    /// The file that declares the roles, in the syntax of AWS's config file
    #[arg(long, value_name = "FILE")]
    pub(crate) config_file: Option<String>,
    /// The same as a text, in place of the file
    #[arg(long, value_name = "TEXT")]
    pub(crate) config: Option<String>,
    /// The sessions' name where a profile has none [default: one for each job]
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<String>,
    /// How long credentials last where a profile says nothing: 3600, 45m, 1h [default: 1h]
    #[arg(long, value_name = "TIME")]
    pub(crate) duration: Option<String>,
    /// The Region of profiles that have none [default: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// auto, circleci-v2, circleci-v1, mint, github, file:PATH, env:NAME [default: auto]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) token_source: Option<String>,
    /// Whom the token has to be for [default: the organization; on GitHub sts.amazonaws.com]
    #[arg(long, value_name = "AUDIENCE")]
    pub(crate) audience: Option<String>,
    /// The only accounts to work in; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) allowed_account_id: Vec<String>,
    /// An account never to work in; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) forbidden_account_id: Vec<String>,
    #[command(flatten)]
    pub(crate) job_guard: JobGuardArgs,
    /// Ask AWS who each profile is; undo all if one is not its role
    #[arg(long)]
    pub(crate) verify: bool,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
[profile NAME] or [default]: role_arn, source_profile, external_id, duration_seconds, region,
role_session_name. Without source_profile a role is assumed with the job's token.
Writes all profiles into AWS's shared files, or none; prints profile, account, role and expiry.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused a role,
5 STS not reached, 6 files not writable, 7 a guard refused.";
