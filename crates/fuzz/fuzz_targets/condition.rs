//! Conditions: operators keep the relations that IAM's own rules give them. The lines of the input are the
//! key, the token's subject and the values.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trust_policy::{
    Claims, ConditionKeys, Effect, Pairs, Principal, Statement, TrustPolicy, Values, Verdict, WebIdentity,
    evaluate,
};

const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/1";

fuzz_target!(|input: &str| {
    let mut lines = input.split('\n');
    let (Some(key), Some(subject)) = (lines.next(), lines.next()) else { return };
    let values: Vec<String> = lines.map(str::to_owned).collect();
    let holds = |operator: &str| holds(operator, key, subject, &values);
    let (absent, present) =
        (holds_with("Null", "true", key, subject), holds_with("Null", "false", key, subject));
    assert!(!(absent && present), "a key is there and is not");

    for name in ["Equals", "EqualsIgnoreCase", "Like"] {
        let positive = holds(&format!("String{name}"));
        let negative = holds(&format!("StringNot{name}"));
        assert!(!(positive && negative), "`{name}` and its opposite both hold");
        assert!(!positive || present, "`{name}` holds on a key that is not there");
        if present && !values.is_empty() && !values.iter().any(|value| value.contains("${")) {
            assert!(positive || negative, "neither `{name}` nor its opposite holds");
        }
        let if_exists = holds(&format!("String{name}IfExists"));
        if present {
            assert_eq!(if_exists, positive, "`{name}IfExists` is `{name}` where the key is there");
        }
        if absent && !values.is_empty() && !values.iter().any(|value| value.contains("${")) {
            assert!(if_exists && negative, "an absent key meets `{name}IfExists` and the opposite");
        }
    }
    assert!(!holds("StringEquals") || holds("StringEqualsIgnoreCase"), "the same text in any case");
    assert!(!holds("StringEquals") || present_is_a_value(key, subject, &values), "equal to no value");
    if !values.iter().any(|value| value.contains(['*', '?'])) {
        assert_eq!(holds("StringEquals"), holds("StringLike"), "without wildcards they are the same");
    }
    for unknown in ["Bool", "ForAnyValue:StringLike", "stringequals", "IfExists"] {
        assert!(!holds(unknown), "`{unknown}` can't be judged and lets somebody in");
    }
});

/// Every key is made of one of three texts.
fn present_is_a_value(key: &str, subject: &str, values: &[String]) -> bool {
    let found = if key.to_lowercase().ends_with(":sub") { subject } else { "1" };
    values.iter().any(|value| value == found || value == "project")
}

fn holds_with(operator: &str, value: &str, key: &str, subject: &str) -> bool {
    holds(operator, key, subject, &[value.to_owned()])
}

/// Whether a policy with this condition, and with nothing else in the way, lets the subject in.
fn holds(operator: &str, key: &str, subject: &str, values: &[String]) -> bool {
    let tests = Pairs(vec![(key.to_owned(), Values(values.to_vec()))]);
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principal: Principal::Named(Pairs(vec![("Federated".to_owned(), Values(vec![PROVIDER.to_owned()]))])),
        actions: vec![trust_policy::ACTION.to_owned()],
        condition: Pairs(vec![(operator.to_owned(), tests)]),
    };
    let policy =
        TrustPolicy { version: Some("2012-10-17".to_owned()), id: None, statements: vec![statement] };
    let keys = ConditionKeys::from_claims(&Claims {
        issuer: "https://oidc.circleci.com/org/1",
        audience: "1",
        authorized_party: None,
        subject,
        project_id: Some("project"),
    });
    match evaluate(&policy, &WebIdentity { provider_arn: PROVIDER.to_owned(), keys }) {
        Verdict::Allowed => true,
        Verdict::Denied { reasons } => {
            assert!(!reasons.is_empty(), "a denial without a reason");
            false
        }
    }
}
