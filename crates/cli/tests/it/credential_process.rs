//! `credential-process` as an AWS tool calls it: what it prints, what it goes by, and what it says when it can't.

mod cache;
mod callers;
mod clients;
mod failures;
mod mode;
mod notes;
mod origin;
mod settings_file;

use cache::DIRECTORY;
use local_sts::{Config, Fault, Role, unix_time_now};
use serde_json::{Value, json};
use testkit::example_ids::ORGANIZATION_ID;
use testkit::{JobToken, Shape};

use crate::support::files::mode;
use crate::support::{Job, ROLE, policy, project_policy};

const OTHER: &str = "arn:aws:iam::123456789012:role/other";

/// A line with all its settings, in a step that has none.
fn step() -> Job {
    let mut job = Job::new();
    job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN").unset("BASH_ENV");
    job
}

/// What was logged for the people of this job, without its times; nothing of it may be secret.
fn logged(job: &Job) -> Vec<String> {
    let directory = job.path(DIRECTORY);
    let paths = std::fs::read_dir(directory).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut lines = Vec::new();
    for path in paths.filter(|path| path.extension().is_some_and(|it| it == "log")) {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(mode(&path), 0o600);
        job.assert_no_secret_in(&[("log", text.as_bytes())]);
        lines.extend(text.lines().map(|line| line.split_once(' ').unwrap().1.to_owned()));
    }
    lines
}

/// Whether a line was logged that begins so and holds this.
#[track_caller]
fn assert_logged(job: &Job, start: &str, part: &str) {
    let lines = logged(job);
    let is_it = |line: &String| line.starts_with(start) && line.contains(part);
    assert!(lines.iter().any(is_it), "`{start}…{part}` is not in {lines:#?}");
}

const LINE: [&str; 3] = ["credential-process", "--role-arn", ROLE];

#[test]
fn awss_json_is_all_that_is_printed() {
    let job = step();
    let run = job.run(&LINE);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let granted = &job.sts.granted()[0];
    let printed: Value = serde_json::from_str(&run.stdout).unwrap();
    let expiration = printed["Expiration"].as_str().unwrap();
    let end: aws::Timestamp = expiration.parse().unwrap();
    assert_eq!((end.to_string().as_str(), end.unix_seconds()), (expiration, granted.expires_at));
    assert_eq!(
        printed,
        json!({
            "Version": 1,
            "AccessKeyId": granted.access_key_id,
            "SecretAccessKey": granted.secret_access_key,
            "SessionToken": granted.session_token,
            "Expiration": expiration,
            "AccountId": "123456789012",
        })
    );
    assert_eq!(run.stdout.lines().count(), 1);
}

#[test]
fn a_line_with_a_role_goes_by_no_variable_of_ours() {
    let mut job = step();
    for (name, value) in [
        ("CIRCLECI_AWS_OIDC_ROLE_ARN", OTHER),
        ("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", OTHER),
        ("CIRCLECI_AWS_OIDC_SESSION_NAME", "$NOT_SET"),
        ("CIRCLECI_AWS_OIDC_TOKEN_SOURCE", "file:/nowhere"),
        ("CIRCLECI_AWS_OIDC_POLICY", "{"),
        ("CIRCLECI_AWS_OIDC_STS_ENDPOINT", "https://nowhere.invalid"),
        ("CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "123456789012"),
        ("CIRCLECI_AWS_OIDC_COLOR", "pink"),
        ("CIRCLECI_AWS_OIDC_OF_ANOTHER_VERSION", "1"),
    ] {
        job.set(name, value);
    }
    job.run(&[&LINE[..], &["--session-name", "line"]].concat()).succeeds();
    let requests = job.sts.requests();
    assert_eq!(requests.len(), 1, "no chain");
    assert_eq!(requests[0].parameter("RoleArn"), Some(ROLE));
    assert_eq!(requests[0].parameter("RoleSessionName"), Some("line"));
}

#[test]
fn without_a_role_the_variables_say_everything() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_SESSION_NAME", "$WHO").set("WHO", "variable");
    job.run(&["credential-process"]).succeeds();
    assert_eq!(job.sts.requests()[0].parameter("RoleSessionName"), Some("variable"));
    job.set("CIRCLECI_AWS_OIDC_CHAIN_ROLE", OTHER);
    job.run(&["credential-process"])
        .expect(2, "`CIRCLECI_AWS_OIDC_CHAIN_ROLE` is not a setting of this version");
    step()
        .run(&["credential-process"])
        .expect(2, "error: `--role-arn` (CIRCLECI_AWS_OIDC_ROLE_ARN) is required");
    step()
        .run(&["credential-process", "--role-arn", ""])
        .expect(2, "error: `--role-arn` (CIRCLECI_AWS_OIDC_ROLE_ARN) is required");
}

