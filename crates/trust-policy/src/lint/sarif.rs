//! Findings as SARIF 2.1.0, for code scanning: one run, all rules, a result for each finding.

use serde_json::{Value, json};

use super::{
    notification::{Notification, invocation},
    report::Finding,
    rule::{Rule, Severity},
    rules::RULES,
};

/// A finding with its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedFinding {
    /// Counted from 1.
    pub line: usize,
    /// The columns of its first character and behind its last one, counted from 1 in Unicode code points; `None` if
    /// only the line is known.
    pub columns: Option<(usize, usize)>,
    /// The finding.
    pub finding: Finding,
}

/// The report on all files. A relative path is written as it was given, with `/` as separator; an absolute one as a
/// `file` URL. `unchecked` is what the findings do not cover.
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
        "name": pascal_case(rule.id),
        "helpUri": rule.page_url(),
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

fn result(file: &str, LocatedFinding { line, columns, finding }: &LocatedFinding) -> Value {
    let rule = finding.rule;
    let mut region = json!({"startLine": line});
    if let (Some((start, end)), Some(region)) = (columns, region.as_object_mut()) {
        region.insert("startColumn".to_owned(), json!(start));
        region.insert("endColumn".to_owned(), json!(end));
    }
    json!({
        "ruleId": rule.id,
        "ruleIndex": RULES.iter().position(|known| known.id == rule.id),
        "level": level(rule.severity),
        "message": {"text": format!("{}. To fix it: {}.", finding.reason, finding.fix)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(file)},
                "region": region,
            },
        }],
    })
}

/// The id in the form that SARIF recommends for a name.
fn pascal_case(id: &str) -> String {
    let capital = |word: &str| {
        let mut signs = word.chars();
        signs.next().into_iter().flat_map(char::to_uppercase).chain(signs).collect::<String>()
    };
    id.split('-').map(capital).collect()
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

/// A path as a URL: `file:///…` if it is absolute, else a relative reference. Characters with a meaning in URLs are
/// escaped.
pub(super) fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let has_drive = matches!(path.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    if has_drive {
        let (drive, rest) = path.split_at(2);
        return format!("file:///{drive}{}", escaped(rest));
    }
    match path.strip_prefix("//") {
        // A share of Windows: the first name is the host.
        Some(share) => format!("file://{}", escaped(share)),
        None if path.starts_with('/') => format!("file://{}", escaped(&path)),
        None => escaped(path.strip_prefix("./").unwrap_or(&path)),
    }
}

fn escaped(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
