//! The `iss` claim and the IAM identity provider that it must have in the role's account.

use std::borrow::Cow;
use std::fmt;

use aws::RoleArn;
use zeroize::Zeroize;

use crate::{ProviderArn, circleci};

/// The issuer that the token names: a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

impl Zeroize for Issuer {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

const SCHEME: &str = "https://";

impl Issuer {
    /// The claim as it is: case, path and trailing slash count (facts/aws.md 10.1).
    pub fn new(claim: String) -> Self {
        Self(claim)
    }

    /// The issuer of one of CircleCI's organizations, on CircleCI's cloud or on a Server's host.
    pub fn of_organization(host: &str, organization_id: &str) -> Self {
        Self(format!("{SCHEME}{}", circleci::provider(host, organization_id)))
    }

    /// The claim's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ARN that the IAM OIDC provider for this issuer has in an account.
    pub fn provider_arn(&self, partition: &str, account: &str) -> String {
        ProviderArn { partition, account, provider: &self.provider() }.to_string()
    }

    /// The ARN that the IAM OIDC provider for this issuer has in the account of `role`.
    pub fn provider_arn_for(&self, role: &RoleArn) -> String {
        self.provider_arn(role.partition_name(), role.account().as_str())
    }

    /// The claim as it is in the provider's ARN and in condition keys: without its scheme and without port 443,
    /// which IAM drops (facts/aws.md 10.1).
    pub fn provider(&self) -> Cow<'_, str> {
        let address = self.address();
        let (host, path) = address.split_at(self.host().len());
        match host.strip_suffix(":443") {
            Some(host) => Cow::Owned(format!("{host}{path}")),
            None => Cow::Borrowed(address),
        }
    }

    /// Whether CircleCI's cloud issued the token, the root issuer included.
    pub fn is_circleci_cloud(&self) -> bool {
        self.has_scheme() && circleci::is_cloud(self.address())
    }

    /// Whether it is CircleCI's root issuer, which all customers share.
    pub fn is_circleci_root(&self) -> bool {
        self.has_scheme() && circleci::is_root(self.address())
    }

    /// The organization's id, if it is the issuer of an organization, on CircleCI's cloud or on a Server.
    pub fn organization_id(&self) -> Option<&str> {
        circleci::organization_id(self.address()).filter(|_| self.has_scheme())
    }

    /// The host, with its port where there is one.
    pub fn host(&self) -> &str {
        self.address().split('/').next().unwrap_or_default()
    }

    fn has_scheme(&self) -> bool {
        self.0.starts_with(SCHEME)
    }

    fn address(&self) -> &str {
        self.0.strip_prefix(SCHEME).unwrap_or(&self.0)
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
            issuer.provider_arn_for(&role),
            "arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.circleci.com/org/1b2c"
        );
        assert_eq!(issuer, Issuer::of_organization(circleci::HOST, "1b2c"));
        assert_eq!(
            (issuer.as_str(), issuer.to_string().as_str()),
            ("https://oidc.circleci.com/org/1b2c", issuer.as_str())
        );
        assert_eq!(issuer.host(), "oidc.circleci.com");
    }

    #[test]
    fn a_provider_has_neither_the_scheme_nor_port_443() {
        for (issuer, provider) in [
            ("https://ci.example.test/org/1b2c", "ci.example.test/org/1b2c"),
            ("https://ci.example.test:443/org/1b2c", "ci.example.test/org/1b2c"),
            ("https://ci.example.test:8443/org/1b2c", "ci.example.test:8443/org/1b2c"),
            ("https://ci.example.test/:443", "ci.example.test/:443"),
            ("https://ci.example.test:443", "ci.example.test"),
            ("https://ci.example.test/", "ci.example.test/"),
            ("http://ci.example.test", "http://ci.example.test"),
        ] {
            assert_eq!(Issuer::new(issuer.to_owned()).provider(), provider, "{issuer}");
        }
    }

    #[test]
    fn an_issuer_is_the_clouds_the_root_or_an_organizations() {
        for (text, cloud, root, organization) in [
            ("https://oidc.circleci.com/org/1b2c", true, false, Some("1b2c")),
            ("https://oidc.circleci.com", true, true, None),
            ("https://ci.example.test/org/1b2c", false, false, Some("1b2c")),
            ("http://oidc.circleci.com/org/1b2c", false, false, None),
            ("oidc.circleci.com", false, false, None),
            ("https://token.actions.githubusercontent.com", false, false, None),
        ] {
            let issuer = Issuer::new(text.to_owned());
            let found = (issuer.is_circleci_cloud(), issuer.is_circleci_root(), issuer.organization_id());
            assert_eq!(found, (cloud, root, organization), "{text}");
        }
    }
}