#[test]
fn a_refusal_is_told_as_assume_tells_it() {
    let roles = vec![Role::new(ROLE, &policy("org/somebody/else"))];
    let mut job = Job::with(Config { roles, ..Config::default() });
    job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN");
    let run = job.run(&LINE);
    run.expect(4, &format!("error: cannot assume `{ROLE}`\n")).expect(4, "`AccessDenied`: ");
    run.expect(4, "`; V2 token\n").expect(4, "hint: ");
    assert_eq!(run.stdout, "");
}

#[test]
fn guards_hold_for_every_call() {
    let job = step();
    let guarded = |flag: &str, account: &str| job.run(&[&LINE[..], &[flag, account]].concat());
    guarded("--allowed-account-id", "210987654321").expect(7, "123456789012");
    guarded("--forbidden-account-id", "123456789012").expect(7, "123456789012");
    job.run(&[&LINE[..], &["--refuse-ssh-rerun"]].concat()).succeeds();
    assert_eq!(job.sts.requests().len(), 1);
    let mut job = step();
    let token = JobToken { ssh_rerun: true, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &token);
    job.run(&[&LINE[..], &["--refuse-ssh-rerun"]].concat()).expect(7, "SSH");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn an_answer_that_never_comes_is_given_up_at_the_deadline() {
    let job = Job::with_fault(Fault::Hang, None);
    let begun = std::time::Instant::now();
    job.run(&[&LINE[..], &["--deadline", "2s", "--max-attempts", "1"]].concat())
        .expect(5, "caused by: STS was not reached at `");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

/// With CircleCI's program in the image, which gives a fresh token.
fn on_circleci(token: &JobToken) -> Job {
    let mut job = step();
    job.set_token("CIRCLE_OIDC_TOKEN_V2", token);
    let path = format!("{}:/usr/bin:/bin", job.text("image"));
    job.set("CIRCLECI", "true").set("PATH", &path).set("CIRCLE_ORGANIZATION_ID", ORGANIZATION_ID);
    job.write_program("image/circleci", "#!/bin/sh\ncat minted\n");
    let fresh = job.token(Shape::V2);
    job.keep_secret(&fresh);
    job.write("minted", &fresh);
    job
}

#[test]
fn a_token_that_has_expired_is_replaced_by_a_fresh_one() {
    let now = unix_time_now();
    let job = step();
    let expired = JobToken { issued_at: now - 3700, expires_at: now - 100, ..job.fresh() };
    let job = on_circleci(&JobToken { ..expired });
    let run = job.run(&LINE);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "nothing but JSON");
    assert_eq!(job.sts.requests()[0].parameter("WebIdentityToken"), Some(job.read("minted").as_str()));
    // A source that can't give another one ends with its token.
    job.run(&[&LINE[..], &["--token-source", "circleci-v2"]].concat())
        .expect(3, "the token from CIRCLE_OIDC_TOKEN_V2 expired at ");
}

#[test]
fn without_a_home_every_call_asks_and_is_silent() {
    let mut job = step();
    job.unset("HOME");
    for calls in 1..=2 {
        let run = job.run(&LINE);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.starts_with("{\"Version\":1,"));
        assert_eq!(job.sts.requests().len(), calls);
    }
}

#[test]
fn each_request_has_credentials_of_its_own() {
    let roles = [ROLE, OTHER].map(|role| Role::new(role, &project_policy(ORGANIZATION_ID))).to_vec();
    let mut job = Job::with(Config { roles, ..Config::default() });
    job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN");
    for _ in 0..2 {
        for role in [ROLE, OTHER] {
            let run = job.run(&["credential-process", "--role-arn", role]);
            let granted = job.sts.granted();
            let own = granted.iter().find(|granted| granted.role_arn == role).unwrap();
            assert!(run.succeeds().stdout.contains(&own.access_key_id), "{role}");
        }
    }
    assert_eq!(job.sts.requests().len(), 2);
}
