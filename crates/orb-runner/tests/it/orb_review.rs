//! The rules of CircleCI's orb review, and some of our own, for this project's orb.
//!
//! RC010 (names in snake case) is excluded on purpose: users know these commands by their kebab-case names from other
//! orbs. RC006 and RC007 need the network; RC012 concerns cache keys.

mod examples;
mod twins;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use orb_runner::expand::{Job, Step, expand};
use orb_runner::pack::{Pins, pack};
use orb_runner::yaml::{BareWords, Map, Value, parse};

/// The longest command that the review allows without an include.
const LONGEST_INLINE_COMMAND: usize = 64;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../orb/src")
}

fn packed() -> Value {
    pack(&source(), &Pins::default()).unwrap()
}

/// The elements of a section as they are written, with includes.
fn written(section: &str) -> Vec<(String, Value)> {
    let Ok(entries) = fs::read_dir(source().join(section)) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.display().to_string(), parse(&text, BareWords::AreRefused).unwrap())
        })
        .collect()
}

fn text_at<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.at(path).and_then(Value::as_text).unwrap_or_default()
}

/// Every value under a `run` key, at any depth.
fn runs(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(list) => list.iter().flat_map(runs).collect(),
        Value::Map(map) => {
            map.iter().flat_map(|(key, value)| if key == "run" { vec![value] } else { runs(value) }).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn rc001_rc005_the_orb_says_what_it_is_and_where_it_comes_from() {
    let orb = packed();
    assert!(text_at(&orb, &["description"]).len() >= 64);
    for key in ["source_url", "home_url"] {
        assert_eq!(text_at(&orb, &["display", key]), env!("CARGO_PKG_REPOSITORY"), "{key}");
    }
}

#[test]
fn rc002_every_component_and_parameter_is_described() {
    for section in ["commands", "executors", "jobs", "examples"] {
        for (file, element) in written(section) {
            assert!(!text_at(&element, &["description"]).is_empty(), "{file}");
            for (name, parameter) in element.at(&["parameters"]).and_then(Value::as_map).into_iter().flatten()
            {
                let description = text_at(parameter, &["description"]);
                assert!(!description.is_empty(), "{file}: {name}");
                let is_optional = parameter.at(&["default"]).is_some();
                assert_eq!(is_optional, description.contains("Default"), "{file}: {name} names its default");
            }
        }
    }
}

#[test]
fn rc008_rc009_every_run_has_a_name_and_long_commands_are_files() {
    let mut seen = 0;
    for (file, element) in [written("commands"), written("jobs")].concat() {
        for run in runs(&element) {
            seen += 1;
            assert!(!text_at(run, &["name"]).is_empty(), "{file}: a run without a name");
            let command = text_at(run, &["command"]);
            assert!(!command.is_empty(), "{file}: a run without a command");
            assert!(
                command.len() <= LONGEST_INLINE_COMMAND || command.contains("<<include("),
                "{file}: {command}"
            );
        }
    }
    assert!(seen > 0, "the orb runs nothing");
}

#[test]
fn values_reach_a_script_through_its_environment_alone() {
    for (file, element) in [written("commands"), written("jobs")].concat() {
        for run in runs(&element) {
            for key in ["name", "command"] {
                assert!(!text_at(run, &[key]).contains("<< parameters"), "{file}: a parameter in `{key}`");
            }
            for name in run.at(&["environment"]).and_then(Value::as_map).into_iter().flat_map(Map::keys) {
                assert!(
                    name.starts_with("CIRCLECI_AWS_OIDC_") || name.starts_with("INSTALL_AWS_OIDC_"),
                    "{file}: {name}"
                );
            }
        }
    }
}

fn expand_call(command: &str, arguments: &str) -> Job {
    let config =
        format!("orbs: {{aws-oidc: local}}\njobs: {{j: {{steps: [aws-oidc/{command}: {arguments}]}}}}");
    let config = parse(&config, BareWords::AreBooleans).unwrap();
    expand(&config, &BTreeMap::from([("aws-oidc".to_owned(), packed())]), "j").unwrap()
}

#[test]
fn every_command_expands_with_its_required_parameters_alone() {
    let table = [
        ("install", "{}", vec!["Install circleci-aws-oidc"]),
        (
            "aws-configure-credentials",
            "{role-arn: r}",
            vec!["Install circleci-aws-oidc", "Assume the AWS role"],
        ),
        ("aws-configure-credentials", "{role-arn: r, install: false}", vec!["Assume the AWS role"]),
        (
            "aws-configure-credentials",
            "{role-arn: r, shell: sh}",
            vec!["Install circleci-aws-oidc", "Assume the AWS role"],
        ),
        (
            "assume-role-with-web-identity",
            "{role-arn: r}",
            vec!["Install circleci-aws-oidc", "Assume the AWS role"],
        ),
        (
            "aws-configure-profiles",
            "{config-file: f}",
            vec!["Install circleci-aws-oidc", "Assume the AWS roles"],
        ),
        ("aws-configure-profiles", "{config: c, install: false, shell: sh}", vec!["Assume the AWS roles"]),
        ("whoami", "{}", vec!["Install circleci-aws-oidc", "Show the identity of the AWS credentials"]),
        ("whoami", "{install: false, shell: sh}", vec!["Show the identity of the AWS credentials"]),
        ("clear-credentials", "{}", vec!["Clear the AWS credentials"]),
        (
            "preflight",
            "{role-arn: r}",
            vec!["Install circleci-aws-oidc", "Check the settings for the AWS role"],
        ),
    ];
    for (command, arguments, names) in &table {
        let job = expand_call(command, arguments);
        let found: Vec<_> =
            job.steps.iter().map(|step| if let Step::Run(step) = step { &*step.name } else { "" }).collect();
        assert_eq!(&found, names, "{command} {arguments}");
    }
    let orb = packed();
    for command in orb.at(&["commands"]).and_then(Value::as_map).unwrap().keys() {
        assert!(table.iter().any(|(tested, ..)| tested == command), "{command} is not in the table");
    }
}

#[test]
fn the_pinned_version_is_the_workspace_version() {
    let pins = fs::read_to_string(source().join("scripts/pins.txt")).unwrap();
    assert_eq!(pins.lines().next(), Some(concat!("version=", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn a_command_passes_its_install_settings_on_with_the_same_defaults() {
    let orb = packed();
    let parameters =
        |command: &str| orb.at(&["commands", command, "parameters"]).and_then(Value::as_map).unwrap().clone();
    let commands = orb.at(&["commands"]).and_then(Value::as_map).unwrap().keys();
    let installing: Vec<_> =
        commands.filter(|command| parameters(command.as_str()).contains_key("install")).collect();
    assert_eq!(
        installing,
        [
            "assume-role-with-web-identity",
            "aws-configure-credentials",
            "aws-configure-profiles",
            "preflight",
            "whoami"
        ]
    );
    for command in installing {
        let outer = parameters(command);
        for (name, parameter) in parameters("install") {
            let default = parameter.at(&["default"]);
            let passed_on = outer.get(&name).and_then(|outer| outer.at(&["default"]));
            assert_eq!(passed_on, default, "{command}: {name}");
        }
    }
}
