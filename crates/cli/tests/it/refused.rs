//! One bad value a row: the run ends with the table's exit code and the row's words, before anything is sent to STS
//! and with every file as it was. The rows are in `tables`.

use serde_json::Value;

use crate::support::Job;
use crate::support::files::snapshot;

#[test]
fn a_setting_that_cannot_be_used_is_refused() {
    assert_rows(include_str!("../tables/settings.json"));
}

#[test]
fn a_text_that_is_not_a_token_is_refused() {
    assert_rows(include_str!("../tables/tokens.json"));
}

#[test]
fn a_file_that_cannot_take_credentials_is_refused() {
    assert_rows(include_str!("../tables/files.json"));
}

#[test]
fn declared_roles_that_cannot_be_used_are_refused() {
    assert_rows(include_str!("../tables/roles.json"));
}

#[test]
fn a_value_that_no_trust_policy_can_hold_is_refused() {
    assert_rows(include_str!("../tables/generate.json"));
}

/// Checks all rows and names each one that fails.
#[track_caller]
fn assert_rows(table: &str) {
    let table: Value = serde_json::from_str(table).unwrap();
    let rows = table["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    let failures: Vec<String> = rows.iter().filter_map(|row| failure(&table, row)).collect();
    assert!(failures.is_empty(), "{} of {} rows fail\n{}", failures.len(), rows.len(), failures.join("\n"));
}

/// What is wrong with the row, under its name.
fn failure(table: &Value, row: &Value) -> Option<String> {
    let mut job = Job::new();
    for changes in [&table["environment"], &row["environment"]] {
        change_environment(&mut job, changes);
    }
    for (name, text) in row["files"].as_object().into_iter().flatten() {
        job.write(name, text.as_str().unwrap());
    }
    let before = snapshot(&job);
    let arguments: Vec<String> = [&table["command"], &row["args"]]
        .into_iter()
        .flat_map(|list| list.as_array().unwrap())
        .map(text)
        .collect();
    let run = job.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let found = outcome(
        i64::from(run.status),
        &run.stdout,
        &run.stderr,
        job.sts.requests().len(),
        snapshot(&job) == before,
    );
    let expected = outcome(table["status"].as_i64().unwrap(), "", &(text(&row["stderr"]) + "\n"), 0, true);
    let (name, why) = (row["name"].as_str().unwrap(), row["why"].as_str().unwrap());
    (found != expected).then(|| format!("row \"{name}\" ({why})\n--- expected\n{expected}--- found\n{found}"))
}

fn outcome(status: i64, stdout: &str, stderr: &str, requests: usize, files_are_kept: bool) -> String {
    let files = if files_are_kept { "as they were" } else { "changed" };
    format!("exit code {status}, {requests} requests, files {files}\n{stdout}{stderr}")
}

/// Sets what has a value, unsets what is null.
fn change_environment(job: &mut Job, changes: &Value) {
    for (name, value) in changes.as_object().into_iter().flatten() {
        match value.as_str() {
            Some(value) => job.set(name, value),
            None => job.unset(name),
        };
    }
}

/// A text, or its lines.
fn text(value: &Value) -> String {
    match value.as_array() {
        Some(lines) => lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n"),
        None => value.as_str().unwrap().to_owned(),
    }
}
