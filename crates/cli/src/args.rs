//! The command line as clap sees it: texts and nothing else. What they mean is decided in `settings`.

#![expect(clippy::doc_markdown, reason = "these comments are what --help prints")]

mod assume;
mod clear;
mod credential_process;
mod job_guard;
mod on_demand;
mod preflight;
mod profiles;
mod serve;
mod session;
mod trust;
mod trust_generate;
mod trust_lint;
mod trust_test;
mod whoami;

use clap::{Args, Parser, Subcommand};

pub(crate) use assume::AssumeArgs;
pub(crate) use clear::ClearArgs;
pub(crate) use credential_process::CredentialProcessArgs;
pub(crate) use job_guard::JobGuardArgs;
use on_demand::OnDemand;
pub(crate) use preflight::PreflightArgs;
pub(crate) use profiles::ProfilesArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use session::SessionArgs;
pub(crate) use trust::TrustCommand;
pub(crate) use trust_generate::TrustGenerateArgs;
pub(crate) use trust_lint::TrustLintArgs;
pub(crate) use trust_test::TrustTestArgs;
pub(crate) use whoami::WhoamiArgs;

/// Swaps a CI job's OIDC token for short-lived AWS credentials.
#[derive(Debug, Parser)]
#[command(name = "circleci-aws-oidc", version, disable_help_subcommand = true, max_term_width = 100)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Assume one role and hand its credentials to the steps that follow
    #[command(after_help = assume::AFTER)]
    Assume(OnDemand<AssumeArgs>),
    /// Assume many roles side by side and write each as a profile
    #[command(after_help = profiles::AFTER)]
    Profiles(OnDemand<ProfilesArgs>),
    /// Print credentials for an AWS tool's profile, kept until they are near their end
    #[command(after_help = credential_process::AFTER)]
    CredentialProcess(OnDemand<CredentialProcessArgs>),
    /// Serve one role's credentials to AWS tools on this machine, and renew them
    #[command(after_help = serve::AFTER)]
    Serve(OnDemand<ServeArgs>),
    /// Say whose credentials the next step would use, and where they come from
    #[command(after_help = whoami::AFTER)]
    Whoami(OnDemand<WhoamiArgs>),
    /// Take the credentials out of where assume put them
    #[command(after_help = clear::AFTER)]
    Clear(OnDemand<ClearArgs>),
    /// Look for everything that could stand in the way of assume, without asking STS
    #[command(after_help = preflight::AFTER)]
    Preflight(OnDemand<PreflightArgs>),
    /// Write, judge and try IAM trust policies
    #[command(subcommand)]
    Trust(TrustCommand),
}

impl Command {
    /// What all commands have.
    pub(crate) fn output(&self) -> &OutputArgs {
        match self {
            Self::Assume(args) => &args.output,
            Self::Serve(args) => &args.output,
            Self::Profiles(args) => &args.output,
            Self::CredentialProcess(args) => &args.output,
            Self::Whoami(args) => &args.output,
            Self::Clear(args) => &args.output,
            Self::Preflight(args) => &args.assume.output,
            Self::Trust(command) => command.output(),
        }
    }

    /// Whether `AWS_OIDC_…` variables count beside the flags. The line of a profile has all its settings as flags, and
    /// must not come to mean something else in a step that has variables for another purpose.
    pub(crate) fn reads_variables(&self) -> bool {
        !matches!(self, Self::CredentialProcess(args) if args.session.role_arn.is_some())
    }
}

/// The flags of every command that asks STS.
#[derive(Debug, Default, Args)]
pub(crate) struct NetworkArgs {
    /// The URL of STS [default: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, the Region's]
    #[arg(long, value_name = "URL")]
    pub(crate) sts_endpoint: Option<String>,
    /// More root certificates, PEM [default: AWS_CA_BUNDLE, SSL_CERT_FILE]
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_bundle: Option<String>,
    /// The longest wait for a connection [default: 10s]
    #[arg(long, value_name = "TIME")]
    pub(crate) connect_timeout: Option<String>,
    /// The longest wait in all, retries included [default: 60s; of credential-process 45s]
    #[arg(long, value_name = "TIME")]
    pub(crate) deadline: Option<String>,
    /// How often STS is asked at most, where asking again can help [default: 5]
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_attempts: Option<String>,
}

/// The flags of every command that reports.
#[derive(Debug, Default, Args)]
pub(crate) struct OutputArgs {
    /// Print errors only
    #[arg(long)]
    pub(crate) quiet: bool,
    /// auto, always, never [default: auto]
    #[arg(long, value_name = "WHEN")]
    pub(crate) color: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn clap_accepts_the_definition() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn help_fits_a_terminal_of_forty_lines() {
        let mut commands = vec![CommandLine::command()];
        while let Some(mut command) = commands.pop() {
            let help = command.render_help().to_string();
            assert!(help.lines().count() <= 40, "{help}");
            commands.extend(command.get_subcommands().cloned());
        }
    }
}
