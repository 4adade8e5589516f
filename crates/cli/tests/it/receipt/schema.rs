//! Receipts and docs/receipt-1.schema.json: a validator that others wrote finds each valid, and each field is documented.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::command::exec;
use super::{assume, denied, job, profiles, receipt, with_other, without_network};
use crate::support::{Job, Run};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/receipt-1.schema.json");

fn schema() -> Value {
    serde_json::from_str(&std::fs::read_to_string(SCHEMA).unwrap()).unwrap()
}

/// Runs of every kind, each with a receipt.
fn runs() -> Vec<(&'static str, Job, Run)> {
    let other = "arn:aws:iam::333333333333:role/other";
    let run = |name, job: Job, flags: &[&str]| {
        let run = assume(&job, flags);
        (name, job, run)
    };
    let of_profiles = |name, job: Job| {
        let run = profiles(&job);
        (name, job, run)
    };
    let of_exec = |name, job: Job, flags: &[&str], program: &str| {
        let run = exec(&job, flags, program);
        (name, job, run)
    };
    let known = denied();
    known.write("trust.json", &super::foreign_policy());
    vec![
        run("success", job(), &["--region", "eu-west-1", "--verify"]),
        run("limited", job(), &["--policy", "{}", "--policy-arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        run("chain", job(), &["--chain-role-arn", super::WORKLOAD]),
        run(
            "scope",
            job(),
            &["--region", "eu-west-1", "--scope-policy", r#"{"Statement":[]}"#, "--scope-duration", "5m"],
        ),
        run("denial", denied(), &[]),
        run("denial by a known policy", known, &["--trust-policy", "trust.json"]),
        run("dead network", without_network(), &["--max-attempts", "2"]),
        run("guard", job(), &["--allowed-account-id", "999999999999"]),
        run("no destination", job(), &["--to", "dotenv:missing/x.env"]),
        run("invalid settings", job(), &["--duration", "1s"]),
        of_exec("command", job(), &[], "true"),
        of_exec("command of a denied role", denied(), &[], "true"),
        of_exec("command without a network", without_network(), &["--max-attempts", "2"], "true"),
        of_exec("command behind a guard", job(), &["--allowed-account-id", "999999999999"], "true"),
        of_exec("no command", job(), &[], "no-such-program"),
        of_profiles("profiles", with_other(other)),
        of_profiles("profiles with a denial", with_other("arn:aws:iam::333333333333:role/elsewhere")),
    ]
}

/// The program's own tree has it where scripts/test.sh runs the tests.
fn validator() -> Option<Command> {
    let found = Command::new("check-jsonschema").arg("--version").output().is_ok();
    if !found {
        println!("skipped: no check-jsonschema");
    }
    found.then(|| Command::new("check-jsonschema"))
}

#[test]
fn the_validator_finds_every_receipt_valid_and_a_changed_one_not() {
    let Some(mut command) = validator() else { return };
    let runs = runs();
    command.args(["--schemafile", SCHEMA]);
    command.args(runs.iter().map(|(_, job, _)| job.path(super::FILE)));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let (_, job, _) = &runs[0];
    for (field, value) in [("error", Value::Null), ("command", "x".into()), ("outcome", "maybe".into())] {
        let mut invalid = receipt(job);
        invalid[field] = value;
        let path = job.write("invalid.json", &invalid.to_string());
        let mut command = validator().unwrap();
        let output = command.args(["--schemafile", SCHEMA]).arg(path).output().unwrap();
        assert!(!output.status.success(), "a receipt with another `{field}` is valid");
    }
}

#[test]
fn every_field_is_documented_and_every_required_field_is_there() {
    let schema = schema();
    for (name, job, run) in runs() {
        let receipt = receipt(&job);
        assert_eq!(receipt["$schema"], schema["$id"], "{name}");
        assert_eq!(receipt["exit_code"], run.status, "{name}: {}", run.stderr);
        let mut flaws = Vec::new();
        compare(&receipt, &schema, &schema, name, &mut flaws);
        assert!(flaws.is_empty(), "{flaws:#?}");
    }
}

/// Fields without a description, and required fields that are missing.
fn compare(value: &Value, schema: &Value, root: &Value, at: &str, flaws: &mut Vec<String>) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => &root["$defs"][reference.strip_prefix("#/$defs/").unwrap()],
        None => schema,
    };
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match schema["properties"].get(name) {
                    Some(of_field) => compare(field, of_field, root, &format!("{at}.{name}"), flaws),
                    None => flaws.push(format!("{at}.{name} is not in the schema")),
                }
            }
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            flaws.extend(
                required
                    .filter(|name| !fields.contains_key(*name))
                    .map(|name| format!("{at}.{name} is missing")),
            );
        }
        Value::Array(items) => {
            for item in items {
                compare(item, &schema["items"], root, at, flaws);
            }
        }
        _ => {}
    }
}

/// The first lines say which receipt it is; the order of the others is the schema's.
#[test]
fn the_fields_are_in_the_order_of_the_schema() {
    let schema = std::fs::read_to_string(SCHEMA).unwrap();
    let of_schema: Vec<&str> = fields(&schema, 4, "  \"properties\": {");
    let job = job();
    assume(&job, &[]).succeeds();
    let text = job.read(super::FILE);
    let of_receipt = fields(&text, 2, "{");
    let expected: Vec<&str> = of_schema.into_iter().filter(|name| *name != "error").collect();
    assert_eq!(of_receipt, expected);
    assert!(Path::new(SCHEMA).ends_with("receipt-1.schema.json"));
}

/// The names at this indentation after this line.
fn fields<'t>(text: &'t str, indent: usize, after: &str) -> Vec<&'t str> {
    let name = |line: &'t str| {
        let rest = line.strip_prefix(&" ".repeat(indent))?.strip_prefix('"')?;
        rest.split_once('"').map(|(name, _)| name)
    };
    let end = |line: &&str| line.len() - line.trim_start().len() >= indent || line.is_empty();
    text.lines().skip_while(|line| *line != after).skip(1).take_while(end).filter_map(name).collect()
}
