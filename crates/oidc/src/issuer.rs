//! The `iss` claim and the IAM identity provider that it must have in the role's account.

use std::fmt;

use aws::RoleArn;

/// Who says that it issued the token: a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

impl Issuer {
    /// Takes the claim as it stands: case, path and trailing slash count (facts/aws.md 10.1).
    pub fn new(claim: String) -> Self {
        Self(claim)
    }

    /// The claim's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ARN that the IAM OIDC provider for this issuer has in the account of `role`.
    pub fn provider_arn(&self, role: &RoleArn) -> String {
        let (partition, account) = (role.partition_name(), role.account());
        format!("arn:{partition}:iam::{account}:oidc-provider/{}", self.host_and_path())
    }

    /// How the claim stands in the provider's ARN and in condition keys.
    pub fn host_and_path(&self) -> &str {
        self.0.strip_prefix("https://").unwrap_or(&self.0)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_is_in_the_roles_account_and_partition() {
        let role = "arn:aws-us-gov:iam::123456789012:role/deploy".parse().unwrap();
        let issuer = Issuer::new("https://oidc.circleci.com/org/1b2c".to_owned());
        assert_eq!(
            issuer.provider_arn(&role),
            "arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.circleci.com/org/1b2c"
        );
    }
}
