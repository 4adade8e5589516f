//! The lint's rules against their cases: `cases/lint/*.json`, a table for each rule, and one for policies that
//! were published. A case names every finding that its policy has, so that none is invented.

#![cfg(test)]

use std::{fs, path::Path};

use serde::Deserialize;
use serde_json::{Value, json};
use trust_policy::{
    TrustPolicy,
    lint::{HOLE, RULES, Report, lint},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Where the policy, or the rule that decides the case, comes from.
    #[expect(dead_code, reason = "for the reader of the table")]
    source: Option<String>,
    /// The whole policy, or else what differs from a statement that trusts the organization's provider.
    policy: Option<Value>,
    #[serde(default)]
    statement: serde_json::Map<String, Value>,
    findings: Vec<String>,
    #[serde(default)]
    remarks: usize,
}

/// What the tables write for ids. `HOLE` is a part that isn't literal.
const NAMES: [(&str, &str); 6] = [
    ("CIRCLECI", "oidc.circleci.com/org/4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"),
    ("GITHUB", "token.actions.githubusercontent.com"),
    ("ORG", "4b8f7a52-3c1d-4e6f-9a0b-2d5c8e7f1a34"),
    ("PROJECT", "9d2e6c18-7f43-4a5b-8c90-1e3f5a7b9c2d"),
    ("USER", "c7a5e3f1-8b6d-4920-b3e8-1f4c6d2a9b04"),
    ("ARN", "arn:aws:iam::123456789012:oidc-provider"),
];

fn tables() -> Vec<(String, Vec<Case>)> {
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

fn report(case: &Case) -> Report {
    let policy = case.policy.clone().unwrap_or_else(|| {
        let mut statement = json!({
            "Effect": "Allow",
            "Principal": {"Federated": "ARN/CIRCLECI"},
            "Action": "sts:AssumeRoleWithWebIdentity",
        });
        statement.as_object_mut().unwrap().extend(case.statement.clone());
        json!({"Version": "2012-10-17", "Statement": statement})
    });
    let text = NAMES.iter().fold(policy.to_string(), |text, (name, id)| text.replace(name, id));
    let text = text.replace("HOLE", &HOLE.to_string());
    let policy: TrustPolicy =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    lint(&policy)
}

#[test]
fn every_case_has_its_findings_and_no_other() {
    let mut wrong = Vec::new();
    for (table, cases) in tables() {
        for case in cases {
            let report = report(&case);
            let found: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
            if found != case.findings || report.remarks.len() != case.remarks {
                wrong.push(format!(
                    "{table}: {}\n  expected {:?} and {} remarks\n  found    {found:?}\n  {:?}",
                    case.name, case.findings, case.remarks, report
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_table_with_a_finding_and_a_case_without() {
    let tables = tables();
    for rule in RULES {
        let (_, cases) = tables
            .iter()
            .find(|(table, _)| table == rule.id)
            .unwrap_or_else(|| panic!("no table cases/lint/{}.json", rule.id));
        let (hits, misses): (Vec<&Case>, Vec<&Case>) =
            cases.iter().partition(|case| case.findings.iter().any(|id| id == rule.id));
        assert!(!hits.is_empty() && !misses.is_empty(), "`{}` needs both", rule.id);
    }
}

#[test]
fn a_finding_says_what_is_wrong_and_what_to_do() {
    for (table, cases) in tables() {
        for case in cases {
            for finding in report(&case).findings {
                for text in [&finding.reason, &finding.mend] {
                    let name = format!("{table}: {}: {text:?}", case.name);
                    assert!(!text.is_empty() && !text.ends_with('.'), "{name}");
                    assert!(
                        !text.contains(|character: char| character == HOLE || character.is_control()),
                        "{name}"
                    );
                }
            }
        }
    }
}

#[test]
fn rules_have_ids_of_their_own_in_kebab_case() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(
            rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
        );
        assert!(RULES.iter().skip(at + 1).all(|other| other.id != rule.id), "`{}` is there twice", rule.id);
        assert!(
            !rule.title.is_empty() && rule.why.ends_with('.') && !rule.mend.ends_with('.'),
            "{}",
            rule.id
        );
    }
}
