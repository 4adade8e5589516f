//! The issuer whose tokens a statement trusts, by the ARN of its principal or, if that isn't literal, by its
//! condition keys.

use oidc::{ProviderArn, circleci};

use super::{language::HOLE, shared_service::SharedService};
use crate::uuid::is_uuid;

/// The text between account and URL in a provider's ARN.
pub(super) const MARKER: &str = ProviderArn::MARKER;
const GITHUB: &str = "token.actions.githubusercontent.com";

/// An identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Provider {
    /// Host and path, with which its condition keys begin.
    pub(super) url: String,
    pub(super) kind: Kind,
}

/// The kind of issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One organization's, on CircleCI's cloud.
    CircleCi,
    /// The issuer that all CircleCI customers share.
    CircleCiRoot,
    /// CircleCI's host, with a path that no issuer has.
    CircleCiNowhere,
    /// One organization's, on CircleCI Server.
    CircleCiServer,
    /// GitHub Actions on github.com, whose subjects can contain ids.
    GitHub,
    /// GitHub Actions of an enterprise with its own host.
    GitHubEnterprise,
    /// The issuer of a service that signs the tokens of many.
    Shared(&'static SharedService),
    /// An issuer that these rules do not know.
    Other,
}

impl Provider {
    /// The provider that a `Federated` principal names; `None` for SAML, and for `*`, which names none.
    pub(super) fn of_principal(name: &str) -> Option<Self> {
        match name.split_once(MARKER) {
            None if name == "*" => None,
            Some((_, url)) => Some(Self::of_url(url)),
            None if name.contains(":saml-provider/") => None,
            // Not an ARN, but it names the issuer.
            None => Some(Self::of_url(name)),
        }
    }

    /// The provider at a URL, also if the URL's form is wrong.
    pub(super) fn of_url(url: &str) -> Self {
        let whole = url.strip_prefix("https://").unwrap_or(url).replace(":443", "");
        let url = whole.trim_end_matches('/').to_owned();
        let (host, path) = url.split_once('/').unwrap_or((&url, ""));
        let host = host.to_ascii_lowercase();
        let kind = match (host.as_str(), path.split_once('/').unwrap_or((path, ""))) {
            (circleci::HOST, ("", _)) => Kind::CircleCiRoot,
            (circleci::HOST, ("org", organization)) if is_one_segment(organization) => Kind::CircleCi,
            // The hole may be the whole path.
            (circleci::HOST, (first, _)) if first.contains(HOLE) => Kind::CircleCi,
            (circleci::HOST, _) => Kind::CircleCiNowhere,
            (GITHUB, _) => Kind::GitHub,
            (host, _) if host.starts_with("token.actions.") && host.ends_with(".ghe.com") => {
                Kind::GitHubEnterprise
            }
            (_, ("org", organization)) if is_uuid(organization) => Kind::CircleCiServer,
            (host, _) => {
                let path = url.get(host.len()..).unwrap_or_default();
                SharedService::of(&format!("{host}{path}")).map_or(Kind::Other, Kind::Shared)
            }
        };
        // The slash at the end belongs to the issuer's name, and these rules know no issuer with one.
        Self { url: if kind == Kind::Other { whole } else { url }, kind }
    }

    pub(super) fn is_circleci(&self) -> bool {
        matches!(
            self.kind,
            Kind::CircleCi | Kind::CircleCiRoot | Kind::CircleCiNowhere | Kind::CircleCiServer
        )
    }

    /// Whether its issuer is one CircleCI organization's.
    pub(super) fn is_organization(&self) -> bool {
        matches!(self.kind, Kind::CircleCi | Kind::CircleCiServer)
    }

    pub(super) fn is_github(&self) -> bool {
        matches!(self.kind, Kind::GitHub | Kind::GitHubEnterprise)
    }

    /// Whether its issuer is one enterprise's on GitHub: with a host or a path of its own (facts/aws.md 11.2).
    pub(super) fn is_github_enterprise(&self) -> bool {
        self.kind == Kind::GitHubEnterprise || self.kind == Kind::GitHub && self.url.contains('/')
    }

    /// The organization of a CircleCI issuer, if it is literal and has no special characters.
    pub(super) fn organization(&self) -> Option<&str> {
        let organization = circleci::organization_id(&self.url).filter(|_| self.is_organization())?;
        organization
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            .then_some(organization)
    }
}

fn is_one_segment(text: &str) -> bool {
    !text.is_empty() && !text.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_known_by_host_and_path() {
        let uuid = "4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34";
        for (url, kind) in [
            (format!("oidc.circleci.com/org/{uuid}"), Kind::CircleCi),
            (format!("https://oidc.circleci.com:443/org/{uuid}/"), Kind::CircleCi),
            (format!("oidc.circleci.com/org/{HOLE}"), Kind::CircleCi),
            (format!("oidc.circleci.com/{HOLE}"), Kind::CircleCi),
            ("oidc.circleci.com".to_owned(), Kind::CircleCiRoot),
            ("oidc.circleci.com/org".to_owned(), Kind::CircleCiNowhere),
            ("oidc.circleci.com/vs/github".to_owned(), Kind::CircleCiNowhere),
            (format!("ci.example.test/org/{uuid}"), Kind::CircleCiServer),
            ("ci.example.test/org/shop".to_owned(), Kind::Other),
            ("token.actions.githubusercontent.com".to_owned(), Kind::GitHub),
            ("token.actions.githubusercontent.com/shop".to_owned(), Kind::GitHub),
            ("token.actions.shop.ghe.com".to_owned(), Kind::GitHubEnterprise),
            ("gitlab.example.test".to_owned(), Kind::Other),
        ] {
            assert_eq!(Provider::of_url(&url).kind, kind, "{url}");
        }
        assert!(matches!(Provider::of_url("GitLab.com").kind, Kind::Shared(_)));
        assert_eq!(Provider::of_principal("arn:aws:iam::123456789012:saml-provider/x"), None);
        assert_eq!(Provider::of_principal("*"), None);
    }

    #[test]
    fn a_slash_at_the_end_is_a_part_of_an_unknown_issuer_only() {
        for (url, of) in [
            ("sts.windows.net/shop/", "sts.windows.net/shop/"),
            ("token.actions.githubusercontent.com/", "token.actions.githubusercontent.com"),
            ("gitlab.com/", "gitlab.com"),
        ] {
            assert_eq!(Provider::of_url(url).url, of);
        }
    }
}
