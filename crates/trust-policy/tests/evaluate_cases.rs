//! The cases in `cases/evaluate`: policies and tokens, what AWS makes of them, and where that is written.
//! A case without a statement's `Effect`, `Principal` or `Action` means an `Allow` for the token's own provider;
//! `$provider` stands for its ARN and `$p` for how the names of its keys begin.

use std::{fs, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use trust_policy::{Circumstances, ConditionKeys, TokenClaims, TrustPolicy, Verdict, WebIdentity, evaluate};

const ACCOUNT: &str = "111122223333";
const FEWEST: usize = 250;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// A section of the facts, or a topic of the IAM guide.
    source: String,
    /// A name in `cases/tokens.json`.
    token: String,
    /// Claims beside those of the named token, or in their place; `null` takes one away.
    #[serde(default)]
    claims: Map<String, Value>,
    #[serde(default)]
    call: Call,
    #[serde(default = "with_variables")]
    version: String,
    /// The conditions of the only statement.
    condition: Option<Value>,
    statements: Option<Vec<Map<String, Value>>>,
    expect: Expected,
    /// What one of the reasons says.
    because: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Call {
    session_name: Option<String>,
    epoch_seconds: Option<i64>,
    source_ip: Option<String>,
}

#[derive(Deserialize, Debug, PartialEq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Expected {
    Allow,
    Deny,
    Unknown,
}

fn with_variables() -> String {
    "2012-10-17".to_owned()
}

#[test]
fn policies_come_out_as_aws_documents() {
    let tokens: Map<String, Value> = serde_json::from_str(&read(&cases().join("tokens.json"))).unwrap();
    let mut failed = Vec::new();
    let mut names = Vec::new();
    for file in files() {
        let cases: Vec<Case> =
            serde_json::from_str(&read(&file)).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        assert!(!cases.is_empty(), "no case in {file:?}");
        for case in cases {
            assert!(!case.source.is_empty(), "{}: no source", case.name);
            let unknown = case.expect == Expected::Unknown;
            assert!(!unknown || case.because.is_some(), "{}: what is unknown?", case.name);
            failed.extend(fault(&case, &tokens).map(|fault| format!("{}: {fault}", case.name)));
            names.push(case.name);
        }
    }
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), names.len(), failed.join("\n"));
    assert!(names.len() >= FEWEST, "{} cases, at least {FEWEST} are promised", names.len());
    names.sort();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(twice.is_empty(), "two cases have one name: {twice:?}");
}

/// What came out otherwise than the case says.
fn fault(case: &Case, tokens: &Map<String, Value>) -> Option<String> {
    let Some(Value::Object(token)) = tokens.get(&case.token) else { return Some("no such token".to_owned()) };
    let mut claims = token.clone();
    claims.extend(case.claims.clone());
    claims.retain(|_, value| !value.is_null());
    let claims: TokenClaims = match Value::from(claims).to_string().parse() {
        Ok(claims) => claims,
        Err(error) => return Some(format!("{error}")),
    };
    let provider_arn = claims.provider_arn("aws", ACCOUNT);
    let (_, provider) = provider_arn.split_once("oidc-provider/").unwrap();
    let text =
        policy(case).to_string().replace("$provider", &provider_arn).replace("$p:", &format!("{provider}:"));
    let policy: TrustPolicy = match text.parse() {
        Ok(policy) => policy,
        Err(error) => return Some(format!("{error:?}")),
    };
    let keys = ConditionKeys::from_token(&claims).under(&Circumstances {
        session_name: case.call.session_name.as_deref(),
        epoch_seconds: case.call.epoch_seconds,
        source_ip: case.call.source_ip.as_ref().map(|address| address.parse().unwrap()),
    });
    let verdict = evaluate(&policy, &WebIdentity { provider_arn, keys });
    let (found, reasons) = match &verdict {
        Verdict::Allowed => (Expected::Allow, &[][..]),
        Verdict::Denied { reasons } => (Expected::Deny, &reasons[..]),
        Verdict::Unknown { reasons } => (Expected::Unknown, &reasons[..]),
    };
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    let is_said = |words: &String| reasons.iter().any(|reason| reason.contains(words));
    if found != case.expect {
        return Some(format!("{found:?} instead of {:?}: {reasons:?}", case.expect));
    }
    match &case.because {
        Some(words) if !is_said(words) => Some(format!("no reason says `{words}`: {reasons:?}")),
        _ => None,
    }
}

fn policy(case: &Case) -> Value {
    let mut statements = match (&case.condition, &case.statements) {
        (Some(condition), None) => {
            vec![Map::from_iter([("Condition".to_owned(), condition.clone())])]
        }
        (None, Some(statements)) => statements.clone(),
        _ => panic!("{}: either a condition or statements", case.name),
    };
    for statement in &mut statements {
        let mut default = |name: &str, value: Value| {
            statement.entry(name).or_insert(value);
        };
        default("Effect", json!("Allow"));
        default("Principal", json!({"Federated": "$provider"}));
        if !statement.contains_key("NotAction") {
            statement.entry("Action").or_insert(json!("sts:AssumeRoleWithWebIdentity"));
        }
    }
    json!({"Version": case.version, "Statement": statements})
}

fn files() -> Vec<std::path::PathBuf> {
    let folder = cases().join("evaluate");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.iter().all(|file| file.extension() == Some("json".as_ref())), "a stranger in {folder:?}");
    files.sort();
    files
}

fn cases() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}
