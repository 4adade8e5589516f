//! The workflow of docs/github-actions.md, step by step in a runner that is played: what a user copies has to work.

use std::process::Command;

use orb_runner::yaml::{self, BareWords, Value};

use crate::support::github_job::{ARN, fresh, given, job_with};
use crate::support::{Job, runner};

/// The binary's address in this version's release.
const URL: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/releases/download/v",
    env!("CARGO_PKG_VERSION"),
    "/circleci-aws-oidc-linux-x86_64"
);

/// The workflow as the page prints it.
pub(super) fn printed() -> &'static str {
    let page = include_str!("../../../../../docs/github-actions.md");
    page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap()
}

fn workflow() -> Value {
    yaml::parse(printed(), BareWords::AreBooleans).unwrap()
}

fn text_at<'a>(step: &'a Value, path: &[&str]) -> Option<&'a str> {
    step.at(path).and_then(Value::as_text)
}

/// Programs of the image: a download that gives this build, and an AWS CLI that is our own `whoami`.
/// Returns the digest that the workflow has to name.
pub(super) fn image(job: &mut Job) -> String {
    let binary = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let curl = format!(
        "#!/bin/sh\nwhile [ $# -gt 1 ]; do case $1 in --output) out=$2 ;; esac; shift; done\n\
         [ \"$1\" = {URL} ] && cp {binary} \"$out\"\n"
    );
    for (name, script) in [
        ("curl", curl.as_str()),
        ("aws", "#!/bin/sh\n[ \"$*\" = 'sts get-caller-identity' ] && exec circleci-aws-oidc whoami\n"),
    ] {
        job.write_program(&format!("image/{name}"), script);
    }
    std::fs::create_dir(job.path("temp")).unwrap();
    let (path, temp) = (job.write("path", "").display().to_string(), job.text("temp"));
    job.set("GITHUB_PATH", &path).set("RUNNER_TEMP", &temp).unset("CIRCLECI_AWS_OIDC_ROLE_ARN");
    let digest = Command::new("sha256sum").arg(binary).output().unwrap();
    String::from_utf8(digest.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn the_workflow_of_the_page_ends_as_the_role() {
    let (mut job, _endpoint) = job_with(Vec::new(), |issuer| vec![given(&fresh(), issuer)]);
    let digest = image(&mut job);
    let workflow = workflow();
    assert_eq!(text_at(&workflow, &["permissions", "id-token"]), Some("write"));
    let steps = workflow.at(&["jobs", "deploy", "steps"]).and_then(Value::as_list).unwrap();
    let mut output = String::new();
    for step in steps {
        let mut own = Vec::new();
        for (name, value) in step.at(&["env"]).and_then(Value::as_map).into_iter().flatten() {
            let value = if name == "SHA256" { &digest } else { value.as_text().unwrap() };
            job.set(name, if name.ends_with("ROLE_ARN") { crate::support::ROLE } else { value });
            own.push(name.as_str());
        }
        let search = format!("{}:{}:/usr/bin:/bin", job.read("path").trim(), job.text("image"));
        job.set("PATH", &search);
        let run = job.bash(text_at(step, &["run"]).unwrap());
        run.succeeds();
        let masks = runner::masks(&run.stdout);
        assert_eq!(masks.len(), if text_at(step, &["id"]) == Some("aws") { 2 } else { 0 }, "{}", run.stderr);
        output = run.stdout;
        for name in own {
            job.unset(name);
        }
        runner::end_step(&mut job);
    }
    assert!(output.contains(&format!("arn: {ARN}\n")), "{output}");
    assert_eq!(job.value("AWS_DEFAULT_REGION"), "eu-west-1");
}
