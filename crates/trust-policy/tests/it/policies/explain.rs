//! `cases/explain`: the text about a token that is not allowed, and which statement comes first.

use serde::Deserialize;
use serde_json::{Value, json};
use trust_policy::{Effect, Explanation, evaluate, explain};

use super::case;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The whole text, or `null` if the token is allowed.
    nearest: Option<String>,
    /// The numbers of the statements, the nearest first.
    order: Option<Vec<usize>>,
}

#[test]
fn the_nearest_statement_is_explained() {
    let cases = case::read::<Expected>("explain");
    let mut failed = Vec::new();
    for (case, expected) in &cases {
        let (policy, identity) = case.build();
        let explanation = explain(&policy, &identity);
        assert_eq!(explanation.verdict, evaluate(&policy, &identity), "{}", case.name);
        if explanation.nearest != expected.nearest {
            failed.push(format!("{}:\n  {:?}\n  {:?}", case.name, explanation.nearest, expected.nearest));
        }
        let order: Vec<usize> = explanation.statements.iter().map(|statement| statement.number).collect();
        if let Some(expected) = &expected.order {
            assert_eq!(&order, expected, "{}", case.name);
        }
    }
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

/// An explanation of a case that is written here, because its structure is tested and not its text.
fn explained(statements: &Value) -> Explanation {
    let case: case::Case =
        serde_json::from_value(json!({"name": "shape", "token": "v1", "statements": statements})).unwrap();
    let (policy, identity) = case.build();
    explain(&policy, &identity)
}

#[test]
fn every_part_of_every_statement_is_evaluated_after_the_deciding_one() {
    let condition = json!({"StringEquals": {"$p:aud": ["x", "O"], "$p:email": "e"}, "Bool": {"aws:SecureTransport": true}});
    let explanation = explained(
        &json!([{"Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole", "Condition": condition}]),
    );
    let json = serde_json::to_value(&explanation).unwrap();
    assert_eq!(json["verdict"], "denied");
    assert_eq!(json["action"], "sts:AssumeRoleWithWebIdentity");
    assert_eq!(json["provider_arn"], "arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/O");
    assert_eq!(
        json["statements"][0],
        json!({
            "number": 1, "sid": null, "effect": "Allow", "applies": "not-met",
            "principal": "not-met", "principals": ["AWS 111122223333"], "action": "not-met", "actions": ["sts:AssumeRole"],
            "conditions": [
                {"operator": "Bool", "key": "aws:SecureTransport", "values": ["true"],
                 "found": {"state": "unknown"}, "outcome": "unknown"},
                {"operator": "StringEquals", "key": "oidc.circleci.com/org/O:aud", "values": ["x", "O"],
                 "found": {"state": "present", "values": ["O"]}, "outcome": "met"},
                {"operator": "StringEquals", "key": "oidc.circleci.com/org/O:email", "values": ["e"],
                 "found": {"state": "absent"}, "outcome": "not-met"},
            ],
        })
    );
}

#[test]
fn a_token_that_is_allowed_needs_no_text() {
    let explanation = explained(&json!([{"Effect": "Deny", "Action": "sts:TagSession"}, {}]));
    assert_eq!(serde_json::to_value(&explanation).unwrap()["verdict"], "allowed");
    assert_eq!(explanation.nearest, None);
    assert_eq!(explanation.statements[0].effect, Effect::Allow);
}
