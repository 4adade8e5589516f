//! SARIF for code scanning: GitHub's requirements, checked on the report about a policy with faults. The schema
//! is checked by Microsoft's validator in `scripts/end-to-end/sarif.sh`.

use serde_json::Value;
use trust_policy::{
    TrustPolicy,
    lint::{LocatedFinding, Notification, RULES, lint, sarif},
};

/// What GitHub shows of a description.
const LONGEST: usize = 1024;

fn log(file: &str) -> Value {
    let policy: TrustPolicy =
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:*"}}"#.parse().unwrap();
    let located = lint(&policy).findings.into_iter().map(|finding| LocatedFinding {
        line: 7,
        columns: Some((3, 9)),
        finding,
    });
    let files = [(file.to_owned(), located.collect()), ("clean.json".to_owned(), Vec::new())];
    serde_json::from_str(&sarif(&files, &[])).unwrap()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .unwrap_or_else(|| panic!("no list at {pointer} in {value}"))
}

#[test]
fn the_log_is_one_run_of_version_2_1_0() {
    let log = log("role.json");
    assert_eq!(text(&log, "/version"), "2.1.0");
    assert!(text(&log, "/$schema").contains("sarif-2.1.0"));
    assert_eq!(list(&log, "/runs").len(), 1);
    assert_eq!(text(&log, "/runs/0/tool/driver/name"), "circleci-aws-oidc");
}

#[test]
fn every_rule_has_what_code_scanning_shows() {
    let log = log("role.json");
    let rules = list(&log, "/runs/0/tool/driver/rules");
    assert_eq!(rules.len(), RULES.len());
    for rule in rules {
        assert!(!text(rule, "/id").is_empty());
        for pointer in ["/shortDescription/text", "/fullDescription/text", "/help/text"] {
            assert!((1..=LONGEST).contains(&text(rule, pointer).chars().count()), "{pointer} of {rule}");
        }
        assert!(["error", "warning", "note"].contains(&text(rule, "/defaultConfiguration/level")), "{rule}");
        assert_eq!(text(rule, "/helpUri").rsplit_once('/').unwrap().1, format!("{}.md", text(rule, "/id")));
        let severity: f64 = text(rule, "/properties/security-severity").parse().unwrap();
        assert!((0.1..=10.0).contains(&severity), "{rule}");
        assert_eq!(list(rule, "/properties/tags"), ["security"]);
    }
}

#[test]
fn a_result_has_its_rule_its_text_and_its_location() {
    let log = log("role.json");
    let [result] = list(&log, "/runs/0/results") else { panic!("{log}") };
    assert_eq!(text(result, "/ruleId"), "any-principal");
    let index = result["ruleIndex"].as_u64().unwrap();
    assert_eq!(text(&log, &format!("/runs/0/tool/driver/rules/{index}/id")), "any-principal");
    assert_eq!(text(&log, &format!("/runs/0/tool/driver/rules/{index}/name")), "AnyPrincipal");
    assert_eq!(text(result, "/level"), "error");
    assert!(text(result, "/message/text").contains("every principal of every AWS account"));
    assert_eq!(text(result, "/locations/0/physicalLocation/artifactLocation/uri"), "role.json");
    let region = serde_json::json!({"startLine": 7, "startColumn": 3, "endColumn": 9});
    assert_eq!(result["locations"][0]["physicalLocation"]["region"], region);
}

#[test]
fn a_path_becomes_a_relative_reference_or_a_file_url() {
    for (path, uri) in [
        ("./infra/role.tf", "infra/role.tf"),
        ("infra\\role.tf", "infra/role.tf"),
        ("a b/100%.json", "a%20b/100%25.json"),
        ("röle.json", "r%C3%B6le.json"),
        ("a:b?c#d", "a%3Ab%3Fc%23d"),
        ("/srv/a b/role.tf", "file:///srv/a%20b/role.tf"),
        ("C:\\infra\\role.tf", "file:///C:/infra/role.tf"),
        ("C:/infra/role.tf", "file:///C:/infra/role.tf"),
        ("\\\\server\\share\\role.tf", "file://server/share/role.tf"),
    ] {
        let log = log(path);
        assert_eq!(text(&log, "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri"), uri);
    }
}

#[test]
fn a_finding_without_columns_has_only_its_line() {
    let policy: TrustPolicy =
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:*"}}"#.parse().unwrap();
    let finding = lint(&policy).findings.remove(0);
    let files = [("a.tf".to_owned(), vec![LocatedFinding { line: 7, columns: None, finding }])];
    let log: Value = serde_json::from_str(&sarif(&files, &[])).unwrap();
    let region = log.pointer("/runs/0/results/0/locations/0/physicalLocation/region").unwrap();
    assert_eq!(*region, serde_json::json!({"startLine": 7}));
}

#[test]
fn what_was_not_checked_is_in_the_invocation() {
    let notification = |line: Option<usize>| Notification {
        file: "a b.tf".to_owned(),
        line,
        column: line.map(|_| 5),
        text: "not read".to_owned(),
        is_error: line.is_none(),
    };
    let log = |unchecked: &[Notification]| -> Value { serde_json::from_str(&sarif(&[], unchecked)).unwrap() };
    let invocation = |log: &Value| log.pointer("/runs/0/invocations/0").unwrap().clone();
    assert_eq!(invocation(&log(&[]))["executionSuccessful"], true);
    assert_eq!(invocation(&log(&[notification(Some(3))]))["executionSuccessful"], true);
    let log = log(&[notification(Some(3)), notification(None)]);
    assert_eq!(invocation(&log)["executionSuccessful"], false);
    let notifications = list(&log, "/runs/0/invocations/0/toolExecutionNotifications");
    assert_eq!(text(&notifications[0], "/locations/0/physicalLocation/artifactLocation/uri"), "a%20b.tf");
    assert_eq!(notifications[0].pointer("/locations/0/physicalLocation/region/startLine").unwrap(), 3);
    assert_eq!(notifications[0].pointer("/locations/0/physicalLocation/region/startColumn").unwrap(), 5);
    assert_eq!((text(&notifications[0], "/level"), text(&notifications[1], "/level")), ("warning", "error"));
}
