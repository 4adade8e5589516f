//! Output that nobody can get: a closed stdout, or a full disk. A script that reads it must not take the run for a success.

use crate::support::Job;

/// Each command that prints for others, and whether that is credentials that would be lost.
const PRINTING: [(&[&str], bool); 15] = [
    (&["assume", "--to", "json"], true),
    (&["assume", "--to", "shell"], true),
    // They are in its cache as well.
    (&["credential-process"], false),
    (&["profiles", "--config-file", "roles.ini"], false),
    (&["scope", "--scope-policy", "scope.json", "--to", "json"], true),
    (&["token"], false),
    (&["token", "--format", "json"], false),
    (&["whoami"], false),
    (&["preflight"], false),
    (&["trust", "generate"], false),
    (&["trust", "lint", "open.json"], false),
    (&["trust", "lint", "--format", "sarif", "open.json"], false),
    (&["trust", "test", "--policy", "open.json"], false),
    (&["completions", "bash"], false),
    (&["man"], false),
];

const OPEN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/ORGANIZATION"},
    "Action": "sts:AssumeRoleWithWebIdentity"}]}"#;

/// A job with what the commands read, and with credentials of an earlier step.
fn job() -> Job {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    let provider = format!("oidc.circleci.com/org/{}", testkit::example_ids::ORGANIZATION_ID);
    job.write("open.json", &OPEN.replace("ORGANIZATION", &provider));
    job.write("scope.json", r#"{"Version": "2012-10-17", "Statement": []}"#);
    job.write("roles.ini", &format!("[profile p]\nrole_arn = {}\n", crate::support::ROLE));
    let json = job.run(&["assume", "--to", "json"]).succeeds().stdout.clone();
    let session: serde_json::Value = serde_json::from_str(&json).unwrap();
    for (name, field) in [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ] {
        job.set(name, session[field].as_str().unwrap());
    }
    job
}

fn with(arguments: &[&str], redirection: &str) -> String {
    format!("{} {} {redirection}", env!("CARGO_BIN_EXE_circleci-aws-oidc"), arguments.join(" "))
}

#[test]
fn a_full_disk_behind_stdout_is_a_destination_that_cannot_be_written() {
    let job = job();
    for (arguments, _) in PRINTING {
        job.bash(&with(arguments, ">/dev/full"))
            .expect(6, "error: stdout cannot be written\n  caused by: No space left on device");
        assert!(!job.path("home/.aws/config").exists(), "{arguments:?}");
    }
}

#[test]
fn a_closed_stdout_is_one_for_credentials_and_found_before_a_request() {
    let job = job();
    for (arguments, is_of_credentials) in PRINTING {
        let requests = job.sts.requests().len();
        // Runtimes open it like this for output that their user ignores: it looks like what stands for a closed stdout.
        for redirection in [">&-", "1<>/dev/null"] {
            let run = job.bash(&with(arguments, redirection));
            if is_of_credentials {
                run.expect(
                    6,
                    "error: stdout cannot be written: it is closed\n  hint: start this command without `>&-`",
                );
                assert_eq!(job.sts.requests().len(), requests, "{arguments:?}");
            } else {
                assert!(matches!(run.status, 0 | 8), "{arguments:?} {redirection}: {}", run.stderr);
            }
        }
    }
}

#[test]
fn a_reader_that_leaves_and_a_place_for_what_nobody_reads_are_fine() {
    let job = job();
    for (arguments, _) in PRINTING {
        for redirection in [">/dev/null", "</dev/null >/dev/null 2>&1", ">>/dev/null"] {
            let run = job.bash(&with(arguments, redirection));
            assert!(matches!(run.status, 0 | 8), "{arguments:?} {redirection}: {}", run.stderr);
        }
        let script = format!("set +e; {}; exit ${{PIPESTATUS[0]}}", with(arguments, "| true"));
        let run = job.bash(&script);
        assert!(matches!(run.status, 0 | 8), "{arguments:?}: {}", run.stderr);
        assert!(!run.stderr.contains("stdout"), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn what_prints_nothing_needs_no_stdout() {
    let job = job();
    job.write("none.json", r#"{"Version": "2012-10-17", "Statement": []}"#);
    for redirection in [">&-", ">/dev/full"] {
        for arguments in
            [&["assume"][..], &["clear"], &["trust", "lint", "none.json"], &["exec", "--", "true"]]
        {
            job.bash(&with(arguments, redirection)).succeeds();
        }
    }
}
