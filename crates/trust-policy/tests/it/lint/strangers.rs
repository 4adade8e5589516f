//! Random policies for GitHub, judged by the evaluator for jobs of a stranger: whoever lets one in has a critical finding.

use serde_json::{Value, json};
use trust_policy::{
    ConditionKeys, TokenClaims, TrustPolicy, Verdict, WebIdentity, evaluate,
    lint::{Severity, lint},
};

use super::tables::NAMES;
use crate::generate::random::Random;

const POLICIES: usize = 4_000;
const GITHUB: &str = "token.actions.githubusercontent.com";

/// Subjects of repositories of `octopus` and others, some by a template and names that imitate the end of a pattern.
const SUBJECTS: [&str; 9] = [
    "repo:octopus/app:ref:refs/heads/main",
    "repo:octopus/app:environment:prod",
    "repo:octopus@17/app@79:environment:prod",
    "repo:evil/octo:pull_request",
    "repo:octopus@17/x@3:workflow:octo@1/app@7:environment:prod",
    "repo:octopus@17/x@3:workflow:@1/app@7:environment:prod",
    "environment:prod",
    "repository_owner:octopus:environment:prod",
    "job_workflow_ref:octo/shared/.github/workflows/deploy.yml@refs/heads/main",
];

/// Parts of values: the trusted owner is `octo` with the id 1, its repository `app` with the id 7.
const SUBJECT_STARTS: [&str; 12] = [
    "repo:octo/app",
    "repo:octo@1/app@7",
    "repo:octo*/app",
    "repo:octo?*/app",
    "repo:*/app",
    "repo:octo/*",
    "repo:*",
    "repo:octo*@1/app@7",
    "*",
    "repository_owner:octo",
    "repository_owner:octo*",
    "repo:octo@1*",
];
const SUBJECT_ENDS: [&str; 6] =
    ["", ":*", ":environment:prod", ":ref:refs/heads/main", ":environment:*", "*"];
const CLAIMS: [(&str, &[&str]); 6] = [
    ("repository", &["octo/app", "octo/*", "oct*", "*/app", "octo*/app"]),
    ("repository_id", &["7", "7*", "7?", "*"]),
    ("repository_owner_id", &["1", "1*", "1?", "2"]),
    ("environment", &["prod", "*"]),
    ("ref", &["refs/heads/main", "refs/*"]),
    ("job_workflow_ref", &["octo/shared/.github/workflows/deploy.yml@refs/heads/main", "octo/*"]),
];
const OPERATORS: [&str; 5] =
    ["StringLike", "StringEquals", "ForAnyValue:StringLike", "StringLikeIfExists", "StringEqualsIgnoreCase"];

fn key(claim: &str) -> String {
    format!("{GITHUB}:{claim}")
}

fn subject(random: &mut Random) -> String {
    format!("{}{}", random.pick(&SUBJECT_STARTS), random.pick(&SUBJECT_ENDS))
}

/// A condition on one claim, with one value or several.
fn condition(random: &mut Random) -> (String, Value) {
    let count = random.below(2) + 1;
    if random.one_in(2) {
        let subjects: Vec<String> = (0..count).map(|_| subject(random)).collect();
        return (key("sub"), json!(subjects));
    }
    let (claim, values) = CLAIMS[random.below(CLAIMS.len())];
    let values: Vec<&str> = (0..count).map(|_| random.pick(values)).collect();
    (key(claim), json!(values))
}

fn policy(random: &mut Random) -> Value {
    let mut conditions = json!({"StringEquals": {key("aud"): "sts.amazonaws.com"}});
    for _ in 0..random.below(3) {
        let (key, values) = condition(random);
        conditions[random.pick(&OPERATORS)][key] = values;
    }
    let arn = NAMES.iter().find(|(name, _)| *name == "ARN").unwrap().1;
    let mut statements = vec![json!({
        "Effect": "Allow",
        "Principal": {"Federated": format!("{arn}/{GITHUB}")},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": conditions,
    })];
    if random.one_in(4) {
        let mut conditions = json!({});
        for _ in 0..=random.below(2) {
            let (key, values) = condition(random);
            conditions[random.pick(&["StringNotLike", "StringNotEquals", "StringLike"])][key] = values;
        }
        statements
            .push(json!({"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": conditions}));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The keys of a stranger's job with this subject.
fn keys(subject: &str, workflow: Option<&str>) -> ConditionKeys {
    let mut claims = json!({
        "iss": format!("https://{GITHUB}"), "sub": subject, "aud": "sts.amazonaws.com",
        "repository": "octopus/app", "repository_id": "79", "repository_owner_id": "17",
        "environment": "prod", "ref": "refs/heads/main",
    });
    if let Some(workflow) = workflow {
        claims["job_workflow_ref"] = json!(workflow);
    }
    ConditionKeys::from_token(&claims.to_string().parse::<TokenClaims>().unwrap())
}

#[test]
fn a_policy_that_allows_a_stranger_has_a_critical_finding() {
    let arn = NAMES.iter().find(|(name, _)| *name == "ARN").unwrap().1;
    let workflow = Some("octo/shared/.github/workflows/deploy.yml@refs/heads/main");
    let jobs = SUBJECTS
        .iter()
        .flat_map(|subject| [None, workflow].map(|workflow| (*subject, keys(subject, workflow))));
    let strangers: Vec<(&str, WebIdentity)> = jobs
        .map(|(subject, keys)| (subject, WebIdentity { provider_arn: format!("{arn}/{GITHUB}"), keys }))
        .collect();
    let mut random = Random(20_261_129);
    let mut let_in = 0;
    for number in 0..POLICIES {
        let text = policy(&mut random).to_string();
        let policy: TrustPolicy = text.parse().unwrap();
        let allows = |(_, identity): &&(&str, WebIdentity)| evaluate(&policy, identity) == Verdict::Allowed;
        let Some((subject, _)) = strangers.iter().find(allows) else { continue };
        let findings = lint(&policy).findings;
        let is_critical = findings.iter().any(|finding| finding.rule.severity == Severity::Critical);
        assert!(is_critical, "policy {number} allows {subject}: {text}\n{findings:?}");
        let_in += 1;
    }
    assert!(let_in > POLICIES / 10, "{let_in}");
}
