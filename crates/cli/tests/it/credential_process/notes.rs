//! The notes of `credential-process`: none contradicts another.

use std::fs;

use local_sts::{Config, Role};
use testkit::Shape;

use super::cache::{cached, entry, seed, write_entry};
use super::{LINE, assert_logged, logged};
use crate::support::{Job, ROLE, Run, policy};

/// A job in whose cache are credentials that have to be renewed, and whose lock is not a file.
fn job_without_a_lock(trusts: &str) -> Job {
    let job = Job::with(Config { roles: vec![Role::new(ROLE, &policy(trusts))], ..Config::default() });
    let lock = seed(&job, &LINE, &entry(-3000, 600)).with_extension("lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    job
}

#[test]
fn credentials_from_the_cache_are_not_said_to_be_uncacheable() {
    let job = job_without_a_lock("org/somebody/else");
    assert_eq!(job.run(&LINE).succeeds().stderr, "");
    assert_logged(&job, "note: the previous credentials are used again, until 20", "");
    assert!(!logged(&job).concat().contains("cannot be cached"), "{:#?}", logged(&job));
    let own = format!("org/{}/*", testkit::example_ids::ORGANIZATION_ID);
    let job = job_without_a_lock(&own);
    assert_eq!(job.run(&LINE).succeeds().stderr, "");
    assert_logged(&job, "note: the credentials cannot be cached, so STS is called each time: ", "");
    assert!(!logged(&job).concat().contains("the previous credentials"), "{:#?}", logged(&job));
}

/// Whatever a success has to say, its tool reads JSON only.
#[test]
fn notes_of_every_kind_are_logged_and_not_printed() {
    let mut job = Job::new();
    let token = job.token(Shape::V1);
    job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN").set("CIRCLE_OIDC_TOKEN", &token);
    let ca = job.text("ca.pem");
    job.set("SSL_CERT_DIR", "nowhere").set("AWS_CA_BUNDLE", "").set("SSL_CERT_FILE", &ca);
    let line = [&LINE[..], &["--token-source", "circleci-v1"]].concat();
    assert_eq!(job.run(&line).succeeds().stderr, "");
    assert_logged(&job, "note: the token from CIRCLE_OIDC_TOKEN is V1", "");
    let before = logged(&job);
    // What is cached is printed without a note, and the notes of a minute are logged once.
    job.run(&line).succeeds();
    assert_eq!(logged(&job), before);
}

#[test]
fn people_see_what_tools_hide() {
    let job = job_without_a_lock("org/somebody/else");
    job.run(&LINE).succeeds();
    let kept = "the previous credentials are used again, until 20";
    let line = format!("`credential-process` 0 s ago: note: {kept}");
    let ignoring_age = |text: &str| text.replace(" 1 s ago", " 0 s ago").replace(" 2 s ago", " 0 s ago");
    let preflight = job.run(&["preflight", "--role-arn", ROLE]);
    assert!(
        ignoring_age(&preflight.stdout).contains(&format!("note    process-log     {line}")),
        "{}",
        preflight.stdout
    );
    let whoami = job.run(&["whoami"]);
    assert!(ignoring_age(&whoami.stderr).contains(&format!("note: {line}")), "{}", whoami.stderr);
    let shown = |run: &Run| run.stderr.lines().filter(|line| line.contains("credential-process")).count();
    assert!(shown(&whoami) <= 3, "{}", whoami.stderr);
    // A failure that follows shows it too, and is logged itself.
    write_entry(&cached(&job), &entry(-3700, -100));
    let run = job.run(&LINE);
    assert!(ignoring_age(&run.stderr).contains(&format!("  log: 0 s ago: note: {kept}")), "{}", run.stderr);
    run.expect(4, "error: cannot assume ");
    assert_logged(&job, "error: cannot assume ", "`AccessDenied`");
    let last = logged(&job).pop().unwrap();
    assert!(run.stderr.contains(last.strip_prefix("error: ").unwrap().split(": ").next().unwrap()));
    // An invalid setting has no cache yet, and a log.
    job.run(&[&LINE[..], &["--duration", "1s"]].concat()).expect(2, "error: `--duration` cannot be used\n");
    assert_logged(&job, "error: `--duration` cannot be used: ", "");
    job.write("home/.aws/config", "");
    job.run(&["clear", "--to", "profile:default"]).succeeds();
    assert_eq!(logged(&job), Vec::<String>::new());
}

#[test]
fn each_job_has_a_log_of_its_own() {
    let mut job = job_without_a_lock("org/somebody/else");
    for id in ["7", "8"] {
        job.set("CIRCLECI", "true").set("CIRCLE_WORKFLOW_JOB_ID", id);
        job.run(&[&LINE[..], &["--session-name", &format!("job-{id}")]].concat()).expect(4, "error: ");
    }
    let whoami = job.run(&["whoami"]);
    assert_eq!(whoami.stderr.matches(" ago: error: ").count(), 1, "{}", whoami.stderr);
    job.write("home/.aws/config", "");
    job.run(&["clear", "--to", "profile:default"]).succeeds();
    let errors = logged(&job).iter().filter(|line| line.contains("`AccessDenied`")).count();
    assert_eq!(errors, 1, "that of job 7");
}

#[test]
fn what_a_killed_call_has_left_goes_with_the_next_one_that_finds_cached_credentials() {
    let job = Job::new();
    let left = seed(&job, &LINE, &entry(-60, 3540)).with_file_name(".circleci-aws-oidc-0123456789abcdef.tmp");
    write_entry(&left, "a part of a log");
    job.run(&LINE).succeeds();
    assert!(!left.exists());
}
