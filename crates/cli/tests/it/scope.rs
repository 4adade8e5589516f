//! `--scope-policy` and `--scope-duration`: what is requested after the last role, what the user gets, and what is refused
//! before anything is sent.

mod found;
#[cfg(unix)]
mod renewed;

use local_sts::{Config, Fault, PlannedFault, Role};

use crate::chains::trusting;
use crate::support::{Job, ROLE, Run, next_step, project_policy};

const WORKLOAD: &str = "arn:aws:iam::222222222222:role/deploy";
const S3: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/deploy/CircleCI";

/// The example job, in a Region; a second role that its role may assume.
fn job_with(faults: Vec<PlannedFault>) -> Job {
    let mut job = Job::with(Config {
        roles: vec![
            Role::new(ROLE, &project_policy(testkit::example_ids::ORGANIZATION_ID)),
            Role::new(WORKLOAD, &trusting(ROLE, &serde_json::json!({}))),
        ],
        faults,
        ..Config::default()
    });
    job.set("AWS_REGION", "eu-west-1");
    job
}

fn job() -> Job {
    job_with(Vec::new())
}

/// A job whose requests for a scope are refused.
fn job_refused(fault: Fault) -> Job {
    job_with(vec![PlannedFault { role_arn: "GetScopedCredentials".to_owned(), fault, uses: None }])
}

/// The operations that STS was called for.
fn actions(job: &Job) -> Vec<String> {
    let requests = job.sts.requests();
    requests.iter().map(|request| request.parameter("Action").unwrap().to_owned()).collect()
}

#[test]
fn the_credentials_are_narrowed_after_the_last_role() {
    let job = job();
    let run = job.assume(&[
        "--chain-role-arn",
        WORKLOAD,
        "--scope-policy",
        S3,
        "--scope-duration",
        "5m",
        "--scope-description",
        "deploy, step 1",
    ]);
    run.expect(0, "assumed arn:aws:sts::222222222222:assumed-role/deploy/CircleCI until ")
        .expect(0, "STS limited these credentials to the scope policy and to 300 s\n");
    assert_eq!(actions(&job), ["AssumeRoleWithWebIdentity", "AssumeRole", "GetScopedCredentials"]);
    let request = &job.sts.requests()[2];
    assert_eq!(request.parameter("Policy"), Some(S3));
    assert_eq!(request.parameter("DurationSeconds"), Some("300"));
    assert_eq!(request.parameter("ScopedSessionDescription"), Some("deploy, step 1"));
    let signer = request.signer.as_ref().unwrap();
    assert_eq!(signer.arn, "arn:aws:sts::222222222222:assumed-role/deploy/CircleCI");
    let granted = job.sts.granted();
    assert_eq!(next_step(&job, &[], "echo $AWS_ACCESS_KEY_ID").trim(), granted[2].access_key_id);
    assert!(!job.read("bash_env").contains(&granted[1].access_key_id), "the wider ones are not passed on");
}

#[test]
#[cfg(unix)]
fn the_command_of_exec_has_the_narrowed_credentials() {
    let job = job();
    let script = "echo $AWS_ACCESS_KEY_ID $(env | grep -c SCOPE)";
    let run =
        job.run(&["exec", "--scope-policy", S3, "--scope-duration", "1m", "--", "/bin/sh", "-c", script]);
    run.expect(0, "STS limited these credentials to the scope policy and to 60 s\n");
    assert_eq!(run.stdout, format!("{} 0\n", job.sts.granted()[1].access_key_id));
}

#[test]
fn the_rest_of_the_session_is_not_computed_and_a_policy_may_be_a_file() {
    let job = job();
    let file = job.write("read-only.json", &format!("\n{S3}\n"));
    job.assume(&["--scope-policy", file.to_str().unwrap()])
        .expect(0, "limited these credentials to the scope policy\n");
    let request = &job.sts.requests()[1];
    assert_eq!(request.parameter("Policy"), Some(S3));
    assert_eq!(request.parameter("DurationSeconds"), None);
}

