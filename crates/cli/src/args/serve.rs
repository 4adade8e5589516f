//! The flags of `serve`.

use clap::Args;

use super::{NetworkArgs, OutputArgs, SessionArgs};

/// The flags of `serve`: those of `assume` that are about the session. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
Run it in the background; `assume --mode endpoint` with the same settings tells the next steps.
Listens on 127.0.0.1, answers whoever has the authorization, ends when `clear` has been run.
Exit codes: those of assume; 0 when its announcement in ~/.aws/circleci-aws-oidc is gone.";
