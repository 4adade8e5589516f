//! The jobs that workflows start: their names and arguments, a matrix, jobs of orbs, and what executors set.

use std::collections::BTreeMap;

use orb_runner::expand::{ExpandError, Job, expand};
use orb_runner::yaml::{BareWords, parse};

use super::command_of;

/// Executors with variables and parameters, and a job that three entries of workflows call.
const WITH_WORKFLOWS: &str = "
executors:
  small:
    parameters: {size: {type: string, default: s}}
    docker: [{image: i, environment: {FROM_IMAGE: image, BOTH: image}}, {image: db, environment: {OTHER: x}}]
    environment: {SIZE: << parameters.size >>, WHO: executor}
    shell: sh
jobs:
  plain: {docker: [{image: i, environment: {FROM_IMAGE: its own}}], steps: [run: x]}
  deploy:
    parameters: {env: {type: string}, size: {type: string, default: m}}
    executor: {name: small, size: << parameters.size >>}
    environment: {WHO: job, ENV: << parameters.env >>}
    steps: [run: deploy << parameters.env >>]
workflows:
  version: 2
  a:
    jobs:
      - plain
      - deploy: {name: deploy-staging, env: staging, context: c, requires: [plain], filters: {branches: {only: main}}}
      - deploy: {name: deploy-production, env: production, size: l, pre-steps: [run: first], post-steps: [run: last]}
  b:
    jobs: [deploy: {env: one}, deploy: {env: two}, deploy: {name: to-<< matrix.env >>, size: x, matrix: {parameters: {env: [a, b]}}}, hold: {type: approval}]
";

fn job_of(config: &str, name: &str) -> Result<Job, ExpandError> {
    expand(&parse(config, BareWords::AreBooleans).unwrap(), &BTreeMap::new(), name)
}

#[test]
fn a_name_of_a_workflow_is_the_job_with_its_arguments() {
    for (name, commands, size) in [
        ("deploy-staging", &["deploy staging"][..], "m"),
        ("deploy-production", &["first", "deploy production", "last"], "l"),
        ("deploy-1", &["deploy one"], "m"),
        ("deploy-2", &["deploy two"], "m"),
        ("to-b", &["deploy b"], "x"),
    ] {
        let job = job_of(WITH_WORKFLOWS, name).unwrap();
        assert_eq!(job.steps.iter().map(command_of).collect::<Vec<_>>(), commands, "{name}");
        assert_eq!((job.name.as_str(), job.environment["SIZE"].as_str()), (name, size));
    }
    let refused = job_of(WITH_WORKFLOWS, "deploy").unwrap_err().to_string();
    assert_eq!(refused, "Missing required argument(s): env");
    let unknown = job_of(WITH_WORKFLOWS, "deploy-stagin").unwrap_err().to_string();
    let known = "deploy, deploy-1, deploy-2, deploy-production, deploy-staging, hold, plain, to-a, to-b";
    assert_eq!(unknown, format!("the config has no job named `deploy-stagin`; expected one of {known}"));
}

#[test]
fn a_job_of_an_orb_takes_steps_of_the_config_and_has_commands_of_the_orb() {
    let orb = "
commands: {login: {steps: [run: the orb's login]}}
jobs:
  push:
    docker: [{image: i}]
    parameters: {auth: {type: steps}, repo: {type: string}}
    steps: [steps: << parameters.auth >>, login, run: push << parameters.repo >>]";
    let config = "
orbs: {registry: local}
commands: {login: {steps: [run: the config's login]}}
workflows: {w: {jobs: [registry/push: {repo: app, auth: [login]}]}}";
    let parsed = |text| parse(text, BareWords::AreBooleans).unwrap();
    let orbs = BTreeMap::from([("registry".to_owned(), parsed(orb))]);
    let job = expand(&parsed(config), &orbs, "registry/push").unwrap();
    let commands: Vec<_> = job.steps.iter().map(command_of).collect();
    assert_eq!(commands, ["the config's login", "the orb's login", "push app"]);
    let refused = |orbs: &BTreeMap<_, _>, job| expand(&parsed(config), orbs, job).unwrap_err().to_string();
    assert_eq!(refused(&BTreeMap::new(), "registry/push"), "missing packed orb for the import `registry`");
    let unknown = "the config has no job named `registry/pull`; expected one of registry/push";
    assert_eq!(refused(&orbs, "registry/pull"), unknown);
}

#[test]
fn the_variables_of_executor_and_image_are_the_jobs() {
    let job = job_of(WITH_WORKFLOWS, "deploy-staging").unwrap();
    let texts = |map: &BTreeMap<String, String>| {
        map.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(texts(&job.environment), "ENV=staging SIZE=m WHO=job");
    assert_eq!(texts(&job.image), "BOTH=image FROM_IMAGE=image");
    assert_eq!(job.shell.as_deref(), Some("sh"));
    assert_eq!(texts(&job_of(WITH_WORKFLOWS, "plain").unwrap().image), "FROM_IMAGE=its own");
    let unknown = job_of("jobs: {a: {executor: none, steps: []}}", "a").unwrap_err().to_string();
    assert_eq!(unknown, "Cannot find a definition for executor named none");
}
