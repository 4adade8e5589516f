//! The three verbs of `trust` on each other's words: what is generated passes the lint, lets in the token that it
//! was made from, and nobody who resembles it.

mod random_flags;

use local_sts::{Config, Role};
use testkit::{JobToken, Shape};

use crate::support::{Job, ROLE};

/// What the policy of these flags says to the job's token after a change.
fn verdict(job: &mut Job, change: impl FnOnce(&mut JobToken)) -> i32 {
    let mut token = job.fresh();
    change(&mut token);
    job.set_token("TRIED", &token);
    let run = job.run(&["trust", "test", "--policy", "policy.json", "--token-source", "env:TRIED"]);
    let word = run.stdout.lines().next().unwrap_or_default().to_owned();
    assert_eq!(word == "verdict: allowed", run.status == 0, "{}{}", run.stdout, run.stderr);
    run.status
}

fn generated(job: &Job, flags: &[&str]) {
    let made = job.run(&[&["trust", "generate", "--role-arn", ROLE], flags].concat());
    made.succeeds();
    job.write("policy.json", &made.stdout);
    let linted = job.run(&["trust", "lint", "policy.json"]);
    assert_eq!((linted.status, linted.stdout.as_str()), (0, ""), "{}", linted.stderr);
}

fn a_fork(token: &mut JobToken) {
    token.vcs_origin = String::from("github.com/somebody/example-app");
}

fn another_project(token: &mut JobToken) {
    token.project_id = String::from("22222222-2222-4222-8222-222222222222");
}

fn a_crafted_branch(token: &mut JobToken) {
    token.vcs_ref = format!("refs/heads/x/vcs-origin/{}/vcs-ref/refs/heads/main", token.vcs_origin);
}

#[test]
fn a_project_gets_a_policy_for_itself_alone() {
    let mut job = Job::new();
    generated(&job, &[]);
    assert_eq!(verdict(&mut job, |_| ()), 0);
    assert_eq!(verdict(&mut job, |token| token.shape = Shape::V1), 0);
    assert_eq!(verdict(&mut job, another_project), 8);
}

#[test]
fn a_branch_gets_a_policy_that_no_other_name_passes() {
    let mut job = Job::new();
    generated(&job, &["--branch", "main"]);
    assert_eq!(verdict(&mut job, |_| ()), 0);
    assert_eq!(verdict(&mut job, |token| token.vcs_ref = "refs/heads/main2".to_owned()), 8);
    assert_eq!(verdict(&mut job, |token| token.shape = Shape::V1), 8);
    for change in [another_project, a_fork, a_crafted_branch] {
        assert_eq!(verdict(&mut job, change), 8);
    }
}

#[test]
fn every_format_that_trust_writes_passes_its_lint() {
    let job = Job::new();
    for (format, file) in [("terraform", "role.tf"), ("cloudformation", "role.yaml"), ("json", "role.json")] {
        let flags = ["trust", "generate", "--role-arn", ROLE, "--branch", "release/*", "--format", format];
        let made = job.run(&flags);
        made.succeeds();
        job.write(file, &made.stdout);
        let linted = job.run(&["trust", "lint", file]);
        assert_eq!((linted.status, linted.stdout.as_str()), (0, ""), "{format}: {}", linted.stderr);
        assert!(!linted.stderr.contains("no trust policy"), "{format}: {}", linted.stderr);
    }
}

#[test]
fn a_policy_with_a_secret_in_it_is_not_written() {
    let mut job = Job::new();
    job.set("PARTNER_SECRET", "partner-shared-value-4711");
    let workload = ["--workload-role-arn", "arn:aws:iam::222222222222:role/w", "--format", "terraform"];
    for (external_id, status) in [("partner-shared-value-4711", 2), ("partner-4711", 0)] {
        let flags = ["trust", "generate", "--role-arn", ROLE, "--external-id", external_id];
        let run = job.run(&[&flags[..], &workload].concat());
        run.expect(status, if status == 2 { "the policy would hold a secret of this job" } else { "" });
        assert_eq!(run.stdout.contains(external_id), status == 0);
        assert!(!run.stdout.contains("[withheld]"));
    }
}

#[test]
fn what_iam_prints_can_be_tried_as_it_is() {
    let mut job = Job::new();
    generated(&job, &[]);
    let policy = job.read("policy.json");
    job.write(
        "policy.json",
        &format!(r#"{{"Role": {{"RoleName": "deploy", "AssumeRolePolicyDocument": {policy}}}}}"#),
    );
    assert_eq!(verdict(&mut job, |_| ()), 0);
}

#[test]
fn an_expired_token_is_tried_all_the_same() {
    let mut job = Job::new();
    generated(&job, &[]);
    let mut token = job.fresh();
    token.expires_at = token.issued_at - 60;
    job.set_token("TRIED", &token);
    let run = job.run(&["trust", "test", "--policy", "policy.json", "--token-source", "env:TRIED"]);
    run.succeeds();
    assert!(run.stderr.contains("note: it expired at "), "{}", run.stderr);
}

/// A role whose policy asks for a branch.
fn job_of_another_branch() -> Job {
    let organization = testkit::example_ids::ORGANIZATION_ID;
    let project = testkit::example_ids::PROJECT_ID;
    let subject = format!(
        "org/{organization}/project/{project}/user/*/vcs-origin/{}/vcs-ref/refs/heads/production",
        testkit::example_ids::VCS_ORIGIN
    );
    let roles = vec![Role::new(ROLE, &crate::support::policy(&subject))];
    let mut job = Job::with(Config { roles, ..Config::default() });
    job.write("deployed.json", &crate::support::policy(&subject));
    job.write("older.json", &crate::support::project_policy(organization));
    job.set("AWS_REGION", "eu-west-1");
    job
}

#[test]
fn a_denial_names_the_condition_that_fails() {
    let job = job_of_another_branch();
    let run = job.assume(&["--token-source", "circleci-v2", "--trust-policy", "deployed.json"]);
    run.expect(4, "policy: `deployed.json` does not allow this token: ");
    run.expect(4, "fails: StringLike on oidc.circleci.com/org/");
    run.expect(4, "/vcs-ref/refs/heads/production`; the token has: `org/");
    for guess in ["likely:", "ruled out:"] {
        assert!(!run.stderr.contains(guess), "{}", run.stderr);
    }
}

#[test]
fn a_denial_that_the_policy_does_not_explain_says_so() {
    let job = job_of_another_branch();
    let run = job.assume(&["--token-source", "circleci-v2", "--trust-policy", "older.json"]);
    run.expect(4, "policy: `older.json` allows this token, so something else denies it");
    run.expect(4, "likely: the role's policy in IAM differs from the file (policy-not-deployed)");
}

#[test]
fn a_policy_that_is_not_there_stops_before_anything_is_sent() {
    let job = job_of_another_branch();
    job.assume(&["--trust-policy", "nowhere.json"]).expect(2, "there is no such file");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn preflight_tries_the_policy_without_a_word_to_sts() {
    let job = job_of_another_branch();
    let run = job.run(&["preflight", "--to", "json", "--trust-policy", "deployed.json"]);
    assert_eq!(run.status, 8, "{}", run.stdout);
    let line = "problem trust-policy    `deployed.json` does not allow this token: ";
    assert!(run.stdout.contains(line), "{}", run.stdout);
    let run = job.run(&["preflight", "--to", "json", "--trust-policy", "older.json"]);
    assert!(run.stdout.contains("ok      trust-policy    `older.json` allows this token"), "{}", run.stdout);
    assert_eq!(job.sts.requests().len(), 0);
}
