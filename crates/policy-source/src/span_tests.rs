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

/// The texts under the marks of a rule's findings, each with its line and column.
fn places(name: &str, text: &str, rule: &str) -> Vec<(usize, usize, String)> {
    let source = read(name, text).unwrap();
    let policies = source.policies.iter().enumerate();
    let findings = policies.flat_map(|(index, policy)| {
        lint(&policy.policy).findings.into_iter().map(move |finding| (index, finding))
    });
    let of_rule = findings.filter(|(_, finding)| finding.rule.id == rule);
    let spans = of_rule.map(|(index, finding)| source.span_of(index, &finding.location, text).unwrap());
    let marked = spans.map(|span| {
        let row: Vec<char> = text.lines().nth(span.line - 1).unwrap().chars().collect();
        (span.line, span.column, row[span.column - 1..span.end - 1].iter().collect())
    });
    marked.collect()
}

const OPEN: &str = r#"{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}}}"#;
const MARKED: &str = r#""token.actions.githubusercontent.com:sub": "repo:*""#;

#[test]
fn of_one_value_that_stands_twice_each_has_its_own_columns() {
    // What stands before them: in an unrelated field, on the same line, and behind letters of two bytes.
    let json = format!("{{\"é\": {{{MARKED}}}, \"Statement\": [{OPEN}, {OPEN}]}}");
    let yaml = format!(
        "x: {{{MARKED}}}\nResources:\n  R: {{Type: 'AWS::IAM::Role', Properties: {{AssumeRolePolicyDocument: {{x: {{{MARKED}}}, Statement: [{OPEN}, {OPEN}]}}}}}}\n"
    );
    let hcl = format!(
        "locals {{ x = {{{MARKED}}} }}\nresource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = jsonencode({{ Sid = {{{MARKED}}}, Statement = [{OPEN}, {OPEN}] }})\n}}\n"
    );
    for (name, text, line) in [("a.json", json, 1), ("a.yaml", yaml, 3), ("a.tf", hcl, 3)] {
        let row = text.lines().nth(line - 1).unwrap();
        let columns = row.match_indices(MARKED).map(|(at, _)| row[..at].chars().count() + 1);
        let places = places(name, &text, "any-repository");
        let expected: Vec<_> = columns.skip(1).map(|column| (line, column, MARKED.to_owned())).collect();
        assert_eq!(expected.len(), 2);
        assert_eq!(places, expected, "{name}");
    }
}

#[test]
fn in_a_text_a_value_that_stands_twice_has_the_columns_of_the_text_or_its_line() {
    let open = OPEN.replace('"', "\\\"");
    let texts = [
        (
            "a.json",
            format!(
                "{{\"a\": 1, \"assumeRolePolicy\": \"{{\\\"Statement\\\": [{open}, {open}]}}\", \"b\": 2}}"
            ),
            1,
        ),
        (
            "a.tf",
            format!(
                "resource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = <<EOF\n{{\"Statement\": [{OPEN}, {OPEN}]}}\nEOF\n}}\n"
            ),
            3,
        ),
    ];
    for (name, text, line) in texts {
        let source = read(name, &text).unwrap();
        let policy = &source.policies[0];
        let findings = lint(&policy.policy).findings;
        let of_values: Vec<_> =
            findings.iter().filter(|finding| finding.rule.id == "any-repository").collect();
        assert_eq!(of_values.len(), 2, "{name}");
        for finding in of_values {
            assert_eq!(policy.line_of(&finding.location), line, "{name}");
            let span = source.span_of(0, &finding.location, &text).unwrap();
            let row = text.lines().nth(line - 1).unwrap();
            let marked = &row[span.column - 1..span.end - 1];
            let (start, end) = match name {
                "a.json" => ("\"assumeRolePolicy\": \"{", "}\""),
                _ => ("{\"Statement\": [", "]}"),
            };
            assert!(marked.starts_with(start) && marked.ends_with(end), "{name}: {marked}");
        }
    }
    let once = format!(
        "resource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = <<EOF\n{{\"Statement\": [\n  {OPEN}]}}\nEOF\n}}\n"
    );
    let places = places("a.tf", &once, "any-repository");
    assert!(matches!(places.as_slice(), [(4, _, marked)] if marked.starts_with(MARKED)), "{places:?}");
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
