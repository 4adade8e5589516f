//! Trust policies for role chaining. Separate from the policies for CircleCI, whose conditions are on a token.

use super::*;
use crate::condition_keys::RoleParameters;

/// Keys and values.
type Tags<'a> = &'a [(&'a str, &'a str)];

/// Name, statements, action, external ID, tags, whether it is allowed.
type Case<'a> = (&'a str, String, &'a str, Option<&'a str>, Tags<'a>, bool);

fn allowed(statements: &str, action: &str, external_id: Option<&str>, tags: Tags<'_>) -> Verdict {
    let policy: TrustPolicy =
        format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#).parse().unwrap();
    let caller = RoleSession {
        role_arn: "arn:aws:iam::123456789012:role/tooling".to_owned(),
        session_arn: "arn:aws:sts::123456789012:assumed-role/tooling/ci".to_owned(),
    };
    let tags: Vec<_> = tags.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
    let keys = ConditionKeys::from_role_parameters(&RoleParameters {
        session_name: "ci-7",
        external_id,
        source_identity: None,
        tags: &tags,
    });
    evaluate_role_call(&policy, RoleCall { caller: &caller, action, keys: &keys })
}

fn allow(action: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::123456789012:root"}},
            "Action": {action}, "Condition": {condition}}}"#
    )
}

#[test]
fn policies_allow_the_calls_that_aws_allows() {
    let assume = r#""sts:AssumeRole""#;
    let external = r#"{"StringEquals": {"sts:ExternalId": "ext"}}"#;
    let tag = r#"{"StringEquals": {"aws:RequestTag/team": "shop"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}"#;
    let (shop, other) = (("team", "shop"), ("job", "x"));
    let assume_role = "sts:AssumeRole";
    let cases: [Case<'_>; 14] = [
        ("the account, no condition", allow(assume, "{}"), assume_role, None, &[], true),
        ("the external id", allow(assume, external), assume_role, Some("ext"), &[], true),
        ("another external id", allow(assume, external), assume_role, Some("Ext"), &[], false),
        ("no external id", allow(assume, external), assume_role, None, &[], false),
        (
            "a session name",
            allow(assume, r#"{"StringLike": {"sts:RoleSessionName": "ci-*"}}"#),
            assume_role,
            None,
            &[],
            true,
        ),
        (
            "another session name",
            allow(assume, r#"{"StringLike": {"sts:RoleSessionName": "me-*"}}"#),
            assume_role,
            None,
            &[],
            false,
        ),
        ("tags are a permission of their own", allow(assume, "{}"), "sts:TagSession", None, &[shop], false),
        (
            "tags allowed by a list",
            allow(r#"["sts:AssumeRole", "sts:TagSession"]"#, "{}"),
            "sts:TagSession",
            None,
            &[shop],
            true,
        ),
        ("the required tag", allow(r#""sts:*""#, tag), assume_role, None, &[shop], true),
        ("another value of the tag", allow(r#""sts:*""#, tag), assume_role, None, &[("Team", "x")], false),
        ("a tag besides", allow(r#""sts:*""#, tag), assume_role, None, &[shop, other], false),
        (
            "a key that isn't known here",
            allow(assume, r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#),
            assume_role,
            None,
            &[],
            false,
        ),
        (
            "a web identity's action",
            allow(r#""sts:AssumeRoleWithWebIdentity""#, "{}"),
            assume_role,
            None,
            &[],
            false,
        ),
        (
            "a deny without the external id",
            format!(
                "{}, {}",
                allow(assume, "{}"),
                allow(assume, r#"{"StringNotEquals": {"sts:ExternalId": "ext"}}"#).replace("Allow", "Deny")
            ),
            assume_role,
            None,
            &[],
            false,
        ),
    ];
    for (name, statements, action, external_id, tags, is_allowed) in cases {
        let verdict = allowed(&statements, action, external_id, tags);
        assert_eq!(verdict == Verdict::Allowed, is_allowed, "{name}: {verdict:?}");
    }
}

#[test]
fn a_denial_names_the_session_and_the_action() {
    let reasons = |statements: &str, tags: Tags<'_>| match allowed(statements, "sts:TagSession", None, tags) {
        Verdict::Denied { reasons } | Verdict::Unknown { reasons } => {
            reasons.iter().map(ToString::to_string).collect::<Vec<_>>()
        }
        Verdict::Allowed => panic!("{statements} allows"),
    };
    let assume = allow(r#""sts:AssumeRole""#, "{}");
    assert_eq!(reasons(&assume, &[]), ["statement 1 does not name `sts:TagSession`"]);
    assert_eq!(
        reasons(&assume.replace("123456789012", "210987654321"), &[]),
        ["statement 1 does not name `arn:aws:sts::123456789012:assumed-role/tooling/ci`"]
    );
    let keys = allow(r#""*""#, r#"{"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}"#);
    assert_eq!(
        reasons(&keys, &[("a", ""), ("b", "")]),
        ["statement 1: `ForAllValues:StringEquals` on `aws:TagKeys` does not hold for `a, b`"]
    );
}
