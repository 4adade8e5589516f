//! The ARN of an IAM OIDC provider: `arn:<partition>:iam::<account>:oidc-provider/<issuer without its scheme>`
//! (facts/aws.md 10.1).

use std::fmt;

use aws::Arn;

/// The ARN in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderArn<'a> {
    /// The partition of the role and of the provider.
    pub partition: &'a str,
    /// The account of both.
    pub account: &'a str,
    /// The issuer without its scheme, as condition keys begin with it.
    pub provider: &'a str,
}

impl<'a> ProviderArn<'a> {
    /// What stands before the provider in the last field of the ARN.
    const RESOURCE: &'static str = "oidc-provider/";

    /// What stands between the account and the provider, for texts that are not wholly literal.
    pub const MARKER: &'static str = ":oidc-provider/";

    /// Reads an ARN; `None` for the ARN of anything else.
    pub fn parse(text: &'a str) -> Option<Self> {
        let Arn { partition, service: "iam", region: "", account, resource } = Arn::parse(text)? else {
            return None;
        };
        Some(Self { partition, account, provider: resource.strip_prefix(Self::RESOURCE)? })
    }
}

impl fmt::Display for ProviderArn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, account, provider } = self;
        write!(f, "arn:{partition}:iam::{account}{}{provider}", Self::MARKER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let arn = ProviderArn {
            partition: "aws-cn",
            account: "123456789012",
            provider: "ci.example.test/org/1b2c",
        };
        let text = "arn:aws-cn:iam::123456789012:oidc-provider/ci.example.test/org/1b2c";
        assert_eq!(arn.to_string(), text);
        assert_eq!(ProviderArn::parse(text), Some(arn));
        for text in [
            "",
            "arn:aws:iam::123456789012:saml-provider/x",
            "arn:aws:sts::123456789012:oidc-provider/x",
            "arn:aws:iam:eu-west-1:123456789012:oidc-provider/x",
            "accounts.google.com",
        ] {
            assert_eq!(ProviderArn::parse(text), None, "{text}");
        }
    }
}
