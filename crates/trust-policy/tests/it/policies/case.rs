//! A policy, a token and a request, as the case files write them. The expectations differ by file and are not here.
//!
//! A statement without `Effect`, `Principal` or `Action` means an `Allow` for the token's own provider; `$provider`
//! stands for its ARN and `$p` for how the names of its keys begin.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use trust_policy::{ConditionKeys, RequestContext, TokenClaims, TrustPolicy, WebIdentity};

const ACCOUNT: &str = "111122223333";

/// The policy and the token that are evaluated.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// A name in `cases/tokens.json`.
    token: String,
    /// Claims that are added to the named token or replace its claims; `null` removes one.
    #[serde(default)]
    claims: Map<String, Value>,
    #[serde(default)]
    call: Call,
    #[serde(default = "newest")]
    version: String,
    /// The conditions of the only statement.
    condition: Option<Value>,
    statements: Option<Vec<Map<String, Value>>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Call {
    session_name: Option<String>,
    epoch_seconds: Option<i64>,
    source_ip: Option<String>,
}

/// The fields that every case may have; all others are expectations of its file.
const FIELDS: [&str; 7] = ["name", "token", "claims", "call", "version", "condition", "statements"];

fn newest() -> String {
    "2012-10-17".to_owned()
}

/// The cases of every file in a folder of `cases/`, each with what its file expects.
pub(crate) fn read<Expected: DeserializeOwned>(folder: &str) -> Vec<(Case, Expected)> {
    let folder = cases().join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        assert!(file.extension() == Some("json".as_ref()), "{file:?} is not a file of cases");
        let cases: Vec<Map<String, Value>> =
            serde_json::from_str(&text(&file)).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        assert!(!cases.is_empty(), "no case in {file:?}");
        for case in cases {
            let name = case.get("name").cloned().unwrap_or_default();
            let (own, common): (Map<_, _>, Map<_, _>) =
                case.into_iter().partition(|(field, _)| !FIELDS.contains(&field.as_str()));
            let wrong = |error: serde_json::Error| -> ! { panic!("{file:?}, {name}: {error}") };
            let case = serde_json::from_value(common.into()).unwrap_or_else(|error| wrong(error));
            let expected = serde_json::from_value(own.into()).unwrap_or_else(|error| wrong(error));
            all.push((case, expected));
        }
    }
    let mut names: Vec<&String> = all.iter().map(|(case, _): &(Case, _)| &case.name).collect();
    names.sort();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "two cases have one name: {twice:?}");
    all
}

impl Case {
    /// The policy and the web identity.
    pub(crate) fn build(&self) -> (TrustPolicy, WebIdentity) {
        let tokens: Map<String, Value> = serde_json::from_str(&text(&cases().join("tokens.json"))).unwrap();
        let Some(Value::Object(token)) = tokens.get(&self.token) else {
            panic!("{}: no token `{}`", self.name, self.token)
        };
        let mut claims = token.clone();
        claims.extend(self.claims.clone());
        claims.retain(|_, value| !value.is_null());
        let claims: TokenClaims = Value::from(claims).to_string().parse().expect(&self.name);
        let provider_arn = claims.issuer().provider_arn("aws", ACCOUNT);
        let (_, provider) = provider_arn.split_once("oidc-provider/").unwrap();
        let policy = self.policy().to_string();
        let policy = policy.replace("$provider", &provider_arn).replace("$p:", &format!("{provider}:"));
        let keys = ConditionKeys::from_token(&claims).with_context(&RequestContext {
            session_name: self.call.session_name.as_deref(),
            epoch_seconds: self.call.epoch_seconds,
            source_ip: self.call.source_ip.as_ref().map(|address| address.parse().expect(&self.name)),
        });
        (policy.parse().expect(&self.name), WebIdentity { provider_arn, keys })
    }

    fn policy(&self) -> Value {
        let mut statements = match (&self.condition, &self.statements) {
            (Some(condition), None) => vec![Map::from_iter([("Condition".to_owned(), condition.clone())])],
            (None, Some(statements)) => statements.clone(),
            _ => panic!("{}: either a condition or statements", self.name),
        };
        for statement in &mut statements {
            statement.entry("Effect").or_insert(json!("Allow"));
            statement.entry("Principal").or_insert(json!({"Federated": "$provider"}));
            if !statement.contains_key("NotAction") {
                statement.entry("Action").or_insert(json!("sts:AssumeRoleWithWebIdentity"));
            }
        }
        json!({"Version": self.version, "Statement": statements})
    }
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"))
}
