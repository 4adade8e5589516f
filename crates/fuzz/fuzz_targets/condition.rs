//! Conditions: operators have the relations that IAM's rules define. The lines of the input are the key, the token's
//! subject and the values.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trust_policy::{
    Claims, ConditionKeys, Effect, Explanation, MatchResult, Pairs, Principal, Statement, TrustPolicy,
    Values, WebIdentity, explain,
};

const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/1";

/// An operator and its negation; some have none.
const OPERATORS: [(&str, Option<&str>); 16] = [
    ("StringEquals", Some("StringNotEquals")),
    ("StringEqualsIgnoreCase", Some("StringNotEqualsIgnoreCase")),
    ("StringLike", Some("StringNotLike")),
    ("ArnEquals", Some("ArnNotEquals")),
    ("ArnLike", Some("ArnNotLike")),
    ("NumericEquals", Some("NumericNotEquals")),
    ("NumericLessThan", None),
    ("NumericLessThanEquals", None),
    ("NumericGreaterThan", None),
    ("NumericGreaterThanEquals", None),
    ("DateEquals", Some("DateNotEquals")),
    ("DateLessThan", None),
    ("DateGreaterThanEquals", None),
    ("IpAddress", Some("NotIpAddress")),
    ("Bool", None),
    ("BinaryEquals", None),
];

fuzz_target!(|input: &str| {
    let mut lines = input.split('\n');
    let (Some(key), Some(subject)) = (lines.next(), lines.next()) else { return };
    let values: Vec<String> = lines.map(str::to_owned).collect();
    let absence = judge("Null", key, subject, &["true".to_owned()]);
    let presence = judge("Null", key, subject, &["false".to_owned()]);
    let judge = |operator: &str| judge(operator, key, subject, &values);
    let is_seen = absence != MatchResult::Unknown;
    assert_eq!(is_seen, presence != MatchResult::Unknown);
    assert!(!is_seen || absence != presence, "a key is both present and absent");
    let is_present = presence == MatchResult::Met;

    // One operator for each input, so that more inputs are tried.
    let (name, opposite) = OPERATORS[input.len() % OPERATORS.len()];
    let positive = judge(name);
    assert!(
        values.is_empty() || is_seen || positive == MatchResult::Unknown,
        "`{name}` judges a key that is unknown"
    );
    assert!(positive != MatchResult::Met || is_present, "`{name}` is met by an absent key");
    let if_exists = judge(&format!("{name}IfExists"));
    if is_present {
        assert_eq!(if_exists, positive, "`{name}IfExists` is `{name}` where the key is there");
    }
    if absence == MatchResult::Met && !values.is_empty() {
        assert_eq!(if_exists, MatchResult::Met, "an absent key meets `{name}IfExists`");
    }
    if let Some(negative) = opposite.map(judge).filter(|_| !values.is_empty()) {
        let expected = match positive {
            MatchResult::Met => MatchResult::NotMet,
            MatchResult::NotMet => MatchResult::Met,
            MatchResult::Unknown => MatchResult::Unknown,
        };
        assert_eq!(negative, expected, "the opposite of `{name}`");
    }
    if is_present {
        assert_eq!(judge(&format!("ForAnyValue:{name}")), positive, "one of one for `{name}`");
        let all = judge(&format!("ForAllValues:{name}"));
        assert!(all == positive || subject.is_empty(), "all of one for `{name}`");
    }
    let equal = judge("StringEquals");
    assert!(
        equal != MatchResult::Met || judge("StringEqualsIgnoreCase") == MatchResult::Met,
        "the same in any case"
    );
    assert_eq!(judge("ArnEquals"), judge("ArnLike"), "they behave identically");
    if !values.iter().any(|value| value.contains(['*', '?', '$'])) {
        assert_eq!(equal, judge("StringLike"), "without wildcards they are the same");
    }
    for unknown in ["ForAnyValue:Null", "NullIfExists", "stringequals", "IfExists"] {
        assert_eq!(judge(unknown), MatchResult::Unknown, "`{unknown}` can't be judged");
    }
});

/// The outcome of the only condition of an otherwise open policy. The policy is built from its parts, because IAM does
/// not allow every text in a document.
fn judge(operator: &str, key: &str, subject: &str, values: &[String]) -> MatchResult {
    let tests = Pairs(vec![(key.to_owned(), Values(values.to_vec()))]);
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principal: Principal::Named(Pairs(vec![("Federated".to_owned(), Values(vec![PROVIDER.to_owned()]))])),
        actions: vec![trust_policy::ASSUME_ROLE_WITH_WEB_IDENTITY.to_owned()],
        excluded_actions: Vec::new(),
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
    let identity = WebIdentity { provider_arn: PROVIDER.to_owned(), keys };
    let Explanation { statements, nearest, .. } = explain(&policy, &identity);
    let [statement] = &statements[..] else { panic!("one statement became {}", statements.len()) };
    assert_eq!(
        nearest.is_none(),
        statement.applies == MatchResult::Met,
        "words where none are needed, or none"
    );
    statement.applies
}
