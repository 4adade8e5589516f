//! The flags of `whoami`.

#![expect(clippy::doc_markdown, reason = "these comments are what --help prints")]

use clap::Args;

use super::{NetworkArgs, OutputArgs};

/// The flags of `whoami`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct WhoamiArgs {
    /// The Region to ask [default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-east-1]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// The profile to ask with, even where key variables are set [default: AWS_PROFILE, default]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
Order: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unless --profile is given;
then the profile: keys in the credentials file, its credential_process, keys in the config file;
then the endpoint of AWS_CONTAINER_CREDENTIALS_FULL_URI, if that is on this machine.
Roles, SSO, web identity and other endpoints are named and not followed.
Prints account, arn, user-id and source, a line each.
Exit codes: 0 done, 1 local fault, also a process or an endpoint that gives no keys,
2 settings or no credentials, 4 STS refused, 5 STS not reached.";
