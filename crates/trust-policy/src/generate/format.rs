//! The formats of the output.

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The role's trust policy alone.
    Json,
    /// A script of POSIX sh that creates everything.
    AwsCli,
    /// Resources for Terraform.
    Terraform,
    /// A template in YAML.
    CloudFormation,
}
