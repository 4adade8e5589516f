//! The worst-case cost of matching: the longest pattern of a policy with the longest value of a token.

use std::time::{Duration, Instant};

use trust_policy::{ConditionKeys, TokenClaims, TrustPolicy, Verdict, WebIdentity, evaluate, matches};

/// Generous, for a slow machine and a build without optimization; a matcher that backtracks at every star, or at
/// every unit, needs far longer.
const LONGEST: Duration = Duration::from_secs(2);

#[test]
fn no_pattern_keeps_the_evaluator_busy() {
    let a = |count: usize| "a".repeat(count);
    let value = a(20_000);
    let cases = [
        ("a star before every letter", "*a".repeat(3_000), value.clone(), true),
        (
            "a star before every letter, and another at the end",
            format!("{}b", "*a".repeat(3_000)),
            value.clone(),
            false,
        ),
        (
            "the same on a value that has it last",
            format!("{}b", "*a".repeat(3_000)),
            format!("{}b", a(19_999)),
            true,
        ),
        ("one long piece that almost fits everywhere", format!("*{}b*", a(6_000)), value.clone(), false),
        ("the same of any letters", format!("*{}b*", "?".repeat(6_000)), value.clone(), false),
        ("two long pieces", format!("*{}b*{}*", a(3_000), a(3_000)), value.clone(), false),
        ("pieces that change", format!("*{}", "ab*ba*".repeat(1_000)), "ab".repeat(10_000), true),
        ("stars only", "*".repeat(6_000), value.clone(), true),
    ];
    for (name, pattern, value, expected) in cases {
        let start = Instant::now();
        assert_eq!(matches(&pattern, &value), expected, "{name}");
        let needed = start.elapsed();
        println!("{name}: {} units on {} units: {needed:?}", pattern.len(), value.len());
        assert!(needed < LONGEST, "{name}: {needed:?}");
    }
}

#[test]
fn a_variable_named_a_thousand_times_costs_little() {
    let claims: TokenClaims =
        format!(r#"{{"iss": "https://i", "aud": "a", "sub": "{}"}}"#, "a".repeat(60_000)).parse().unwrap();
    let policy: TrustPolicy = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {{"AWS": "111122223333"}}, "Action": "*",
            "Condition": {{"StringLike": {{"i:sub": "{}"}}}}}}}}"#,
        "${i:sub}".repeat(900)
    )
    .parse()
    .unwrap();
    let identity = WebIdentity { provider_arn: String::new(), keys: ConditionKeys::from_token(&claims) };
    let start = Instant::now();
    assert!(matches!(evaluate(&policy, &identity), Verdict::Denied { .. }));
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
}
