//! The words of `trust generate`'s settings that know only a few.

use std::str::FromStr;

use trust_policy::generate::{Format, Provider};

/// A format as the user writes it.
pub(super) struct FormatName(pub(super) Format);

/// Whether the provider is created, as the user writes it.
pub(super) struct ProviderName(pub(super) Provider);

/// A word that its setting does not know.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnknownWord {
    /// No format.
    #[error("`{0}` is none of json, aws-cli, terraform, cloudformation")]
    Format(String),
    /// No state of the provider.
    #[error("`{0}` is neither new nor existing")]
    Provider(String),
}

impl FromStr for FormatName {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "json" => Ok(Self(Format::Json)),
            "aws-cli" => Ok(Self(Format::AwsCli)),
            "terraform" => Ok(Self(Format::Terraform)),
            "cloudformation" => Ok(Self(Format::CloudFormation)),
            _ => Err(UnknownWord::Format(text.escape_debug().to_string())),
        }
    }
}

impl FromStr for ProviderName {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "new" => Ok(Self(Provider::New)),
            "existing" => Ok(Self(Provider::Existing)),
            _ => Err(UnknownWord::Provider(text.escape_debug().to_string())),
        }
    }
}
