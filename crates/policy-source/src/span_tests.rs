//! Tests of [`super`]: each finding's span, as the text between its columns.

use trust_policy::lint::lint;

use super::*;
use crate::read;

const ISSUER: &str = "oidc.circleci.com/org/11111111-1111-4111-8111-111111111111";

/// The text under each finding's mark, after the rule's name.
fn marked(name: &str, text: &str) -> Vec<String> {
    let text = text.replace("ISSUER", ISSUER);
    let source = read(name, &text).unwrap();
    let mut marked = Vec::new();
    for (index, policy) in source.policies.iter().enumerate() {
        for finding in lint(&policy.policy).findings {
            let span = source.span_of(index, &finding.location, &text).unwrap();
            let row: Vec<char> = text.lines().nth(span.line - 1).unwrap().chars().collect();
            let part: String = row[span.column - 1..span.end - 1].iter().collect();
            marked.push(format!("{} {}", finding.rule.id, part.replace(ISSUER, "ISSUER")));
        }
    }
    marked
}

const STATEMENT: &str = r#"{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/ISSUER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"ISSUER:aud": ["a,b", "${ISSUER:aud}"]}}}"#;

#[test]
fn a_policy_on_one_line_has_its_columns() {
    let second = STATEMENT.replace("ISSUER:aud\": [", "ISSUER:aud\" :[");
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{STATEMENT}, {second}]}}"#);
    let variable = r#"policy-variable "ISSUER:aud": ["a,b", "${ISSUER:aud}"]"#;
    let found = marked("a.json", &text);
    let statements: Vec<&String> = found.iter().filter(|one| one.starts_with("no-project")).collect();
    assert_eq!(statements.len(), 2, "{found:?}");
    assert_eq!(*statements[0], format!("no-project {STATEMENT}"));
    assert!(statements[1].contains("ISSUER:aud\" :["), "{found:?}");
    let variables: Vec<&String> = found.iter().filter(|one| one.starts_with("policy-variable")).collect();
    assert_eq!(*variables[0], variable);
    assert_eq!(*variables[1], variable.replace("\": [", "\" :["));
}

#[test]
fn a_condition_in_yaml_and_hcl_is_marked_from_its_key_to_its_value() {
    let yaml = "Statement:\n  - Effect: Allow\n    Principal:\n      Federated: arn:aws:iam::123456789012:oidc-provider/ISSUER\n    Action: sts:AssumeRoleWithWebIdentity\n    Condition:\n      StringEquals: {\"ISSUER:aud\": a}\n      StringLike:\n        'ISSUER:sub': 'org/11111111-1111-4111-8111-111111111111/*'  \n";
    let found = marked("a.yaml", yaml);
    assert!(found.iter().any(|one| one.starts_with("whole-organization 'ISSUER:sub': 'org/")), "{found:?}");
    let hcl = "resource \"aws_iam_role\" \"a\" {\n  assume_role_policy = jsonencode({\n    Statement = [{\n      Effect = \"Allow\"\n      Principal = { Federated = \"arn:aws:iam::123456789012:oidc-provider/ISSUER\" }\n      Action = \"sts:AssumeRoleWithWebIdentity\"\n      Condition = { StringEquals = { \"ISSUER:aud\" = \"sts.amazonaws.com\" } }\n    }]\n  })\n}\n";
    let found = marked("a.tf", hcl);
    assert!(found.iter().any(|one| one.starts_with("foreign-audience \"ISSUER:aud\" = \"sts")), "{found:?}");
}

#[test]
fn an_excerpt_keeps_the_span_in_view() {
    let span = |column, end| Span { line: 1, column, end };
    assert_eq!(excerpt("\tab = 1", span(2, 4), 20), (" ab = 1".to_owned(), " ^^".to_owned()));
    assert_eq!(excerpt("a\u{1b}b", span(1, 4), 20), ("a\u{fffd}b".to_owned(), "^^^".to_owned()));
    let long = "x".repeat(50) + "KEY" + &"y".repeat(50);
    let (row, marks) = excerpt(&long, span(51, 54), 20);
    assert_eq!(row.chars().count(), 22, "{row}");
    let start = marks.find('^').unwrap();
    assert_eq!(row.chars().skip(start).take(3).collect::<String>(), "KEY");
    // A span longer than the excerpt is marked as far as it is shown.
    let (row, marks) = excerpt(&long, span(1, 104), 20);
    assert_eq!((row.chars().count(), marks.len()), (21, 20));
}
