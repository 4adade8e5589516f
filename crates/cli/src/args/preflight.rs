//! The flags of `preflight`.

use clap::Args;

use super::AssumeArgs;

/// The flags of `preflight`: those of `assume`, and how far it goes.
#[derive(Debug, Default, Args)]
pub(crate) struct PreflightArgs {
    #[command(flatten)]
    pub(crate) assume: AssumeArgs,
    /// Also connect to STS, by DNS, TCP and TLS, and post nothing
    #[arg(long)]
    pub(crate) with_network: bool,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
Prints a line for each check: ok, note or problem, what it is about, what was found and what to do.
Exit codes: 0 no problem, 1 local fault, 2 usage, 8 problems.";
