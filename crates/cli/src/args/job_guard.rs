//! The flags about the job, of every command that shows its token.

use clap::Args;

/// Jobs that are not to have a role. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct JobGuardArgs {
    /// Refuse a job that was run again with SSH
    #[arg(long)]
    pub(crate) refuse_ssh_rerun: bool,
    /// Refuse a job whose code is a fork's
    #[arg(long)]
    pub(crate) refuse_fork: bool,
}
