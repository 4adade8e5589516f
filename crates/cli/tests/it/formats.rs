//! `--format json`: one object on stdout, with the facts of the text and nothing else.

use serde_json::{Value, json};

use crate::support::{Job, ROLE, Run};

/// The one object.
#[track_caller]
fn object(run: &Run) -> Value {
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

#[test]
fn whoami_has_the_facts_of_its_four_lines() {
    let job = Job::new();
    job.assume(&["--profile", "prod", "--region", "eu-west-1"]).succeeds();
    let text = job.run(&["whoami", "--profile", "prod"]);
    let run = job.run(&["whoami", "--profile", "prod", "--format", "json"]);
    assert_eq!((run.status, &run.stderr), (0, &text.stderr));
    let object = object(&run);
    let lines: String = ["account", "arn", "user_id", "source"]
        .iter()
        .map(|name| format!("{}: {}\n", name.replace('_', "-"), object[name].as_str().unwrap()))
        .collect();
    assert_eq!(lines, text.stdout);
    assert_eq!(object.as_object().unwrap().len(), 4, "{object}");
}

#[test]
fn whoami_without_credentials_prints_no_object() {
    let job = Job::new();
    let run = job.run(&["whoami", "--format", "json"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
}

#[test]
fn preflight_has_the_findings_of_its_lines_in_their_order() {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    for (flags, status) in [(&[][..], 0), (&["--duration", "1s", "--to", "dotenv:none/x"], 8)] {
        let text = job.run(&[&["preflight"], flags].concat());
        let run = job.run(&[&["preflight", "--format", "json"], flags].concat());
        assert_eq!((run.status, text.status), (status, status), "{}", run.stderr);
        assert_eq!(run.stderr, text.stderr, "the count is for people");
        let object = object(&run);
        let findings = object["findings"].as_array().unwrap();
        let word = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
        let lines: String = findings
            .iter()
            .map(|finding| {
                let [level, check, text] = ["level", "check", "text"].map(|name| word(finding, name));
                format!("{level:8}{check:16}{text}\n")
            })
            .collect();
        assert_eq!(without_times(&lines), without_times(&text.stdout));
        for (field, level) in [("problems", "problem"), ("notes", "note"), ("ok", "ok")] {
            let count = findings.iter().filter(|finding| finding["level"] == level).count();
            assert_eq!(object[field], count, "{field}");
        }
    }
}

/// The rest of a token's life may differ by a second between two runs.
fn without_times(lines: &str) -> String {
    lines.chars().filter(|character| !character.is_ascii_digit()).collect()
}

#[test]
fn preflight_names_the_orb_s_parameters_where_the_orb_calls() {
    let mut job = Job::new();
    job.set("INSTALL_AWS_OIDC_CALLER", "orb").set("CIRCLECI_AWS_OIDC_DURATION", "1s");
    let object = object(&job.run(&["preflight", "--format", "json"]));
    let finding = object["findings"].as_array().unwrap().iter().find(|found| found["check"] == "duration");
    let text = finding.unwrap()["text"].as_str().unwrap();
    assert!(text.contains("`duration`") && !text.contains("CIRCLECI_AWS_OIDC_"), "{text}");
}

#[test]
fn profiles_has_the_facts_of_its_table() {
    let job = Job::new();
    job.write("roles.ini", &format!("[profile prod]\nrole_arn = {ROLE}\n"));
    let run = job.run(&["profiles", "--config-file", "roles.ini", "--format", "json"]);
    let object = object(run.succeeds());
    let row = &object["profiles"][0];
    assert_eq!(
        object,
        json!({"profiles": [{
            "profile": "prod", "account": "123456789012", "role": "deploy", "expires_at": row["expires_at"],
        }]})
    );
    let key = &job.sts.granted()[0].access_key_id;
    assert!(job.read("home/.aws/credentials").contains(key), "the profile is written as with text");
    assert!(row["expires_at"].as_str().unwrap().ends_with('Z'), "{row}");
}

#[test]
fn another_format_is_refused_before_anything_is_requested() {
    let job = Job::new();
    job.write("roles.ini", &format!("[profile prod]\nrole_arn = {ROLE}\n"));
    for command in [&["whoami"][..], &["preflight"], &["profiles", "--config-file", "roles.ini"]] {
        let run = job.run(&[command, &["--format", "yaml"]].concat());
        run.expect(2, "invalid value `yaml`; expected text, json");
    }
    assert!(job.sts.requests().is_empty());
}
