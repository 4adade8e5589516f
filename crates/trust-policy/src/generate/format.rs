//! The formats of the output.

/// A format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The role's trust policy alone.
    Json,
    /// The input of IAM's API for the identity provider alone.
    ProviderJson,
    /// A POSIX sh script that creates everything.
    AwsCli,
    /// Resources for Terraform.
    Terraform,
    /// A template in YAML.
    CloudFormation,
}
