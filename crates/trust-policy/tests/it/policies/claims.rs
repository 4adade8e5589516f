//! The claims reader: `cases/claims` has the claims that it refuses, with its errors; its limits are here. The
//! verdicts of `cases/evaluate` show how it reads valid claims.

use serde::Deserialize;
use trust_policy::{InvalidClaims, TokenClaims};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    error: String,
}

fn read(text: &str) -> Result<TokenClaims, InvalidClaims> {
    text.parse()
}

#[test]
fn claims_that_no_token_can_have_are_refused() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../cases/claims/refused.json")).unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let refused = read(&case.text).expect_err(&case.name);
        assert_eq!(refused.to_string(), case.error, "{}", case.name);
    }
}

#[test]
fn size_and_depth_have_limits() {
    let claims = |more: &str| format!(r#"{{"iss": "https://i", "aud": "a", "sub": "s", "more": {more}}}"#);
    let long = |length: usize| claims(&format!("\"{}\"", "a".repeat(length)));
    let deep = |levels: usize| claims(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
    let room = 64 * 1024 - long(0).len();
    assert!(read(&long(room)).is_ok());
    assert!(matches!(read(&long(room + 1)), Err(InvalidClaims::TooLarge(size)) if size == 64 * 1024 + 1));
    assert!(read(&deep(15)).is_ok());
    assert!(matches!(read(&deep(16)), Err(InvalidClaims::TooDeep)));
    assert!(matches!(read(&deep(10_000)), Err(InvalidClaims::NotAnObject(_))));
}

#[test]
fn the_last_of_two_claims_with_one_name_counts() {
    let claims = read(r#"{"iss": "https://i", "aud": "a", "sub": "first", "sub": "last"}"#).unwrap();
    assert_eq!(claims.subject(), "last");
}

#[test]
fn the_provider_of_an_issuer_is_named_as_iam_names_it() {
    for (issuer, name) in [
        ("https://oidc.circleci.com/org/O", "oidc.circleci.com/org/O"),
        ("https://issuer.example.com:443/a/", "issuer.example.com/a/"),
        ("https://issuer.example.com:8443", "issuer.example.com:8443"),
        ("https://issuer.example.com/a:443", "issuer.example.com/a:443"),
        ("https://Issuer.example.com", "Issuer.example.com"),
    ] {
        let claims = read(&format!(r#"{{"iss": "{issuer}", "aud": "a", "sub": "s"}}"#)).unwrap();
        let arn = claims.issuer().provider_arn("aws-cn", "111122223333");
        assert_eq!(arn, format!("arn:aws-cn:iam::111122223333:oidc-provider/{name}"));
    }
}
