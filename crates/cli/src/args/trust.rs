//! What `trust` can do with a trust policy: one more verb each, in a group of their own.

use clap::Subcommand;

use super::on_demand::OnDemand;
use super::{
    OutputArgs, TrustGenerateArgs, TrustLintArgs, TrustTestArgs, trust_generate, trust_lint, trust_test,
};

/// The verbs behind `trust`.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum TrustCommand {
    /// Write the provider, role and least trust policy that let a project's jobs in
    #[command(after_help = trust_generate::AFTER)]
    Generate(OnDemand<TrustGenerateArgs>),
    /// Judge trust policies by rules
    #[command(after_help = trust_lint::AFTER)]
    Lint(OnDemand<TrustLintArgs>),
    /// Say whether a trust policy lets a token in, and why not
    #[command(after_help = trust_test::AFTER)]
    Test(OnDemand<TrustTestArgs>),
}

impl TrustCommand {
    /// What all commands have.
    pub(super) fn output(&self) -> &OutputArgs {
        match self {
            Self::Generate(args) => &args.output,
            Self::Lint(args) => &args.output,
            Self::Test(args) => &args.output,
        }
    }
}
