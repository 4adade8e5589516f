//! The claims that AWS makes condition keys of for single providers: a table from the Service Authorization
//! Reference of STS (2026).

use oidc::circleci;

/// CircleCI's only key, which has the name of its claim.
pub(crate) use oidc::circleci::claims::PROJECT_ID;

/// The key's name after the colon, and the claim that it is made of.
type ClaimKeys = &'static [(&'static str, &'static str)];

const CIRCLECI: ClaimKeys = &[(PROJECT_ID, PROJECT_ID)];

const GITHUB: ClaimKeys = &[
    ("actor", "actor"),
    ("actor_id", "actor_id"),
    ("enterprise_id", "enterprise_id"),
    ("environment", "environment"),
    ("job_workflow_ref", "job_workflow_ref"),
    ("ref", "ref"),
    ("repository", "repository"),
    ("repository_id", "repository_id"),
    ("repository_owner_id", "repository_owner_id"),
    ("workflow", "workflow"),
];

const GOOGLE: ClaimKeys = &[("google/organization_number", "google:organization_number")];

const ORACLE: ClaimKeys = &[("rpst_id", "rpst_id")];

const GITLAB: ClaimKeys = &[
    ("namespace_id", "namespace_id"),
    ("pipeline_source", "pipeline_source"),
    ("project_id", "project_id"),
    ("ref_protected", "ref_protected"),
    ("runner_environment", "runner_environment"),
    ("user_access_level", "user_access_level"),
    ("user_email", "user_email"),
    ("user_id", "user_id"),
    ("user_login", "user_login"),
];

const BUILDKITE: ClaimKeys = &[
    ("build_branch", "build_branch"),
    ("cluster_id", "cluster_id"),
    ("cluster_name", "cluster_name"),
    ("organization_id", "organization_id"),
    ("organization_slug", "organization_slug"),
    ("pipeline_id", "pipeline_id"),
    ("pipeline_slug", "pipeline_slug"),
];

/// The keys of an issuer, which is without its scheme here.
pub(crate) fn of(provider: &str) -> ClaimKeys {
    let between = |start: &str, end: &str| {
        provider
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix(end))
            .is_some_and(|name| !name.is_empty())
    };
    match provider {
        "token.actions.githubusercontent.com" => GITHUB,
        "accounts.google.com" => GOOGLE,
        "gitlab.com" => GITLAB,
        "agent.buildkite.com" => BUILDKITE,
        _ if circleci::is_cloud(provider) && circleci::organization_id(provider).is_some() => CIRCLECI,
        _ if between("token.actions.githubusercontent.com/", "")
            || between("token.actions.", ".ghe.com")
            || between("github.com/enterprises/", "") =>
        {
            GITHUB
        }
        _ if between("idcs-", ".identity.oraclecloud.com") => ORACLE,
        _ if between("agent.", ".buildkite.dev") || between("agent.", ".buildkite.site") => BUILDKITE,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_the_keys_that_aws_lists() {
        for (provider, keys) in [
            ("oidc.circleci.com/org/O", CIRCLECI),
            ("oidc.circleci.com/org/", &[]),
            ("oidc.circleci.com", &[]),
            ("ci.example.test/org/O", &[]),
            ("token.actions.githubusercontent.com", GITHUB),
            ("token.actions.githubusercontent.com/octo", GITHUB),
            ("token.actions.octo.ghe.com", GITHUB),
            ("token.actions.example.com", &[]),
            ("accounts.google.com", GOOGLE),
            ("idcs-1.identity.oraclecloud.com", ORACLE),
            ("gitlab.com", GITLAB),
            ("gitlab.example.com", &[]),
            ("agent.buildkite.com", BUILDKITE),
            ("agent.x.buildkite.dev", BUILDKITE),
        ] {
            assert_eq!(of(provider), keys, "{provider}");
        }
    }
}
