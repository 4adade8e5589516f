//! What `trust` can do with a trust policy: one more verb each, in a group of their own.

use clap::Subcommand;

use super::{OutputArgs, TrustGenerateArgs, trust_generate};

/// The verbs behind `trust`.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum TrustCommand {
    /// Write the provider, role and least trust policy that let a project's jobs in
    #[command(after_help = trust_generate::AFTER)]
    Generate(Box<TrustGenerateArgs>),
}

impl TrustCommand {
    /// What all commands have.
    pub(super) fn output(&self) -> &OutputArgs {
        match self {
            Self::Generate(args) => &args.output,
        }
    }
}
