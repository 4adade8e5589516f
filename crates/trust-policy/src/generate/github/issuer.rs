//! The issuer of a GitHub job's token: GitHub's cloud, which its customers share, or a GitHub Enterprise Server.

use std::str::FromStr;

use aws::RoleArn;

use crate::claim_keys;

const CLOUD: &str = "https://token.actions.githubusercontent.com";
/// On a server (facts/aws.md 11.2).
const SERVER_PATH: &str = "_services/token";

/// An issuer of tokens for GitHub's jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHubIssuer(oidc::Issuer);

/// Why a URL is not an issuer of GitHub's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid issuer `{0}`; expected `{CLOUD}`, that of a company, or `https://HOST/{SERVER_PATH}`")]
pub struct InvalidGitHubIssuer(String);

impl GitHubIssuer {
    /// That of github.com.
    pub fn cloud() -> Self {
        Self(oidc::Issuer::new(CLOUD.to_owned()))
    }

    /// The claim `iss`.
    pub(in crate::generate) fn claim(&self) -> &oidc::Issuer {
        &self.0
    }

    /// Whether AWS has condition keys for the repository's id and the workflow: for GitHub's cloud (facts/aws.md
    /// 10.4), and announced for commercial Regions (facts/circleci.md 2.1). Elsewhere a condition might never hold.
    pub fn has_claim_keys(&self, role: &RoleArn) -> bool {
        self.is_cloud() && role.partition_name() == "aws"
    }

    /// Whether it is one of GitHub's cloud. A server has no subjects with ids (facts/aws-2026.md 6).
    pub fn is_cloud(&self) -> bool {
        claim_keys::of(&self.0.provider()).iter().any(|(key, _)| *key == "job_workflow_ref")
    }
}

impl FromStr for GitHubIssuer {
    type Err = InvalidGitHubIssuer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let issuer = Self(oidc::Issuer::new(text.to_owned()));
        let host = issuer.0.host();
        let has_plain_host = host.contains('.')
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        let path = text.strip_prefix("https://").and_then(|rest| rest.strip_prefix(host)).unwrap_or_default();
        let has_plain_path = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte))
            && !path.ends_with('/');
        let is_known = issuer.is_cloud() || path.strip_prefix('/') == Some(SERVER_PATH);
        if text.starts_with("https://") && text.len() <= 255 && has_plain_host && has_plain_path && is_known {
            Ok(issuer)
        } else {
            Err(InvalidGitHubIssuer(text.escape_debug().to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_the_clouds_or_a_servers() {
        for (url, cloud) in [
            (CLOUD, true),
            ("https://token.actions.githubusercontent.com/octo", true),
            ("https://token.actions.octo.ghe.com", true),
            ("https://github.example.com/_services/token", false),
        ] {
            assert_eq!(url.parse::<GitHubIssuer>().unwrap().is_cloud(), cloud, "{url}");
        }
        for url in [
            "",
            "token.actions.githubusercontent.com",
            "http://token.actions.githubusercontent.com",
            "https://token.actions.githubusercontent.com/",
            "https://token.actions.githubusercontent.com/a?b",
            "https://token.actions.githubusercontent.com.example.com",
            "https://oidc.circleci.com/org/x",
            "https://github.example.com/_services/token/",
            "https://github.example.com:8443/_services/token",
            "https:///_services/token",
        ] {
            assert!(url.parse::<GitHubIssuer>().is_err(), "{url}");
        }
    }

    #[test]
    fn the_keys_are_the_clouds_in_commercial_regions() {
        for (url, partition, expected) in [
            (CLOUD, "aws", true),
            (CLOUD, "aws-cn", false),
            ("https://github.example.com/_services/token", "aws", false),
        ] {
            let issuer: GitHubIssuer = url.parse().unwrap();
            let role = format!("arn:{partition}:iam::123456789012:role/deploy").parse().unwrap();
            assert_eq!(issuer.has_claim_keys(&role), expected, "{url} {partition}");
        }
    }
}
