//! Policies that people write for CircleCI, and what AWS makes of them. Apart from `evaluate`, which
//! would be hard to read with the documents between its lines.

use super::*;
use crate::keys::Claims;

const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/O";

fn identity(subject: &str) -> WebIdentity {
    let keys = ConditionKeys::from_claims(&Claims {
        issuer: "https://oidc.circleci.com/org/O",
        audience: "O",
        authorized_party: None,
        subject,
        project_id: Some("P"),
    });
    WebIdentity { provider_arn: PROVIDER.to_owned(), keys }
}

fn allow(condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": {{"Federated": "{PROVIDER}"}},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {condition}}}"#
    )
}

fn verdict(statements: &str, subject: &str) -> Verdict {
    let policy: TrustPolicy =
        format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#).parse().unwrap();
    evaluate(&policy, &identity(subject))
}

const V1: &str = "org/O/project/P/user/U";
const V2: &str = "org/O/project/P/user/U/vcs-origin/github.com/o/r/vcs-ref/refs/heads/main";
const BRANCH: &str = r#"{"StringLike": {"oidc.circleci.com/org/O:sub":
    "org/O/project/P/user/*/vcs-origin/github.com/o/r/vcs-ref/refs/heads/main"}}"#;

#[test]
fn policies_let_in_whom_aws_lets_in() {
    let project = r#"{"StringEquals": {"oidc.circleci.com/org/O:aud": "O",
        "oidc.circleci.com/org/O:oidc.circleci.com/project-id": "P"}}"#;
    let other_project = project.replace("\"P\"", "\"Q\"");
    let anyone = allow("{}").replace(&format!(r#"{{"Federated": "{PROVIDER}"}}"#), r#""*""#);
    let forged = V2.replace("heads/main", "heads/x/vcs-origin/github.com/o/r/vcs-ref/refs/heads/main");
    let guarded = BRANCH.replacen(
        '{',
        r#"{"StringNotLike": {"oidc.circleci.com/org/O:sub": "*/vcs-ref/*/vcs-ref/*"},"#,
        1,
    );
    // name and source of the case, statements, `sub`, let in
    let cases: [(&str, String, &str, bool); 19] = [
        ("project key, CircleCI's recommendation (circleci.md 2.2)", allow(project), V2, true),
        ("another project's key (circleci.md 2.2)", allow(&other_project), V2, false),
        ("no condition at all (aws.md 10.5)", allow("{}"), V1, true),
        ("a branch, V2 token (circleci.md 2.2)", allow(BRANCH), V2, true),
        ("a branch, V1 token (circleci.md 2.3, 1)", allow(BRANCH), V1, false),
        (
            "a wildcard under StringEquals (circleci.md 2.3, 5)",
            allow(&BRANCH.replace("Like", "Equals")),
            V2,
            false,
        ),
        ("a branch name that imitates main (aws.md 11.1)", allow(BRANCH), &forged, true),
        ("the guard against it (aws.md 11.1)", allow(&guarded), &forged, false),
        ("the guard lets main in (aws.md 11.1)", allow(&guarded), V2, true),
        (
            "GitHub's audience (circleci.md 2.3, 2)",
            allow(&project.replace("\"O\"", "\"sts.amazonaws.com\"")),
            V2,
            false,
        ),
        (
            "a claim that is no key, positive (circleci.md 2.1)",
            allow(
                r#"{"StringEquals": {"oidc.circleci.com/org/O:oidc.circleci.com/vcs-ref": "refs/heads/main"}}"#,
            ),
            V2,
            false,
        ),
        (
            "a claim that is no key, negated (circleci.md 2.1)",
            allow(
                r#"{"StringNotEquals": {"oidc.circleci.com/org/O:oidc.circleci.com/vcs-ref": "refs/heads/x"}}"#,
            ),
            V2,
            true,
        ),
        ("everybody as principal (aws.md 10.1)", anyone.clone(), V2, false),
        ("everybody as AWS principal (aws.md 10.1)", anyone.replace("\"*\"", r#"{"AWS": "*"}"#), V2, false),
        (
            "another account's provider (aws.md 2.6)",
            allow("{}").replace("111122223333", "444455556666"),
            V2,
            false,
        ),
        (
            "all of sts, in capitals (aws.md 10.1)",
            allow("{}").replace("sts:AssumeRoleWithWebIdentity", "STS:*"),
            V2,
            true,
        ),
        (
            "another action (aws.md 10.1)",
            allow("{}").replace("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
            V2,
            false,
        ),
        (
            "an unknown operator (aws.md 10.2)",
            allow(r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}"#),
            V2,
            false,
        ),
        (
            "the second statement allows (aws.md 10.2)",
            format!("{}, {}", allow(&other_project), allow(project)),
            V2,
            true,
        ),
    ];
    for (name, statements, subject, let_in) in cases {
        let verdict = verdict(&statements, subject);
        assert_eq!(verdict == Verdict::Allowed, let_in, "{name}: {verdict:?}");
    }
}

#[test]
fn a_deny_beats_every_allow() {
    let deny = |condition: &str| allow(condition).replace("Allow", "Deny");
    let cases: [(&str, String, bool); 7] = [
        ("met", deny(r#"{"StringLike": {"oidc.circleci.com/org/O:sub": "*"}}"#), false),
        ("not met", deny(r#"{"StringEquals": {"oidc.circleci.com/org/O:sub": "x"}}"#), true),
        ("unknown", deny(r#"{"Bool": {"aws:SecureTransport": "false"}}"#), false),
        (
            "unknown, beside one that isn't met",
            deny(r#"{"Bool": {"a": "b"}, "StringEquals": {"oidc.circleci.com/org/O:aud": "x"}}"#),
            true,
        ),
        (
            "unknown, after one that isn't met",
            deny(r#"{"StringEquals": {"oidc.circleci.com/org/O:aud": "x"}, "Bool": {"a": "b"}}"#),
            true,
        ),
        ("for everybody", r#"{"Effect": "Deny", "Principal": "*", "Action": "*"}"#.to_owned(), false),
        (
            "for another action",
            r#"{"Effect": "Deny", "Principal": "*", "Action": "sts:TagSession"}"#.to_owned(),
            true,
        ),
    ];
    for (name, statement, let_in) in cases {
        for order in [format!("{}, {statement}", allow("{}")), format!("{statement}, {}", allow("{}"))] {
            assert_eq!(verdict(&order, V2) == Verdict::Allowed, let_in, "{name}");
        }
    }
}

#[test]
fn a_denial_says_what_stood_in_the_way() {
    let reasons = |statements: &str| match verdict(statements, V1) {
        Verdict::Denied { reasons } => reasons.iter().map(ToString::to_string).collect::<Vec<_>>(),
        Verdict::Allowed => panic!("{statements} allows"),
    };
    let named = allow(BRANCH).replacen('{', r#"{"Sid": "Main","#, 1);
    assert_eq!(
        reasons(&named),
        [format!("statement `Main`: `StringLike` on `oidc.circleci.com/org/O:sub` refuses `{V1}`")]
    );
    assert_eq!(
        reasons(&allow(r#"{"StringEquals": {"x:email": "e"}, "Bool": {"x:b": "true"}}"#)),
        [
            "statement 1: `StringEquals` on `x:email`, which the request doesn't have",
            "statement 1: `Bool` on `x:b` can't be judged here"
        ]
    );
    assert_eq!(reasons(""), ["no statement allows anything"]);
    assert_eq!(
        reasons(&format!("{}, {}", allow("{}"), allow("{}").replace("Allow", "Deny"))),
        ["statement 2 denies"]
    );
}
