//! The tables of cases, and how their short forms become policies. Separate, because two tests use the same cases.

use std::{fs, path::Path};

use serde::Deserialize;
use serde_json::{Value, json};
use trust_policy::{TrustPolicy, lint::HOLE};

/// A policy and all its findings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The source of the policy, or of the rule that decides the case.
    #[expect(dead_code, reason = "for the reader of the table")]
    source: Option<String>,
    /// `before` or `after`: the example of the rule's page (docs/rules).
    pub(crate) page: Option<String>,
    /// The whole policy; without it, `statement` changes a statement that trusts the organization's provider.
    policy: Option<Value>,
    #[serde(default)]
    statement: serde_json::Map<String, Value>,
    pub(crate) findings: Vec<String>,
    #[serde(default)]
    pub(crate) remarks: usize,
}

/// The names that the tables use for ids. `HOLE` is a part that isn't literal.
pub(crate) const NAMES: [(&str, &str); 6] = [
    ("CIRCLECI", "oidc.circleci.com/org/4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"),
    ("GITHUB", "token.actions.githubusercontent.com"),
    ("ORG", "4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"),
    ("PROJECT", "9d2e6c18-7f43-4a5b-8c90-1e3f5a7b9c2d"),
    ("USER", "c7a5e3f1-8b6d-4920-b3e8-1f4c6d2a9b04"),
    ("ARN", "arn:aws:iam::123456789012:oidc-provider"),
];

/// Every table, by the rule that it is about.
pub(crate) fn tables() -> Vec<(String, Vec<Case>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/lint");
    let mut tables: Vec<(String, Vec<Case>)> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let cases = serde_json::from_str(&fs::read_to_string(&path).unwrap());
            (name, cases.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        })
        .collect();
    tables.sort_by(|one, other| one.0.cmp(&other.0));
    tables
}

impl Case {
    /// The policy.
    pub(crate) fn policy(&self) -> TrustPolicy {
        serde_json::from_str(&self.text()).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The policy's JSON, with the ids instead of their names.
    pub(crate) fn text(&self) -> String {
        let policy = self.policy.clone().unwrap_or_else(|| {
            let mut statement = json!({
                "Effect": "Allow",
                "Principal": {"Federated": "ARN/CIRCLECI"},
                "Action": "sts:AssumeRoleWithWebIdentity",
            });
            statement.as_object_mut().unwrap().extend(self.statement.clone());
            json!({"Version": "2012-10-17", "Statement": statement})
        });
        let text = NAMES.iter().fold(policy.to_string(), |text, (name, id)| text.replace(name, id));
        text.replace("HOLE", &HOLE.to_string())
    }
}
