//! A plan's jobs, and the verdict of its policy on a token of `testkit`.

use testkit::{GithubToken, JobToken};
use trust_policy::generate::{CircleCiJobs, Format, Plan, TrustedJobs, generate};
use trust_policy::{Claims, ConditionKeys, TokenClaims, TrustPolicy, Verdict, WebIdentity, evaluate};

/// The plan's jobs, which are CircleCI's.
pub(crate) fn circleci(plan: &mut Plan) -> &mut CircleCiJobs {
    match &mut plan.jobs {
        TrustedJobs::CircleCi(jobs) => jobs,
        TrustedJobs::GitHub(_) => panic!("not a plan for CircleCI"),
    }
}

/// The plan's policy, as IAM reads it.
pub(crate) fn policy(plan: &Plan) -> TrustPolicy {
    generate(plan, Format::Json).unwrap().text.parse().unwrap()
}

/// AWS's verdict on `token`, with its provider in the role's account.
pub(crate) fn verdict(policy: &TrustPolicy, plan: &Plan, token: &JobToken) -> Verdict {
    let (issuer, subject) = (issuer(token), token.subject());
    let keys = ConditionKeys::from_claims(&Claims {
        issuer: &issuer,
        audience: token.audience.as_str().unwrap(),
        authorized_party: None,
        subject: &subject,
        project_id: Some(&token.project_id),
    });
    let provider_arn = format!(
        "arn:{}:iam::{}:oidc-provider/{}",
        plan.role.partition_name(),
        plan.role.account(),
        issuer.trim_start_matches("https://")
    );
    evaluate(policy, &WebIdentity { provider_arn, keys })
}

/// The same for a token of GitHub's, with all its claims.
pub(crate) fn verdict_on_github(
    policy: &TrustPolicy,
    plan: &Plan,
    issuer: &str,
    token: &GithubToken,
) -> Verdict {
    let claims: TokenClaims = token.claims(issuer).to_string().parse().unwrap();
    let provider_arn = claims.issuer().provider_arn_for(&plan.role);
    evaluate(policy, &WebIdentity { provider_arn, keys: ConditionKeys::from_token(&claims) })
}

/// Its `iss`.
pub(crate) fn issuer(token: &JobToken) -> String {
    token.claims()["iss"].as_str().unwrap().to_owned()
}
