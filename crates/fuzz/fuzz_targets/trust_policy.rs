//! Trust policies: the order and spelling of the JSON have no meaning, a `Deny` for everyone overrides all, and a token
//! needs an `Allow` that names the provider.

#![no_main]

use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use trust_policy::{
    Claims, ConditionKeys, Effect, Explanation, Pairs, Principal, Statement, TrustPolicy, Verdict,
    WebIdentity, evaluate, explain,
};

const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/1";
const SUBJECT: &str = "org/1/project/2/user/3/vcs-origin/github.com/o/r/vcs-ref/refs/heads/main";

fuzz_target!(|text: &str| {
    let mut policy: TrustPolicy = match text.parse() {
        Ok(policy) => policy,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    let identity = identity();
    let verdict = evaluate(&policy, &identity);
    if let Verdict::Denied { reasons } | Verdict::Unknown { reasons } = &verdict {
        assert!(!reasons.is_empty(), "{verdict:?} without a reason");
        assert!(
            reasons.iter().all(|reason| is_printable(&reason.to_string())),
            "{reasons:?} break their lines"
        );
    }
    check_explanation(&explain(&policy, &identity), &policy, &verdict);
    let is_allowed = verdict == Verdict::Allowed;
    assert!(!is_allowed || policy.statements.iter().any(lets_the_provider_in), "nothing allows it");

    // Written again, its objects are in another order and hold no name twice.
    let value: Value = serde_json::from_str(text).expect("a policy is JSON");
    let again: TrustPolicy = escaped(&value).parse().expect("it was a policy before");
    assert_eq!(again.statements.len(), policy.statements.len());
    assert_eq!(kind(&evaluate(&again, &identity)), kind(&verdict), "the form changed the verdict");

    policy.statements.reverse();
    assert_eq!(kind(&evaluate(&policy, &identity)), kind(&verdict), "the order changed the verdict");
    policy.statements.push(deny_for_everybody());
    assert_eq!(kind(&evaluate(&policy, &identity)), "denied", "something overrode a `Deny`");
});

/// The JSON, with the characters that IAM takes only as escapes as such.
fn escaped(value: &Value) -> String {
    let mut units = [0; 2];
    let escape = |unit: &u16| format!("\\u{unit:04x}");
    let json = value.to_string();
    let written = json.chars().map(|character| match character {
        ..='\u{ff}' => character.to_string(),
        _ => character.encode_utf16(&mut units).iter().map(escape).collect(),
    });
    written.collect()
}

/// The verdict without its reasons, which follow the order of the statements.
fn kind(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Denied { .. } => "denied",
        Verdict::Unknown { .. } => "unknown",
    }
}

fn check_explanation(explanation: &Explanation, policy: &TrustPolicy, verdict: &Verdict) {
    assert_eq!(explanation.verdict, *verdict, "the explanation is of something else");
    assert_eq!(
        explanation.nearest.is_none(),
        *verdict == Verdict::Allowed,
        "words where none are needed, or none"
    );
    assert!(explanation.nearest.iter().all(|words| is_printable(words)), "{:?}", explanation.nearest);
    let mut numbers: Vec<usize> = explanation.statements.iter().map(|statement| statement.number).collect();
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(1..=policy.statements.len()), "a statement is missing");
}

fn lets_the_provider_in(statement: &Statement) -> bool {
    let names_it = match &statement.principal {
        Principal::Anyone => false,
        Principal::Named(kinds) => {
            kinds.0.iter().any(|(kind, names)| kind == "Federated" && names.0.iter().any(|n| n == PROVIDER))
        }
    };
    statement.effect == Effect::Allow && names_it
}

fn deny_for_everybody() -> Statement {
    Statement {
        sid: None,
        effect: Effect::Deny,
        principal: Principal::Anyone,
        actions: vec!["*".to_owned()],
        excluded_actions: Vec::new(),
        condition: Pairs::default(),
    }
}

fn identity() -> WebIdentity {
    let keys = ConditionKeys::from_claims(&Claims {
        issuer: "https://oidc.circleci.com/org/1",
        audience: "1",
        authorized_party: None,
        subject: SUBJECT,
        project_id: Some("2"),
    });
    WebIdentity { provider_arn: PROVIDER.to_owned(), keys }
}
