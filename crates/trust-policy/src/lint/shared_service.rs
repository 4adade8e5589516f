//! Services whose customers share an issuer, as data: which claim names the customer (facts/aws.md 10.1, 10.4, 10.5 and
//! 11.3, facts/other-cis.md 3).

/// A service that signs the tokens of many.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SharedService {
    /// The issuer's URL without its scheme; `*` stands for a name without a slash.
    issuer: &'static str,
    pub(super) everybody: &'static str,
    /// What a wildcard leaves open.
    pub(super) whose: &'static str,
    pub(super) tenant: Tenant,
    /// Further claims that name the customer.
    pub(super) owners: &'static [&'static str],
    /// The shape of a `sub` that has another name than the policy's inside of the customer's, what that name is of, and the
    /// claims that fix it elsewhere.
    pub(super) inside: Option<(&'static str, &'static str, &'static [&'static str])>,
    /// A value for the claim.
    pub(super) example: &'static str,
    /// Whether IAM knows it by its bare name, without an identity provider of the account.
    pub(super) is_built_in: bool,
}

/// Where a token names the customer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tenant {
    /// In `sub`, between these two texts.
    Subject { start: &'static str, end: &'static str },
    /// Another claim is the customer's, or `sub` is. What is after the customer's name in it is not known here.
    Claim(&'static str),
    /// This claim is an account or an application and nothing else, so that each wildcard in it lets in others.
    Account(&'static str),
}

impl SharedService {
    /// The service with this issuer.
    pub(super) fn of(url: &str) -> Option<&'static Self> {
        SERVICES.iter().find(|service| service.has_issuer(url))
    }

    pub(super) fn claim(&self) -> &'static str {
        match self.tenant {
            Tenant::Subject { .. } => "sub",
            Tenant::Claim(claim) | Tenant::Account(claim) => claim,
        }
    }

    fn has_issuer(&self, url: &str) -> bool {
        let Some((start, end)) = self.issuer.split_once('*') else { return self.issuer == url };
        let name = url.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
    }
}

const GITLAB: SharedService = SharedService {
    issuer: "gitlab.com",
    everybody: "all users of gitlab.com",
    whose: "group",
    tenant: Tenant::Subject { start: "project_path:", end: "/" },
    owners: &["namespace_id", "project_id", "user_email", "user_id", "user_login"],
    inside: Some(("project_path:#/^:ref_type:&:ref:&", "project of the group", &["project_id"])),
    example: "project_path:GROUP/PROJECT:ref_type:branch:ref:main",
    is_built_in: false,
};

const BUILDKITE: SharedService = SharedService {
    issuer: "agent.buildkite.com",
    everybody: "all customers of Buildkite",
    whose: "organization",
    tenant: Tenant::Subject { start: "organization:", end: ":" },
    owners: &["cluster_id", "organization_id", "organization_slug", "pipeline_id"],
    inside: Some((
        "organization:&:pipeline:^:%",
        "pipeline of the organization",
        &["pipeline_id", "pipeline_slug"],
    )),
    example: "organization:ORGANIZATION:pipeline:PIPELINE:ref:refs/heads/main:*",
    is_built_in: false,
};

const GOOGLE: SharedService = SharedService {
    issuer: "accounts.google.com",
    everybody: "all accounts of Google",
    whose: "account",
    tenant: Tenant::Account("sub"),
    owners: &["email", "google/organization_number"],
    inside: None,
    example: "ACCOUNT-ID",
    is_built_in: true,
};

/// A login service, whose users are told apart by the application that they log in to.
const fn login(issuer: &'static str, everybody: &'static str) -> SharedService {
    SharedService {
        everybody,
        whose: "application",
        tenant: Tenant::Account("app_id"),
        example: "APPLICATION-ID",
        is_built_in: true,
        ..other(issuer, "app_id")
    }
}

/// A service of which only the claim is known that AWS requires.
const fn other(issuer: &'static str, claim: &'static str) -> SharedService {
    SharedService {
        issuer,
        everybody: "all customers of this service",
        whose: "customer",
        tenant: Tenant::Claim(claim),
        owners: &[],
        inside: None,
        example: "VALUE",
        is_built_in: false,
    }
}

static SERVICES: [SharedService; 20] = [
    GITLAB,
    BUILDKITE,
    SharedService { issuer: "agent.*.buildkite.dev", ..BUILDKITE },
    SharedService { issuer: "agent.*.buildkite.site", ..BUILDKITE },
    SharedService {
        issuer: "app.terraform.io",
        everybody: "all organizations of HCP Terraform",
        whose: "organization",
        tenant: Tenant::Subject { start: "organization:", end: ":" },
        owners: &[],
        inside: Some((
            "organization:&:project:&:workspace:^:run_phase:&",
            "workspace of the organization",
            &[],
        )),
        example: "organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:run_phase:apply",
        is_built_in: false,
    },
    SharedService {
        issuer: "api.bitbucket.org/2.0/workspaces/*/pipelines-config/identity/oidc",
        everybody: "all repositories of the Bitbucket workspace, whoever may write to them,",
        whose: "repository",
        tenant: Tenant::Subject { start: "{", end: "}" },
        owners: &[],
        inside: None,
        example: "{REPOSITORY-UUID}:*",
        is_built_in: false,
    },
    GOOGLE,
    other("vstoken.actions.githubusercontent.com", "sub"),
    other("oidc-configuration.audit-log.githubusercontent.com", "sub"),
    other("scalr.io", "sub"),
    other("oidc.codefresh.io", "sub"),
    other("studio.datachain.ai/api", "sub"),
    other("tokens.cloud.shisho.dev", "sub"),
    other("proidc.upbound.io", "sub"),
    other("api.pulumi.com/oidc", "aud"),
    other("oidc.vercel.com", "aud"),
    other("sandboxes.cloud", "aud"),
    SharedService {
        whose: "identity pool",
        tenant: Tenant::Account("aud"),
        is_built_in: true,
        ..other("cognito-identity.amazonaws.com", "aud")
    },
    login("www.amazon.com", "all applications with Login with Amazon"),
    login("graph.facebook.com", "all applications with Facebook Login"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_known_by_its_issuer() {
        let issuer = |url| SharedService::of(url).map(|service| service.issuer);
        for url in ["gitlab.com", "agent.buildkite.com", "app.terraform.io", "accounts.google.com"] {
            assert_eq!(issuer(url), Some(url));
        }
        assert_eq!(issuer("agent.shop.buildkite.dev"), Some("agent.*.buildkite.dev"));
        let workspace = "api.bitbucket.org/2.0/workspaces/shop/pipelines-config/identity/oidc";
        assert!(issuer(workspace).is_some_and(|found| found.starts_with("api.bitbucket.org")));
        for url in ["gitlab.example.com", "agent..buildkite.dev", "agent.a/b.buildkite.dev", "gitlab.com/x"] {
            assert_eq!(issuer(url), None, "{url}");
        }
    }
}
