//! The flags of `credential-process`.

use clap::Args;

use super::{NetworkArgs, OutputArgs, SessionArgs};

/// The flags of `credential-process`. Without `--role-arn` each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct CredentialProcessArgs {
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
For `credential_process` in AWS's config file; assume --mode credential-process writes that line.
With --role-arn no AWS_OIDC_ variable counts, so that the line means the same in every step.
Kept in ~/.aws/circleci-aws-oidc and printed again until 20 min, or half their time, are left.
If there are no new ones then, the old ones go out with a note while they have over a minute.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused, 5 not reached,
6 a value that can't be handed on, 7 a guard refused.";
