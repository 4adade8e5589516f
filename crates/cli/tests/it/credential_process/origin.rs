//! Kept credentials are those of the STS that they came from: another host, or other roots, are another request.

use std::process::Command;

use serde_json::Value;

use crate::support::serving::Serving;
use crate::support::{Job, ROLE, Run};

const LINE: [&str; 3] = ["credential-process", "--role-arn", ROLE];
const MODE: [&str; 2] = ["--mode", "credential-process"];
const GIVE_UP: [&str; 4] = ["--deadline", "2s", "--max-attempts", "1"];

fn access_key_id(run: &Run) -> String {
    let printed: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    printed["AccessKeyId"].as_str().unwrap().to_owned()
}

/// A job of CircleCI without settings of ours.
fn job() -> Job {
    let mut job = Job::new();
    job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN").set("CIRCLE_WORKFLOW_JOB_ID", "1").set("AWS_REGION", "eu-west-1");
    job
}

/// A later step of the job, with no way to AWS and no token.
fn deploy(job: &mut Job) -> Run {
    for name in ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "CIRCLE_OIDC_TOKEN_V2"] {
        job.unset(name);
    }
    job.run(&[&LINE[..], &GIVE_UP].concat())
}

#[test]
fn credentials_of_a_rehearsal_are_not_handed_to_a_step_that_calls_aws() {
    for variable in ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"] {
        let mut job = job();
        let endpoint = job.sts.endpoint().to_owned();
        job.unset("AWS_ENDPOINT_URL_STS").set(variable, &endpoint);
        let rehearsed = job.run(&LINE);
        let kept = job.run(&[&LINE[..], &["--sts-endpoint", &endpoint]].concat());
        assert_eq!(access_key_id(&kept), access_key_id(&rehearsed), "the same host, whatever names it");
        assert_eq!(job.sts.requests().len(), 1);
        let run = deploy(&mut job);
        assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{variable}: {}", run.stderr);
    }
}

#[test]
fn credentials_that_assume_keeps_for_a_profile_are_not_handed_to_a_step_that_calls_aws() {
    let mut job = job();
    job.assume(&[&MODE[..], &["--role-arn", ROLE]].concat()).succeeds();
    let run = deploy(&mut job);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{}", run.stderr);
}

#[test]
fn credentials_of_one_sts_are_not_those_of_another() {
    let (one, mut other) = (job(), job());
    let home = one.text("home");
    other.set("HOME", &home);
    let keys = [access_key_id(&one.run(&LINE)), access_key_id(&other.run(&LINE))];
    assert_ne!(keys[0], keys[1]);
    assert_eq!(keys, [access_key_id(&one.run(&LINE)), access_key_id(&other.run(&LINE))]);
    assert_eq!((one.sts.requests().len(), other.sts.requests().len()), (1, 1));
}

#[test]
fn the_certificates_of_a_bundle_count_and_not_its_path() {
    let (mut job, other) = (job(), Job::new());
    let first = access_key_id(&job.run(&LINE));
    let pem = job.read("ca.pem");
    job.write("copy.pem", &format!("# The same certificate in another file.\n{pem}\n{pem}"));
    job.write("more.pem", &format!("{pem}\n{}", other.sts.ca_pem()));
    for (name, file, is_same) in [
        ("AWS_CA_BUNDLE", "copy.pem", true),
        ("AWS_CA_BUNDLE", "more.pem", false),
        ("SSL_CERT_FILE", "copy.pem", true),
    ] {
        let path = job.text(file);
        job.unset("AWS_CA_BUNDLE").set(name, &path);
        assert_eq!(access_key_id(&job.run(&LINE)) == first, is_same, "{name} {file}");
    }
    assert_eq!(job.sts.requests().len(), 2);
}

#[test]
fn a_profiles_line_repeats_host_and_bundle_for_a_caller_that_has_no_variable() {
    let mut job = job();
    for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        job.unset("AWS_CA_BUNDLE").set(name, "ca.pem");
        job.assume(&[&MODE[..], &["--role-arn", ROLE]].concat()).succeeds();
        let config = job.read("home/.aws/config");
        let line = config.lines().find_map(|line| line.strip_prefix("credential_process = ")).unwrap();
        let repeated = format!("--sts-endpoint {}/ --ca-bundle {}", job.sts.endpoint(), job.text("ca.pem"));
        assert!(line.contains(&repeated), "{line}");
        // As tox starts it, and where a later step has an endpoint for other services.
        for (name, value) in [("PATH", "/usr/bin:/bin"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")] {
            let run = Command::new("sh").args(["-c", line]).env_clear().env(name, value).output().unwrap();
            let run = Run::from(&run);
            assert_eq!(access_key_id(run.succeeds()), job.sts.granted().last().unwrap().access_key_id);
        }
    }
    assert_eq!(job.sts.requests().len(), 2, "those of `assume`");
}

#[test]
fn an_endpoint_of_a_rehearsal_is_not_found_by_a_step_that_calls_another_sts() {
    let (mut job, other) = (job(), Job::new());
    job.set("CIRCLECI_AWS_OIDC_ROLE_ARN", ROLE);
    let serving = Serving::start(&job, &[]);
    job.assume(&["--mode", "endpoint"]).succeeds();
    let pem = format!("{}\n{}", job.read("ca.pem"), other.sts.ca_pem());
    job.write("ca.pem", &pem);
    job.assume(&["--mode", "endpoint", "--deadline", "3s"])
        .expect(6, "no `serve` with these settings has written its endpoint descriptor");
    serving.stop(&job);
}

/// What only this run can read, AWS tools could not: they run the line later.
#[test]
fn a_line_that_no_aws_tool_could_run_is_not_written() {
    let mut job = job();
    job.set("SSL_CERT_DIR", "one:two");
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let command = format!("{program} assume {} --role-arn {ROLE}", MODE.join(" "));
    for (before, after, name) in [
        ("", "--ca-bundle <(cat ca.pem)", "(--ca-bundle) is a pipe"),
        ("", "--ca-bundle /dev/stdin <ca.pem", "`/dev/stdin` (--ca-bundle)"),
        ("", "--token-source file:<(printenv CIRCLE_OIDC_TOKEN_V2)", "(--token-source) is a pipe"),
        ("AWS_CA_BUNDLE=/dev/fd/3", "3< <(cat ca.pem)", "`/dev/fd/3` (AWS_CA_BUNDLE)"),
        ("AWS_CA_BUNDLE=", "", "SSL_CERT_DIR names several directories"),
    ] {
        job.bash(&format!("{before} {command} {after}")).expect(6, name);
        assert!(!job.path("home/.aws/config").exists(), "{name}");
    }
    assert_eq!(job.sts.requests().len(), 0);
    job.bash(&format!("{program} assume --to dotenv:out.env --role-arn {ROLE} --ca-bundle <(cat ca.pem)"))
        .succeeds();
}
