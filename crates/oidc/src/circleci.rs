//! CircleCI's spellings: its host, the paths of its issuers, and the names of its claims (facts/circleci.md 1.1, 1.3).
//! Here an issuer is written as IAM writes a provider: without its scheme.

/// The host of CircleCI's cloud. A CircleCI Server has its own.
pub const HOST: &str = "oidc.circleci.com";

/// The path of an organization's issuer, up to the id.
const ORGANIZATION_PATH: &str = "org/";

/// The names of claims. Their dots and slashes are part of the name, not a path.
pub mod claims {
    /// How the names of CircleCI's own claims begin.
    pub const PREFIX: &str = "oidc.circleci.com/";
    /// The only one of these claims for which AWS has a condition key (facts/circleci.md 2.1).
    pub const PROJECT_ID: &str = "oidc.circleci.com/project-id";
    /// `true` in a job that was re-run with SSH.
    pub const SSH_RERUN: &str = "oidc.circleci.com/ssh-rerun";
    /// The repository. Pipelines of custom webhooks do not have it.
    pub const VCS_ORIGIN: &str = "oidc.circleci.com/vcs-origin";
    /// The full ref. Pipelines of custom webhooks do not have it.
    pub const VCS_REF: &str = "oidc.circleci.com/vcs-ref";
}

/// Whether `provider` is on CircleCI's cloud: the root issuer, or one with a path.
pub fn is_cloud(provider: &str) -> bool {
    provider.strip_prefix(HOST).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether `provider` is the root issuer, which all customers of CircleCI share.
pub fn is_root(provider: &str) -> bool {
    provider == HOST
}

/// The organization's id of `provider`, on CircleCI's cloud or on a Server: `<host>/org/<id>`. Whether it is a UUID
/// is not checked.
pub fn organization_id(provider: &str) -> Option<&str> {
    let (host, path) = provider.split_once('/')?;
    let id = path.strip_prefix(ORGANIZATION_PATH)?;
    (!host.is_empty() && !id.is_empty()).then_some(id)
}

/// The provider of an organization on `host`.
pub fn provider(host: &str, organization_id: &str) -> String {
    format!("{host}/{ORGANIZATION_PATH}{organization_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_the_clouds_the_root_or_an_organizations() {
        for (name, cloud, root, organization) in [
            ("oidc.circleci.com/org/1b2c", true, false, Some("1b2c")),
            ("oidc.circleci.com", true, true, None),
            ("oidc.circleci.com/", true, false, None),
            ("oidc.circleci.com/org/", true, false, None),
            ("oidc.circleci.com/org/1b2c/", true, false, Some("1b2c/")),
            ("ci.example.test/org/1b2c", false, false, Some("1b2c")),
            ("ci.example.test/a/org/1b2c", false, false, None),
            ("/org/1b2c", false, false, None),
            ("oidc.circleci.com.example/org/1b2c", false, false, Some("1b2c")),
            ("token.actions.githubusercontent.com", false, false, None),
        ] {
            assert_eq!(
                (is_cloud(name), is_root(name), organization_id(name)),
                (cloud, root, organization),
                "{name}"
            );
        }
        assert_eq!(organization_id(&provider(HOST, "1b2c")), Some("1b2c"));
    }
}
