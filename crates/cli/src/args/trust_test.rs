//! The flags of `trust test`.

use clap::Args;

use super::OutputArgs;

/// The flags of `trust test`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct TrustTestArgs {
    /// The role, for its account and partition [default: those of the policy's provider]
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The session's name, where the policy asks for it [default: one for each job]
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<String>,
    /// The token to try: auto, circleci-v2, circleci-v1, file:PATH ... [default: auto]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) token_source: Option<String>,
    /// A file with claims to try instead of a token, as a JSON object
    #[arg(long, value_name = "FILE")]
    pub(crate) claims: Option<String>,
    /// The trust policy: JSON, or a file of CloudFormation or Terraform with one role
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<String>,
    /// text, json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
Judges offline, by IAM's rules; neither token nor policy is sent anywhere.
Prints the verdict, what is nearest to it, and how each condition came out.
What can't be seen from here, such as the address of the call, makes the verdict unknown, never allowed.
Exit codes: 0 allowed, 2 settings, 3 no usable token, 8 denied or unknown.";
