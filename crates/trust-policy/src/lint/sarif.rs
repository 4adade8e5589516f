//! Findings as SARIF 2.1.0, for code scanning: one run, all rules, a result for each finding.

use serde_json::{Value, json};

use super::{
    notification::{Notification, invocation},
    report::Finding,
    rule::{Rule, Severity},
    rules::RULES,
};

/// A finding with its line in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedFinding {
    /// Counted from 1.
    pub line: usize,
    /// The finding.
    pub finding: Finding,
}

/// The report on all files. A path is written as it was given, with `/` as separator.
/// `unchecked` is what the findings do not cover.
pub fn sarif(files: &[(String, Vec<LocatedFinding>)], unchecked: &[Notification]) -> String {
    let results: Vec<Value> = files
        .iter()
        .flat_map(|(file, located)| located.iter().map(move |located| result(file, located)))
        .collect();
    let driver = json!({
        "name": "circleci-aws-oidc",
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": RULES.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results,
            "invocations": [invocation(unchecked)]}],
    });
    log.to_string()
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": format!("{} To fix it: {}.", rule.why, rule.fix)},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "security-severity": score(rule.severity),
            "tags": ["security"],
        },
    })
}

fn result(file: &str, LocatedFinding { line, finding }: &LocatedFinding) -> Value {
    let rule = finding.rule;
    json!({
        "ruleId": rule.id,
        "ruleIndex": RULES.iter().position(|known| known.id == rule.id),
        "level": level(rule.severity),
        "message": {"text": format!("{}. To fix it: {}.", finding.reason, finding.fix)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(file)},
                "region": {"startLine": line},
            },
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// Code scanning shows more than 9.0 as critical, 7.0 or more as high, 4.0 or more as medium.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
    }
}

/// A path as a relative reference: characters with a meaning in URIs are escaped.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