#[test]
fn what_narrows_nothing_is_refused_before_anything_is_sent() {
    let mut job = job();
    let long = format!("{{{}}}", " ".repeat(2047));
    for (flags, part) in [
        (&["--scope-policy", "[1]"][..], "there is no such file"),
        (&["--scope-policy", "{"], "the scope policy is not JSON: the error is at line 1"),
        (&["--scope-policy", &long], "the scope policy has 2049 characters; STS accepts 1 to 2048"),
        (&["--scope-duration", "0"], "invalid scope duration `0`; STS accepts 1s to 36h"),
        (
            &["--duration", "15m", "--scope-duration", "900"],
            "the scope lasts 900 s, and the session 900 s; expected less than the session's duration",
        ),
        (&["--scope-description", "alone"], "the scope has neither a policy nor a duration"),
        (&["--scope-duration", "5m", "--scope-description", "x"], "STS accepts 2 to 256"),
    ] {
        job.assume(flags).expect(2, part);
    }
    job.set("CIRCLECI_AWS_OIDC_SCOPE_POLICY", "$POLICY").set("POLICY", S3);
    job.assume(&[]).expect(2, "the whole policy is in a variable");
    assert_eq!(actions(&job), [""; 0]);
}

#[test]
fn only_the_endpoint_of_a_region_that_was_named_is_used() {
    let mut job = job();
    job.unset("AWS_REGION");
    let scope = ["--scope-duration", "5m"];
    job.assume(&scope)
        .expect(2, "no Region is set, and STS narrows credentials only at the endpoint of a Region")
        .expect(2, "hint: set `--region` or AWS_REGION to any Region that STS has");
    job.set("AWS_REGION", "us-east-1").set("AWS_ENDPOINT_URL_STS", "https://sts.amazonaws.com");
    job.assume(&scope)
        .expect(2, "`sts.amazonaws.com` is the global endpoint of STS, which does not narrow credentials")
        .expect(2, "hint: name the endpoint of a Region, such as `https://sts.eu-west-1.amazonaws.com`");
    assert_eq!(actions(&job), [""; 0]);
    // Without a Region that is set, the host's own counts.
    job.unset("AWS_REGION").set("AWS_ENDPOINT_URL_STS", "https://sts.eu-west-1.amazonaws.com");
    let run = job.run(&["preflight", "--scope-duration", "5m"]);
    assert!(
        run.stdout.contains("ok      scope           the credentials are limited to 300 s"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("problem"), "{}", run.stdout);
    job.unset("AWS_ENDPOINT_URL_STS");
    let run = job.run(&["preflight", "--scope-duration", "5m"]);
    let problem = run.stdout.lines().find(|line| line.starts_with("problem") && line.contains("scope"));
    assert!(problem.unwrap_or_default().contains("no Region is set"), "{}", run.stdout);
}

#[test]
fn a_refused_scope_leaves_everything_as_it_was_and_says_why() {
    for (fault, code, part) in [
        (Fault::ScopeDenied, "AccessDenied", "sts:GetScopedCredentials"),
        (Fault::InvalidSubject, "InvalidSubjectCredentials", ""),
    ] {
        let job = job_refused(fault);
        job.write("bash_env", "export A=1\n");
        let run = job.assume(&["--scope-policy", S3]);
        run.expect(4, &format!("cannot narrow the credentials of `{SESSION}`\n"))
            .expect(4, &format!("STS refused the request with `{code}`"))
            .expect(4, part)
            .expect(4, "hint: ");
        assert_eq!(job.read("bash_env"), "export A=1\n");
    }
}

#[test]
fn what_sts_tells_of_a_person_is_in_no_output_of_a_narrowed_session() {
    let job = job_with(vec![PlannedFault {
        role_arn: ROLE.to_owned(),
        fault: Fault::PropagatedIdentity,
        uses: None,
    }]);
    // The job searches what a run prints.
    job.assume(&["--scope-policy", S3]).succeeds();
    job.assert_no_secret_in(&[]);
    let written = job.read("bash_env");
    assert!(
        !written.contains(local_sts::PROPAGATED_SUBJECT) && !written.contains(local_sts::PROPAGATED_CLAIM)
    );
}

/// `--verify` calls with the narrowed credentials, whose ARN is the session's.
#[test]
fn the_identity_of_a_narrowed_session_is_verified() {
    let job = job();
    let run: Run = job.assume(&["--scope-policy", S3, "--verify"]);
    run.expect(0, "verified: ");
    let signers: Vec<_> = job.sts.requests().into_iter().filter_map(|request| request.signer).collect();
    let policies: Vec<_> = signers.iter().map(|signer| signer.scope_policies.len()).collect();
    assert_eq!(policies, [0, 1]);
    assert!(signers.iter().all(|signer| signer.arn == SESSION));
}
