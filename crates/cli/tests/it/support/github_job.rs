//! A job of a GitHub workflow: its issuer, its token endpoint, its files, and a role that trusts its main branch.

use local_sts::{Config, PlannedFault, Role, unix_time_now};
use testkit::{GithubToken, TestIssuer};

use super::token_endpoint::{Planned, TokenEndpoint, value};
use super::{Job, ROLE};

/// Whom `ROLE` becomes there.
pub(crate) const ARN: &str =
    "arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions-example-app-1658821493-1";

/// What the job proves itself with to the endpoint.
pub(crate) const BEARER: &str = "the-bearer-token-of-the-job-0123456789";
pub(crate) const AUDIENCE: &str = "sts.amazonaws.com";

/// Trusts the main branch of the example repository.
pub(crate) fn policy() -> String {
    let provider = "token.actions.githubusercontent.com";
    let subject = GithubToken::new(AUDIENCE, 0).subject();
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": format!("arn:aws:iam::123456789012:oidc-provider/{provider}")},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {
                format!("{provider}:aud"): AUDIENCE,
                format!("{provider}:sub"): subject,
            }},
        }],
    })
    .to_string()
}

/// A fresh token of the example repository.
pub(crate) fn fresh() -> GithubToken {
    GithubToken::new(AUDIENCE, unix_time_now())
}

/// The endpoint's answer with a token of `issuer`.
pub(crate) fn given(token: &GithubToken, issuer: &TestIssuer) -> Planned {
    (200, value(&token.mint(issuer).unwrap()))
}

/// A job of a workflow, its token endpoint planned by the test.
pub(crate) fn job_with(
    faults: Vec<PlannedFault>,
    plan: impl FnOnce(&TestIssuer) -> Vec<Planned>,
) -> (Job, TokenEndpoint) {
    let issuer = TestIssuer::github().unwrap();
    let planned = plan(&issuer);
    let answers = planned.clone();
    let endpoint = TokenEndpoint::start(planned);
    let roles = vec![Role::new(ROLE, &policy())];
    let mut job = Job::with(Config { roles, faults, issuer: Some(issuer), ..Config::default() });
    for (_, body) in answers.iter().filter(|(_, body)| (20..20_000).contains(&body.len())) {
        let answer: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        job.keep_secret(answer["value"].as_str().unwrap_or(body));
    }
    job.write("ca.pem", &[job.sts.ca_pem(), &endpoint.ca_pem].concat());
    let (env, output) = (job.write("env", "BEFORE=1"), job.write("output", ""));
    job.unset("CIRCLE_OIDC_TOKEN_V2")
        .unset("BASH_ENV")
        .set("GITHUB_ACTIONS", "true")
        .set("GITHUB_ENV", &env.display().to_string())
        .set("GITHUB_OUTPUT", &output.display().to_string())
        .set("GITHUB_REPOSITORY", "example-org/example-app")
        .set("GITHUB_RUN_ID", "1658821493")
        .set("GITHUB_RUN_ATTEMPT", "1")
        .set("ACTIONS_ID_TOKEN_REQUEST_URL", &endpoint.url)
        .set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER);
    (job, endpoint)
}

/// A job that is given its token.
pub(crate) fn job() -> (Job, TokenEndpoint) {
    job_with(Vec::new(), |issuer| vec![given(&fresh(), issuer)])
}
