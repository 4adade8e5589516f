//! The flags of `assume`.

use clap::Args;

use super::{NetworkArgs, OutputArgs, SessionArgs};

/// The flags of `assume`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct AssumeArgs {
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    /// Short for --to profile:NAME
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Where the credentials go; may be repeated
    #[arg(long, value_name = "DESTINATION")]
    pub(crate) to: Vec<String>,
    /// How: environment, profile, credential-process, endpoint [default: environment, or profile by --profile]
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<String>,
    /// Ask AWS who the next step would be; undo all if that is not the role
    #[arg(long)]
    pub(crate) verify: bool,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
Destinations: bash-env, profile:NAME, dotenv:PATH, github; on stdout: json, shell.
Without --to: profile:NAME if --profile is given, else bash-env or github, whichever this CI has.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused,
5 STS not reached, 6 destination not writable, 7 a guard refused.";
