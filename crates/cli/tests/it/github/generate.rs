//! `trust generate` in a GitHub job: the policy is for what the job's own token names, allows that token, and no other.

use serde_json::Value;
use testkit::GithubToken;

use crate::support::github_job::{AUDIENCE, BEARER, fresh, given, job_with};
use crate::support::token_endpoint::TokenEndpoint;
use crate::support::{Job, ROLE};

const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn job_of(token: &GithubToken) -> (Job, TokenEndpoint) {
    job_with(Vec::new(), |issuer| vec![given(token, issuer)])
}

/// What these flags generate, which the lint has nothing against.
fn generated(job: &Job, flags: &[&str]) -> Value {
    let run = job.run(&[&["trust", "generate", "--role-arn", ROLE], flags].concat());
    run.succeeds();
    job.write("policy.json", &run.stdout);
    let linted = job.run(&["trust", "lint", "policy.json"]);
    assert_eq!((linted.status, linted.stdout.as_str()), (0, ""), "{}", linted.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Whether the policy allows this token.
fn allows(job: &Job, token: &GithubToken) -> bool {
    job.write("claims.json", &token.claims(ISSUER).to_string());
    let run = job.run(&["trust", "test", "--policy", "policy.json", "--claims", "claims.json"]);
    let word = run.stdout.lines().next().unwrap_or_default();
    assert_eq!(word == "verdict: allowed", run.status == 0, "{}{}", run.stdout, run.stderr);
    run.status == 0
}

/// Tokens that resemble this one and differ in one thing.
fn siblings(token: &GithubToken) -> [GithubToken; 7] {
    let own = || GithubToken { environment: None, is_pull_request: false, ..token.clone() };
    [
        GithubToken { git_ref: "refs/heads/main2".to_owned(), ..own() },
        GithubToken { git_ref: "refs/tags/main".to_owned(), ..own() },
        GithubToken { environment: Some("ref:refs/heads/main".to_owned()), ..own() },
        GithubToken { is_pull_request: true, ..own() },
        GithubToken { repository: "somebody/example-app".to_owned(), ids: (9, 9), ..token.clone() },
        GithubToken { ids: (9, 9), ..token.clone() },
        GithubToken { audience: "https://github.com/example-org".to_owned(), ..token.clone() },
    ]
}

#[test]
fn a_job_gets_a_policy_for_what_its_token_names() {
    let production = Some("Production:V1".to_owned());
    for has_ids_in_subject in [false, true] {
        for token in [
            GithubToken { has_ids_in_subject, ..fresh() },
            GithubToken { has_ids_in_subject, git_ref: "refs/tags/v1".to_owned(), ..fresh() },
            GithubToken { has_ids_in_subject, environment: production.clone(), ..fresh() },
        ] {
            let (job, endpoint) = job_of(&token);
            generated(&job, &[]);
            assert!(allows(&job, &token), "{token:?}");
            let migrated = GithubToken { has_ids_in_subject: !has_ids_in_subject, ..token.clone() };
            assert!(allows(&job, &migrated), "{token:?}");
            for sibling in siblings(&token) {
                assert!(!allows(&job, &sibling), "{token:?} {sibling:?}");
            }
            let heads = endpoint.heads();
            assert_eq!(heads.len(), 1);
            assert!(heads[0].contains(&format!("&audience={AUDIENCE} ")), "{}", heads[0]);
            assert_eq!(job.sts.requests().len(), 0);
        }
    }
}

#[test]
fn a_pull_request_is_never_the_limit_by_itself() {
    let token = GithubToken { is_pull_request: true, ..fresh() };
    let (job, _endpoint) = job_of(&token);
    let flags = ["trust", "generate", "--role-arn", ROLE];
    let run = job.run(&flags);
    run.expect(2, "error: the token is of a pull request, which a role should trust only on purpose\n");
    assert_eq!(run.stdout, "");
    let (job, _endpoint) = job_of(&token);
    let run = job.run(&[&flags[..], &["--pull-request"]].concat());
    run.expect(0, "note: workflows of pull requests are allowed: they run code that is not reviewed yet");
    job.write("policy.json", &run.stdout);
    assert!(allows(&job, &token));
    assert!(!allows(&job, &fresh()));
    let linted = job.run(&["trust", "lint", "policy.json"]);
    assert_eq!(linted.status, 8, "{}", linted.stdout);
    assert!(linted.stdout.contains("[pull-request]"), "{}", linted.stdout);
}

/// Its `sub` names the environment alone.
#[test]
fn a_pull_request_in_an_environment_is_one() {
    let token = GithubToken { is_pull_request: true, environment: Some("preview".to_owned()), ..fresh() };
    assert!(token.subject().ends_with(":environment:preview"));
    let flags = ["trust", "generate", "--role-arn", ROLE];
    for of_file in [&[][..], &["--claims", "claims.json"]] {
        let (job, _endpoint) = job_of(&token);
        job.write("claims.json", &token.claims(ISSUER).to_string());
        let run = job.run(&[&flags[..], of_file].concat());
        run.expect(2, "error: the token is of a pull request, which a role should trust only on purpose\n");
        assert_eq!(run.stdout, "");
    }
    let (job, _endpoint) = job_of(&token);
    let run = job.run(&[&flags[..], &["--environment", "preview"]].concat());
    run.expect(0, "workflows of pull requests are allowed too, unless GitHub limits which branches and tags");
    job.write("policy.json", &run.stdout);
    assert!(allows(&job, &token));
}

#[test]
fn claims_in_a_file_stand_for_a_token() {
    let token = fresh();
    let (mut job, endpoint) = job_of(&token);
    let of_token = generated(&job, &[]);
    job.write("of-the-job.json", &token.claims(ISSUER).to_string());
    assert_eq!(generated(&job, &["--claims", "of-the-job.json"]), of_token);
    let flags = ["--repository", "example-org@700/example-app@70", "--branch", "main"];
    job.unset("GITHUB_ACTIONS");
    assert_eq!(generated(&job, &flags), of_token);
    assert_eq!(endpoint.heads().len(), 1);
}

#[test]
fn every_format_for_github_passes_the_lint() {
    let (job, _endpoint) = job_of(&fresh());
    for (format, file) in [("terraform", "role.tf"), ("cloudformation", "role.yaml"), ("json", "role.json")] {
        let flags = [
            "--repository",
            "example-org@700/example-app@70",
            "--branch",
            "release/*",
            "--environment",
            "a:b",
        ];
        let made =
            job.run(&[&["trust", "generate", "--role-arn", ROLE, "--format", format], &flags[..]].concat());
        made.succeeds();
        job.write(file, &made.stdout);
        let linted = job.run(&["trust", "lint", file]);
        assert_eq!((linted.status, linted.stdout.as_str()), (0, ""), "{format}: {}", linted.stderr);
        assert!(!linted.stderr.contains("no trust policy"), "{format}: {}", linted.stderr);
    }
}

#[test]
fn without_the_permission_a_job_is_told_what_it_lacks() {
    let (mut job, endpoint) = job_of(&fresh());
    job.unset("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    let run = job.run(&["trust", "generate", "--role-arn", ROLE]);
    run.expect(3, "hint: give the workflow or the job `permissions: id-token: write`");
    job.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER);
    job.run(&["trust", "generate", "--role-arn", ROLE]).succeeds();
    assert_eq!(endpoint.heads().len(), 1);
}
