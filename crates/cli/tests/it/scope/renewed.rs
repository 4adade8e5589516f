//! Narrowed credentials that are renewed: by `credential-process` and by `serve`, each for its own scope.

use std::time::{Duration, Instant};

use super::{ROLE, S3, actions, job};
use crate::support::files::the_one;
use crate::support::serving::Serving;
use crate::support::{Job, Run};

const OTHER: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

fn process(job: &Job, flags: &[&str]) -> Run {
    job.run(&[&["credential-process", "--role-arn", ROLE], flags].concat())
}

fn access_key_id(run: &Run) -> String {
    let printed: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    printed["AccessKeyId"].as_str().unwrap().to_owned()
}

#[test]
fn each_scope_has_cached_credentials_of_its_own() {
    let mut job = job();
    job.set("CIRCLE_WORKFLOW_JOB_ID", "7");
    let scopes = [
        &[][..],
        &["--scope-policy", S3],
        &["--scope-policy", OTHER],
        &["--scope-policy", S3, "--scope-duration", "10m"],
        &["--scope-policy", S3, "--scope-description", "one"],
    ];
    let keys: Vec<String> = scopes.iter().map(|flags| access_key_id(&process(&job, flags))).collect();
    let mut different = keys.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), scopes.len());
    let sent = actions(&job).len();
    let again: Vec<String> = scopes.iter().map(|flags| access_key_id(&process(&job, flags))).collect();
    assert_eq!((again, actions(&job).len()), (keys, sent));
}

#[test]
fn the_line_of_a_profile_repeats_the_scope() {
    let job = job();
    let file = job.write("read-only.json", S3);
    let flags = ["--mode", "credential-process", "--profile", "reader"];
    job.assume(&[&flags[..], &["--scope-policy", file.to_str().unwrap(), "--scope-duration", "5m"]].concat())
        .succeeds();
    let config = job.read("home/.aws/config");
    assert!(config.contains("--scope-duration 5m"), "{config}");
    // The text, not the path: the file may differ later.
    let settings = job.read(&the_one(&job, "home/.aws/circleci-aws-oidc/*.settings"));
    assert!(settings.contains("s3:GetObject") && !settings.contains("read-only.json"), "{settings}");
}

#[test]
fn an_endpoint_is_found_for_its_own_scope_only() {
    let job = job();
    let serving = Serving::start(&job, &["--scope-policy", S3]);
    let reply = serving.ask();
    assert_eq!(reply.body["AccessKeyId"].as_str().unwrap(), job.sts.granted()[1].access_key_id);
    let assume = |policy| job.assume(&["--mode", "endpoint", "--deadline", "1s", "--scope-policy", policy]);
    assume(S3).succeeds();
    assert_ne!(assume(OTHER).status, 0);
    serving.stop(&job);
}

/// A client that calls every second never gets credentials that have expired.
#[test]
#[expect(clippy::disallowed_methods, reason = "the pause of a client")]
fn ten_second_credentials_are_never_expired_when_they_are_used() {
    let job = job();
    let flags = ["--scope-policy", S3, "--scope-duration", "10s"];
    let serving = Serving::start(&job, &flags);
    let start = Instant::now();
    let mut keys = Vec::new();
    while start.elapsed() < Duration::from_secs(15) {
        for (key, expires) in [
            {
                let body = serving.ask().body;
                (body["AccessKeyId"].clone(), body["Expiration"].clone())
            },
            {
                let run = process(&job, &flags);
                let body: serde_json::Value = serde_json::from_str(&run.succeeds().stdout).unwrap();
                (body["AccessKeyId"].clone(), body["Expiration"].clone())
            },
        ] {
            let until: aws::Timestamp = expires.as_str().unwrap().parse().unwrap();
            let now = local_sts::unix_time_now().cast_signed();
            let left = until.seconds_since(aws::Timestamp::from_unix_seconds(now).unwrap());
            assert!((1..=10).contains(&left), "{left} s are left of {key}");
            keys.push(key.as_str().unwrap().to_owned());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    keys.sort();
    keys.dedup();
    assert!(keys.len() >= 4, "both were renewed: {keys:?}");
    serving.stop(&job);
}
