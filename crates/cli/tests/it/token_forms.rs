//! Which of CircleCI's tokens one is comes from its claims, so the words are the same in whatever way it reached the
//! job; and a second token counts while it is valid.

use crate::support::{Job, ROLE, Run, policy};
use local_sts::{Config, Role, unix_time_now};
use testkit::example_ids::{ORGANIZATION_ID, PROJECT_ID, VCS_ORIGIN};
use testkit::{JobToken, Shape};

/// A way for a token to reach the job: the value of `--token-source`, or none.
const WAYS: [&[&str]; 6] = [
    &[],
    &["--token-source", "circleci-v1"],
    &["--token-source", "env:MY_TOKEN"],
    &["--token-source", "env:CIRCLE_OIDC_TOKEN_V2"],
    &["--token-source", "file:token"],
    &["--token-source", "mint"],
];

/// A job whose role trusts one branch, with the same token of this shape in all ways.
fn job_with(shape: Shape) -> Job {
    let branch = format!(
        "org/{ORGANIZATION_ID}/project/{PROJECT_ID}/user/*/vcs-origin/{VCS_ORIGIN}/vcs-ref/refs/heads/main"
    );
    let mut job = Job::with(Config { roles: vec![Role::new(ROLE, &policy(&branch))], ..Config::default() });
    let token = job.token(shape);
    let path = format!("{}:/usr/bin:/bin", job.text("image"));
    job.set("CIRCLECI", "true").set("AWS_REGION", "eu-west-1").set("PATH", &path);
    for variable in ["CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN", "MY_TOKEN"] {
        job.set(variable, &token);
    }
    job.write("token", &token);
    job.keep_secret(&token);
    job.write_program("image/circleci", "#!/bin/sh\ncat token\n");
    job
}

/// What a denial says besides where the token came from.
fn denial(run: &Run) -> Vec<String> {
    let is_about_claims = |line: &&str| {
        ["likely: ", "or: ", "ruled out: ", "key: ", "hint: ", "note: "]
            .iter()
            .any(|label| line.starts_with(label))
    };
    run.stderr.lines().map(str::trim_start).filter(is_about_claims).map(str::to_owned).collect()
}

#[test]
fn a_webhooks_token_gets_the_same_words_in_every_way() {
    let job = job_with(Shape::Webhook);
    let first = denial(job.assume(WAYS[0]).expect(4, "AccessDenied"));
    assert!(first.iter().any(|line| line.ends_with("(subject-of-webhook)")), "{first:#?}");
    assert!(
        !first.iter().any(|line| line.contains("CIRCLE_OIDC_TOKEN") || line.contains("circleci-v")),
        "{first:#?}"
    );
    for way in WAYS {
        let run = job.assume(way);
        assert_eq!(denial(run.expect(4, "AccessDenied")), first, "{way:?}");
    }
}

#[test]
fn a_v1_token_is_told_as_one_in_every_way() {
    let job = job_with(Shape::V1);
    for way in WAYS {
        job.assume(way)
            .expect(4, " is V1: its `sub` ends after `user/…`, without origin and branch\n")
            .expect(4, "(subject-without-branch)\n")
            .expect(4, "hint: use CIRCLE_OIDC_TOKEN_V2, whose `sub` has both");
    }
}

#[test]
fn preflight_tells_the_form_in_the_same_words_in_every_way() {
    for (shape, words) in [
        (Shape::Webhook, "of a custom webhook's pipeline, without origin and ref in V1 and V2 alike"),
        (Shape::V1, "V1, without origin and ref"),
    ] {
        let job = job_with(shape);
        // A token that is minted is not at hand.
        for way in &WAYS[..5] {
            let run = job.run(&[&["preflight"], *way].concat());
            let told: Vec<&str> = run.stdout.lines().filter(|line| line.contains(" subject ")).collect();
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].contains(words), "{way:?}: {told:?}");
        }
    }
}

#[test]
fn a_second_token_that_has_expired_is_not_tried() {
    let mut job = job_with(Shape::V2);
    let other = JobToken { vcs_ref: "refs/heads/other".to_owned(), ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &other);
    let now = unix_time_now();
    let old = JobToken { shape: Shape::V1, issued_at: now - 7200, expires_at: now - 3600, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN", &old);
    let run = job.assume(&[]);
    run.expect(4, "STS refused the request with `AccessDenied`").expect(4, "`; V2 token\n");
    assert!(!run.stderr.contains(" expired at "), "{}", run.stderr);
    assert!(!run.stderr.contains("retrying with CIRCLE_OIDC_TOKEN"), "{}", run.stderr);
    assert_eq!(job.sts.requests().len(), 1);
    let preflight = job.run(&["preflight"]);
    assert!(!preflight.stdout.contains("CIRCLE_OIDC_TOKEN has another"), "{}", preflight.stdout);
}
