//! The issuer of a CircleCI job's token: one URL for each organization, on CircleCI's cloud or on a CircleCI Server.

use std::{fmt, str::FromStr};

use aws::RoleArn;
use oidc::circleci;

use crate::uuid::{InvalidUuid, Uuid};

/// An organization's issuer. The issuer without an organization is not one: all customers share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    issuer: oidc::Issuer,
    organization: Uuid,
}

/// Why no policy can be written for an issuer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIssuer {
    /// GitHub's, GitLab's…
    #[error("invalid issuer `{0}`; expected `https://{HOST}/org/<organization's id>`", HOST = circleci::HOST)]
    NotCircleci(String),
    /// CircleCI's own, without an organization.
    #[error("`https://{HOST}` issues tokens for all of CircleCI's customers: a role must not trust it", HOST = circleci::HOST)]
    Shared,
    /// The last part of the URL.
    #[error("cannot read the issuer's organization")]
    Organization(#[source] InvalidUuid),
}

impl Issuer {
    /// CircleCI's cloud, for one organization.
    pub fn of_organization(organization: Uuid) -> Self {
        Self { issuer: oidc::Issuer::of_organization(circleci::HOST, organization.as_str()), organization }
    }

    /// The organization.
    pub fn organization(&self) -> &Uuid {
        &self.organization
    }

    /// The claim `iss`.
    pub(in crate::generate) fn claim(&self) -> &oidc::Issuer {
        &self.issuer
    }

    /// Whether AWS has a condition key for the project's id there. AWS has the key for CircleCI's cloud
    /// (facts/aws.md 10.4) and announced it for commercial Regions (facts/circleci.md 2.1); elsewhere a condition
    /// on it might never hold.
    pub(super) fn has_project_key(&self, role: &RoleArn) -> bool {
        self.issuer.is_circleci_cloud() && role.partition_name() == "aws"
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.issuer.fmt(f)
    }
}

impl FromStr for Issuer {
    type Err = InvalidIssuer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let issuer = oidc::Issuer::new(text.to_owned());
        if issuer.is_circleci_root() {
            return Err(InvalidIssuer::Shared);
        }
        // IAM accepts a URL of at most 255 characters, without a port (facts/aws.md 10.7).
        let has_plain_host =
            issuer.host().bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        let is_for_iam = text.len() <= 255 && has_plain_host;
        let Some(organization) = issuer.organization_id().filter(|_| is_for_iam) else {
            return Err(InvalidIssuer::NotCircleci(text.escape_debug().to_string()));
        };
        let organization = organization.parse().map_err(InvalidIssuer::Organization)?;
        Ok(Self { issuer, organization })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0f3c1a52-7c1e-4d0a-9b57-3d8a1f6c2e01";

    #[test]
    fn an_issuer_is_its_url() {
        let url = format!("https://oidc.circleci.com/org/{ID}");
        let issuer: Issuer = url.parse().unwrap();
        assert_eq!(issuer, Issuer::of_organization(ID.parse().unwrap()));
        assert_eq!(issuer.to_string(), url);
    }

    #[test]
    fn the_project_key_is_the_clouds_in_commercial_regions() {
        for (host, partition, expected) in [
            (circleci::HOST, "aws", true),
            (circleci::HOST, "aws-us-gov", false),
            ("ci.example.test", "aws", false),
        ] {
            let issuer: Issuer = format!("https://{host}/org/{ID}").parse().unwrap();
            let role = format!("arn:{partition}:iam::123456789012:role/deploy").parse().unwrap();
            assert_eq!(issuer.has_project_key(&role), expected, "{host} {partition}");
        }
    }

    #[test]
    fn other_issuers_are_refused() {
        assert_eq!("https://oidc.circleci.com".parse::<Issuer>(), Err(InvalidIssuer::Shared));
        for url in [
            "",
            "https://token.actions.githubusercontent.com",
            &format!("http://oidc.circleci.com/org/{ID}"),
            &format!("https:///org/{ID}"),
            &format!("https://ci.example.test:8443/org/{ID}"),
            &format!("https://ci.example.test/a/org/{ID}"),
            &format!("https://{}/org/{ID}", "a".repeat(250)),
        ] {
            assert!(matches!(url.parse::<Issuer>(), Err(InvalidIssuer::NotCircleci(_))), "{url}");
        }
        let slash = format!("https://oidc.circleci.com/org/{ID}/");
        assert!(matches!(slash.parse::<Issuer>(), Err(InvalidIssuer::Organization(_))));
    }
}
