//! The reasons of a denial and of an unknown verdict. `cases/evaluate` has the verdicts. Separate from `evaluate`
//! because of the size of the documents.

use super::*;
use crate::claims::Claims;

const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/O";
const SUBJECT: &str = "org/O/project/P/user/U";

fn allow(condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": {{"Federated": "{PROVIDER}"}},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {condition}}}"#
    )
}

fn reasons(statements: &str) -> Vec<String> {
    let policy: TrustPolicy =
        format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#).parse().unwrap();
    let keys = ConditionKeys::from_claims(&Claims {
        issuer: "https://oidc.circleci.com/org/O",
        audience: "O",
        authorized_party: None,
        subject: SUBJECT,
        project_id: Some("P"),
    });
    match evaluate(&policy, &WebIdentity { provider_arn: PROVIDER.to_owned(), keys }) {
        Verdict::Denied { reasons } | Verdict::Unknown { reasons } => {
            reasons.iter().map(ToString::to_string).collect()
        }
        Verdict::Allowed => panic!("{statements} allows"),
    }
}

#[test]
fn a_denial_says_what_stood_in_the_way() {
    let branch = r#"{"StringLike": {"oidc.circleci.com/org/O:sub": "*/vcs-ref/refs/heads/main"}}"#;
    let named = allow(branch).replacen('{', r#"{"Sid": "Main","#, 1);
    assert_eq!(
        reasons(&named),
        [format!(
            "statement `Main`: `StringLike` on `oidc.circleci.com/org/O:sub` does not hold for `{SUBJECT}`"
        )]
    );
    assert_eq!(
        reasons(&allow(r#"{"StringEquals": {"x:email": "e"}, "Bool": {"aws:ViaAWSService": "true"}}"#)),
        [
            "statement 1: `StringEquals` on `x:email`, which the request does not have",
            "statement 1: `Bool` on `aws:ViaAWSService` cannot be evaluated offline"
        ]
    );
    assert_eq!(reasons(""), ["no statement allows anything"]);
    assert_eq!(
        reasons(&format!("{}, {}", allow("{}"), allow("{}").replace("Allow", "Deny"))),
        ["statement 2 denies"]
    );
}

#[test]
fn an_open_verdict_says_what_it_hangs_on() {
    let unknown = r#"{"Bool": {"aws:SecureTransport": "true"}}"#;
    let expected = |statement: u8| {
        format!("statement {statement}: `Bool` on `aws:SecureTransport` cannot be evaluated offline")
    };
    assert_eq!(reasons(&allow(unknown)), [expected(1)]);
    let deny = allow(unknown).replace("Allow", "Deny");
    assert_eq!(reasons(&format!("{}, {deny}", allow("{}"))), [expected(2)]);
}

#[test]
fn a_reason_stays_on_its_line() {
    let [reason] = &reasons(&allow(r#"{"StringEquals": {"a\nb": "c"}}"#))[..] else { panic!() };
    assert_eq!(reason, "statement 1: `StringEquals` on `a\\nb`, which the request does not have");
}
