//! Claims: what is accepted fills the condition keys for subject and audience, and every text is printable.

#![no_main]

use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use trust_policy::{ConditionKeys, TokenClaims, TrustPolicy, Verdict, WebIdentity, evaluate, explain};

fuzz_target!(|text: &str| {
    let claims: TokenClaims = match text.parse() {
        Ok(claims) => claims,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    // Written again, its objects are in another order and hold no name twice. A fraction with too many digits changes, and
    // no claim that is read is a fraction.
    let value: Value = serde_json::from_str(text).expect("claims are JSON");
    if !has_fraction(&value) {
        assert_eq!(
            claims,
            value.to_string().parse().expect("they were claims before"),
            "the form changed the claims"
        );
    }

    let provider_arn = claims.issuer().provider_arn("aws", "123456789012");
    let (_, provider) = provider_arn.split_once("oidc-provider/").expect("it was written so");
    let identity =
        WebIdentity { provider_arn: provider_arn.clone(), keys: ConditionKeys::from_token(&claims) };
    let policy = |condition: Value| {
        let principal = json!({"Federated": provider_arn});
        let actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"];
        let statement =
            json!({"Effect": "Allow", "Principal": principal, "Action": actions, "Condition": condition});
        json!({"Statement": [statement]}).to_string().parse::<TrustPolicy>()
    };
    // A name or a value has a character that no policy document may hold.
    let Ok(exact) = policy(json!({"StringEquals": {
        format!("{provider}:sub"): claims.subject(),
        format!("{provider}:aud"): claims.audience(),
    }})) else {
        return;
    };
    assert_eq!(evaluate(&exact, &identity), Verdict::Allowed, "its own subject and audience");
    let other = policy(json!({"StringNotEquals": {format!("{provider}:sub"): claims.subject()}}));
    let explanation = explain(&other.expect("the same names as before"), &identity);
    assert!(matches!(explanation.verdict, Verdict::Denied { .. }), "not its own subject");
    assert!(explanation.nearest.is_some_and(|words| is_printable(&words)));
});

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(entries) => entries.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}
