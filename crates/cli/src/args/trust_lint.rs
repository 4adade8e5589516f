//! The flags of `trust lint`.

use clap::Args;

use super::OutputArgs;

/// The flags of `trust lint`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct TrustLintArgs {
    /// Trust policies: JSON, CloudFormation (YAML, JSON) or Terraform (HCL)
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<std::path::PathBuf>,
    /// text, sarif (for code scanning) [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
Findings go to stdout as FILE:LINE: severity[rule]; notes about what can't be judged go to stderr.
A value that is not literal, such as a reference, is never the reason of a finding.
Exit codes: 0 nothing found, 2 settings or a file that can't be read, 8 findings.";
