//! The verdict of a generated policy on a token of `testkit`.

use testkit::JobToken;
use trust_policy::generate::{Format, Plan, generate};
use trust_policy::{Claims, ConditionKeys, TrustPolicy, Verdict, WebIdentity, evaluate};

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

/// Its `iss`.
pub(crate) fn issuer(token: &JobToken) -> String {
    token.claims()["iss"].as_str().unwrap().to_owned()
}
