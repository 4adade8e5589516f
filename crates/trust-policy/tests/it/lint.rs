//! The lint's rules with their cases: `cases/lint/*.json`, a table for each rule, and one with published policies.
//! A case names every finding of its policy, so that a wrong finding fails too.

mod evaluated;
mod pages;
mod sarif;
mod strangers;
mod tables;

use std::{collections::BTreeMap, fs, io, path::Path};

use tables::{Case, tables};
use trust_policy::lint::{HOLE, RULES, Report, lint};

fn report(case: &Case) -> Report {
    lint(&case.policy())
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
                for text in [&finding.reason, &finding.fix] {
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
        assert!(RULES.iter().skip(at + 1).all(|other| other.id != rule.id), "`{}` appears twice", rule.id);
        assert!(!rule.title.is_empty() && rule.why.ends_with('.') && !rule.fix.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn the_pages_in_the_tree_are_those_of_the_rules() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let read = |entry: Result<fs::DirEntry, io::Error>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
    };
    let found: BTreeMap<String, String> = fs::read_dir(directory).unwrap().map(read).collect();
    assert_eq!(found, pages::pages(), "run `cargo run -p trust-policy --example rules -- docs/rules`");
}

/// Each of these findings is about a condition that allows nothing now: what its fix lets in is new.
#[test]
fn a_fix_that_allows_more_says_what() {
    let opening = ["only-v1", "literal-wildcard", "foreign-audience", "wrong-action", "key-prefix"];
    let mut said = 0;
    for (table, cases) in tables() {
        for case in cases {
            for finding in report(&case).findings {
                let narrows = ["always holds", "NotEquals"].iter().any(|text| finding.reason.contains(text));
                if opening.contains(&finding.rule.id) && !narrows {
                    let allows = finding.fix.contains("allow");
                    assert!(allows, "{table}: {}: {}: {}", case.name, finding.rule.id, finding.fix);
                    said += 1;
                }
            }
        }
    }
    assert!(said > 20, "{said}");
}

#[test]
fn a_pattern_under_the_wrong_operator_says_what_it_would_allow() {
    let fix = |subject: &str| {
        let statement = serde_json::json!({
            "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/O"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"oidc.circleci.com/org/O:sub": subject}},
        });
        let policy = serde_json::json!({"Version": "2012-10-17", "Statement": statement});
        let report = lint(&serde_json::from_value(policy).unwrap());
        let finding = report.findings.into_iter().find(|finding| finding.rule.id == "literal-wildcard");
        finding.unwrap().fix
    };
    let branch = "org/O/project/P/user/*/vcs-origin/github.com/o/r/vcs-ref/refs/heads/main";
    let start = "write the whole value; under `StringLike` it would allow";
    assert_eq!(
        fix(branch),
        format!(
            "{start} every user of the project, branches whose names imitate this one, branches of forks whose names \
             imitate this one"
        )
    );
    let refs = "other branches, tags, environments and pull requests of the repository";
    let forks = "branches of forks whose names imitate this one";
    for (pattern, allowed) in [
        (branch.replace("heads/main", "heads/*"), format!("every user of the project, {refs}, {forks}")),
        (branch.replace("heads/main", "heads/release/*"), format!("every user of the project, {refs}, {forks}")),
        (branch.replace("heads/main", "tags/v*"), format!("every user of the project, {refs}, {forks}")),
        (branch.replace("user/*", "user/U").replace("heads/main", "heads/*"), refs.to_owned()),
        (
            branch.replace("o/r", "*/r"),
            "every user of the project, branches whose names imitate this one, other repositories, forks included"
                .to_owned(),
        ),
        (
            branch.replace("user/*", "user/U").replace("o/r", "o*/r"),
            "branches whose names imitate this one, other repositories, forks included".to_owned(),
        ),
        (branch.replace("user/*", "user/????").replace("project/P", "project/P?"), "every user of the project, other projects".to_owned()),
    ] {
        assert_eq!(fix(&pattern), format!("{start} {allowed}"), "{pattern}");
    }
    assert_eq!(
        fix("org/O/project/P/*"),
        format!(
            "{start} every user of the project, other branches, tags, environments and pull requests of the repository, other \
             repositories, forks included"
        )
    );
    let project = fix(&branch.replace("project/P", "project/*"));
    assert!(project.ends_with(", other projects"), "{project}");
}
