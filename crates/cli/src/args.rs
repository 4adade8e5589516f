//! The command line as clap sees it: texts and nothing else. What they mean is decided in `settings`.

#![expect(clippy::doc_markdown, reason = "these comments are what --help prints")]

use clap::{Args, Parser, Subcommand};

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
    #[command(after_help = ASSUME_AFTER)]
    Assume(Box<AssumeArgs>),
    /// Say whose credentials the next step would use, and where they come from
    #[command(after_help = WHOAMI_AFTER)]
    Whoami(WhoamiArgs),
}

impl Command {
    /// What all commands have.
    pub(crate) fn output(&self) -> &OutputArgs {
        match self {
            Self::Assume(args) => &args.output,
            Self::Whoami(args) => &args.output,
        }
    }
}

/// The flags of `assume`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct AssumeArgs {
    /// The IAM role to assume, as an ARN
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The session's name in CloudTrail, 2 to 64 of A-Za-z0-9_+=,.@- [default: one for each job]
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<String>,
    /// How long the credentials last: 3600, 45m, 1h; 15m to 12h [default: 1h]
    #[arg(long, value_name = "TIME")]
    pub(crate) duration: Option<String>,
    /// The AWS Region to ask and to export [default: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Short for --to profile:NAME
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Where the credentials go; may be repeated
    #[arg(long, value_name = "DESTINATION")]
    pub(crate) to: Vec<String>,
    /// auto, circleci-v2, circleci-v1, file:PATH, env:NAME [default: auto]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) token_source: Option<String>,
    /// A role to go on to with the first one's credentials; may be repeated
    #[arg(long, value_name = "ARN")]
    pub(crate) chain_role_arn: Vec<String>,
    /// What the last chained role's trust policy asks for
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// A tag of the chained session, or auto for those of the job; may be repeated
    #[arg(long, value_name = "K=V")]
    pub(crate) tag: Vec<String>,
    /// A tag's key that goes along the chain; may be repeated
    #[arg(long, value_name = "K")]
    pub(crate) transitive_tag: Vec<String>,
    /// Who is behind the chained sessions
    #[arg(long, value_name = "NAME")]
    pub(crate) source_identity: Option<String>,
    /// A session policy, JSON or its file
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,
    /// A managed session policy; may be repeated
    #[arg(long, value_name = "ARN")]
    pub(crate) policy_arn: Vec<String>,
    /// The only accounts to work in; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) allowed_account_id: Vec<String>,
    /// An account never to work in; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) forbidden_account_id: Vec<String>,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

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
    /// The longest wait in all, retries included [default: 60s]
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

const ASSUME_AFTER: &str = "\
Destinations: bash-env, profile:NAME, dotenv:PATH; on stdout: json, shell.
Without --to: profile:NAME if --profile is given, else bash-env if BASH_ENV is set.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused,
5 STS not reached, 6 destination not writable, 7 a guard refused.";

const WHOAMI_AFTER: &str = "\
Order: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unless --profile is given;
then the profile's keys in the credentials file, then those in the config file.
Roles, SSO, processes, web identity and endpoints are named and not followed.
Prints account, arn, user-id and source, a line each.
Exit codes: 0 done, 1 local fault, 2 settings or no credentials, 4 STS refused, 5 STS not reached.";

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
        let mut command = CommandLine::command();
        assert!(command.render_help().to_string().lines().count() <= 40);
        for subcommand in command.get_subcommands_mut() {
            let help = subcommand.render_help().to_string();
            assert!(help.lines().count() <= 40, "{help}");
        }
    }
}
