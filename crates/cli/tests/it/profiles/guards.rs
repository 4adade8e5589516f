//! Which jobs `profiles` serves, and with a token for whom: refused before anything is sent, as by `assume`.

use local_sts::{Config, Role};
use testkit::example_ids::ORGANIZATION_ID;
use testkit::{JobToken, Shape};

use crate::support::files::snapshot;
use crate::support::many_roles::profiles;
use crate::support::{Job, ROLE, Run, project_policy};

const TEXT: &str = "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\n\
                    [profile b]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\nrole_session_name = second\n";

/// A job of the example project, as CircleCI names it.
fn job() -> Job {
    let mut job = Job::new();
    job.set("CIRCLE_PROJECT_USERNAME", "example-org").set("CIRCLE_PROJECT_REPONAME", "example-app");
    job.write("roles.ini", TEXT);
    job
}

fn run(job: &Job, flags: &[&str]) -> Run {
    job.run(&[&["profiles", "--config-file", "roles.ini"], flags].concat())
}

/// Refused with these words; nothing is sent and nothing is written.
#[track_caller]
fn assert_refused(job: &Job, flags: &[&str], status: i32, said: &str) {
    let before = snapshot(job);
    let run = run(job, flags);
    run.expect(status, said);
    assert_eq!((job.sts.requests().len(), run.stdout.as_str()), (0, ""));
    assert_eq!(snapshot(job), before);
}

#[test]
fn an_ordinary_job_passes_both_guards() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_REFUSE_SSH_RERUN", "1");
    run(&job, &["--refuse-fork"]).expect(0, "profiles written: 2;");
    job.set("CIRCLECI_AWS_OIDC_REFUSE_SSH_RERUN", "maybe");
    run(&job, &[]).expect(2, "invalid value `maybe`; expected 1, 0, true, false");
}

#[test]
fn a_rerun_with_ssh_and_a_fork_are_refused_where_that_is_asked_for() {
    let mut job = job();
    let token = JobToken { ssh_rerun: true, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &token);
    let said = "error: the token from CIRCLE_OIDC_TOKEN_V2 says that this job was re-run with SSH\n";
    assert_refused(&job, &["--refuse-ssh-rerun"], 7, said);
    job.set("CIRCLE_PR_NUMBER", "7");
    let said = "error: this job builds a fork's pull request: CIRCLE_PR_NUMBER is set\n";
    assert_refused(&job, &["--refuse-fork"], 7, said);
    run(&job, &[]).succeeds();
}

#[test]
fn each_token_that_could_be_shown_is_judged() {
    let mut job = job();
    // A V2 token that passes, and a V1 token behind it that does not.
    let token = JobToken { shape: Shape::V1, ssh_rerun: true, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN", &token);
    let said = "the token from CIRCLE_OIDC_TOKEN says that this job was re-run with SSH\n";
    assert_refused(&job, &["--refuse-ssh-rerun"], 7, said);
    job.assume(&["--refuse-ssh-rerun"]).expect(7, said);
    run(&job, &["--refuse-ssh-rerun", "--token-source", "circleci-v2"]).succeeds();
}

#[test]
fn a_token_for_somebody_else_is_refused_or_replaced() {
    let policy = project_policy(ORGANIZATION_ID).replace(&format!("\"{ORGANIZATION_ID}\""), "\"a.example\"");
    let mut job = Job::with(Config {
        client_ids: vec!["a.example".to_owned()],
        roles: vec![Role::new(ROLE, &policy)],
        ..Config::default()
    });
    job.write("roles.ini", TEXT);
    let said = format!(
        "error: the token from CIRCLE_OIDC_TOKEN_V2 has the audience `{ORGANIZATION_ID}`; expected `a.example`\n"
    );
    assert_refused(&job, &["--audience", "a.example", "--token-source", "circleci-v2"], 3, &said);
    let minted = JobToken { audience: "a.example".into(), ..job.fresh() }.mint(job.sts.issuer()).unwrap();
    job.keep_secret(&minted);
    job.write_program("image/circleci", "#!/bin/sh\nprintf '%s\\n' \"$@\" >>calls; cat minted\n");
    job.write("minted", &minted);
    let path = format!("{}:/usr/bin:/bin", job.text("image"));
    job.set("CIRCLECI", "true").set("PATH", &path).set("CIRCLECI_AWS_OIDC_AUDIENCE", "a.example");
    profiles(&job, TEXT).expect(0, ": a fresh one from `circleci run oidc get` is used\n");
    assert_eq!(job.read("calls"), "run\noidc\nget\n--claims\n{\"aud\":\"a.example\"}\n", "one for all roles");
    assert_eq!(job.sts.granted().len(), 2);
}

#[test]
fn the_token_behind_the_first_is_for_the_same_audience_or_not_shown() {
    let mut job = Job::with(Config {
        roles: vec![Role::new(ROLE, &crate::support::policy("*/none"))],
        ..Config::default()
    });
    job.write("roles.ini", TEXT);
    let other = JobToken { shape: Shape::V1, audience: "a.example".into(), ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN", &other);
    let flags = ["--audience", ORGANIZATION_ID];
    job.assume(&flags).expect(4, "AccessDenied");
    assert_eq!(job.sts.requests().len(), 1);
    run(&job, &flags).expect(4, "AccessDenied");
    assert_eq!(job.sts.requests().len(), 3);
    run(&job, &[]).expect(4, "`a.example` is not among the audiences");
    assert_eq!(job.sts.requests().len(), 7, "where nothing is said about it, both are shown");
}
