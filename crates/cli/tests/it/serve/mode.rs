//! `assume --mode endpoint`: the next steps are led to the endpoint of `serve`, or nothing is changed and it is said why.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::container_endpoint::Planned;
use crate::support::files::{mode, snapshot, visibly};
use crate::support::serving::{Serving, announcements};
use crate::support::{Job, Run, next_step};

const MODE: [&str; 2] = ["--mode", "endpoint"];

fn assume(job: &Job, flags: &[&str]) -> Run {
    job.assume(&[&MODE, flags].concat())
}

/// What AWS's tools would take before an endpoint.
const RIVALS: [(&str, &str); 11] = [
    ("AWS_ACCESS_KEY_ID", "AKIASTATIC"),
    ("AWS_SECRET_ACCESS_KEY", "static"),
    ("AWS_SESSION_TOKEN", "stale"),
    ("AWS_SECURITY_TOKEN", "stale"),
    ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z"),
    ("AWS_PROFILE", "ci"),
    ("AWS_DEFAULT_PROFILE", "ci"),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "token"),
    ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/other"),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2"),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "token"),
];

#[test]
fn the_next_step_has_the_way_to_the_endpoint_and_nothing_that_would_win() {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    for (name, value) in RIVALS {
        job.set(name, value);
    }
    let serving = Serving::start(&job, &[]);
    let run = assume(&job, &[]);
    run.expect(0, "the next bash steps get credentials from the endpoint of `serve` (BASH_ENV)").expect(
        0,
        "note: unset for the next steps, because they would override the endpoint: AWS_ACCESS_KEY_ID, ",
    );
    assert_eq!(job.sts.requests().len(), 2, "one of `serve`, one of `assume`");
    let names = next_step(&job, &RIVALS, "env | grep ^AWS_ | sort | tr '\\n' ' '");
    assert_eq!(
        names,
        format!(
            "AWS_CONTAINER_AUTHORIZATION_TOKEN={} AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE={} \
             AWS_CONTAINER_CREDENTIALS_FULL_URI=http://{}/credentials AWS_DEFAULT_REGION=eu-west-1 \
             AWS_REGION=eu-west-1 ",
            serving.authorization,
            authorization_file(&job).display(),
            serving.address
        )
    );
    assert_eq!((mode(&job.path("bash_env")), mode(&announcements(&job)[0].0)), (0o600, 0o600));
    assert!(!run.stderr.contains(&serving.authorization));
    job.assert_no_secret_in(&[("BASH_ENV", job.read("bash_env").as_bytes())]);
    serving.stop(&job);
}

/// The file beside the announcement.
fn authorization_file(job: &Job) -> PathBuf {
    announcements(job)[0].0.with_extension("authorization")
}

#[test]
fn clear_takes_the_way_back_and_ends_the_server_of_this_job_alone() {
    let mut job = Job::new();
    job.write("bash_env", "export MINE=1");
    job.set("CIRCLE_WORKFLOW_JOB_ID", "other");
    let other = Serving::start(&job, &[]);
    job.set("CIRCLE_WORKFLOW_JOB_ID", "this");
    let mut serving = Serving::start(&job, &[]);
    assume(&job, &[]).succeeds();
    assert_ne!(job.read("bash_env"), "export MINE=1");
    job.run(&["clear"]).expect(0, "the endpoint of `serve` ends within seconds");
    assert_eq!(job.read("bash_env"), "export MINE=1");
    serving.ends_with(0);
    assert_eq!(other.ask().status, 200);
    job.run(&["clear"]).expect(0, "nothing to clear in `");
    assert_eq!(other.ask().status, 200);
}

#[test]
fn a_server_that_starts_later_is_waited_for() {
    let job = Job::new();
    let child = job
        .command(&["assume", "--mode", "endpoint"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while job.sts.granted().is_empty() {
        std::thread::yield_now();
    }
    let serving = Serving::start(&job, &[]);
    Run::from(&child.wait_with_output().unwrap()).succeeds();
    assert!(job.read("bash_env").contains(&serving.authorization));
}

#[test]
fn without_a_server_of_the_same_request_nothing_is_changed() {
    let job = Job::new();
    let before = snapshot(&job);
    assume(&job, &["--deadline", "2s"])
        .expect(6, "waiting for the endpoint of `serve`")
        .expect(6, "no `serve` with these settings has written its endpoint descriptor within 1.")
        .expect(6, "hint: run `circleci-aws-oidc serve` with the same settings in a background step before");
    assert_eq!(snapshot(&job), before);
    let _other = Serving::start(&job, &["--duration", "900"]);
    assume(&job, &["--deadline", "1s"])
        .expect(6, "no `serve` with these settings has written its endpoint descriptor");
    assert!(!job.path("bash_env").exists());
}

#[test]
fn a_server_that_was_killed_is_not_taken_for_one() {
    let job = Job::new();
    Serving::start(&job, &[]).stop(&job);
    assert_eq!(announcements(&job).len(), 1);
    assume(&job, &["--deadline", "1s"])
        .expect(6, "it was not reached at `127.0.0.1:")
        .expect(6, "caused by: no connection: ");
    let _serving = Serving::start(&job, &[]);
    assume(&job, &[]).succeeds();
}

#[test]
fn whoever_has_taken_the_place_of_the_server_is_not_handed_on() {
    let keys = r#""AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2100-01-01T00:00:00Z""#;
    for (answer, status, part) in [
        (
            format!("{{{keys},\"AccountId\":\"999999999999\"}}"),
            7,
            "for account 999999999999, not for 123456789012",
        ),
        (format!("{{{keys}}}"), 6, "has no credentials in the format that AWS tools read"),
        ("<html>".to_owned(), 6, "has no credentials in the format that AWS tools read"),
    ] {
        let job = Job::new();
        let mut serving = Serving::start(&job, &[]);
        let endpoint = serving.replaced_by(&job, Planned::Answer(200, answer));
        serving.ends_with(0);
        assume(&job, &["--deadline", "1s"]).expect(status, part);
        assert!(!job.path("bash_env").exists(), "{part}");
        assert!(endpoint.heads()[0].to_lowercase().contains("authorization: "), "{:?}", endpoint.heads());
    }
}

#[test]
fn the_reason_of_a_refusal_is_passed_on_without_the_authorization() {
    let job = Job::new();
    let mut serving = Serving::start(&job, &[]);
    let message = format!("{{\"message\":\"expired; you sent {}\"}}", serving.authorization);
    let _endpoint = serving.replaced_by(&job, Planned::Answer(503, message));
    serving.ends_with(0);
    let run = assume(&job, &["--deadline", "3s"]);
    run.expect(6, "caused by: it responded with HTTP status 503: expired; you sent …");
    assert!(!run.stderr.contains(&serving.authorization), "{}", run.stderr);
}

#[test]
fn an_announcement_that_others_could_have_written_is_not_followed() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    let file = &announcements(&job)[0].0;
    crate::support::files::set_mode(file, 0o644);
    assume(&job, &["--deadline", "1s"]).expect(6, "is not a private file of this user");
    crate::support::files::set_mode(file, 0o600);
    crate::support::write(file, "{\"version\":2}");
    assume(&job, &["--deadline", "1s"]).expect(6, "it has the format version 2; expected 1");
    drop(serving);
}

#[test]
fn a_default_profile_that_would_win_is_refused_before_sts_is_asked() {
    let keys = "aws_access_key_id = AKIA1\naws_secret_access_key = s\n";
    for (file, text, part) in [
        (
            "credentials",
            format!("[default]\n{keys}"),
            "AWS tools would use the credentials of profile default (/",
        ),
        (
            "config",
            format!("[default]\n{keys}"),
            "remove them from that profile, or use `--mode environment`",
        ),
        (
            "config",
            "[default]\ncredential_process = x\n".to_owned(),
            "of profile default (credential_process in /",
        ),
        (
            "config",
            "[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = b\n".to_owned(),
            "role_arn",
        ),
        (
            "credentials",
            "[default]\n[default]\n".to_owned(),
            "AWS tools would follow the default profile and never call the endpoint",
        ),
    ] {
        let job = Job::new();
        job.write(&format!("home/.aws/{file}"), &text);
        let before = snapshot(&job);
        assume(&job, &[]).expect(7, part);
        assert_eq!((snapshot(&job), job.sts.requests().len()), (before, 0), "{part}");
        job.run(&["preflight", "--mode", "endpoint"]).expect(8, "problem");
    }
    let job = Job::new();
    job.write("home/.aws/config", &format!("[default]\nregion = eu-west-1\n[profile other]\n{keys}"));
    let _serving = Serving::start(&job, &[]);
    assume(&job, &[]).succeeds();
}

#[test]
fn verify_asks_aws_with_what_the_endpoint_hands_out() {
    let mut job = Job::new();
    job.set("AWS_PROFILE", "ci");
    let serving = Serving::start(&job, &[]);
    assume(&job, &["--verify"]).expect(
        0,
        "verified: the next step that bash runs has this role's session, from container endpoint (AWS_CONTAINER_CREDENTIALS_FULL_URI)",
    );
    let before = job.read("bash_env");
    // The same account, and somebody else.
    job.run(&["assume", "--session-name", "other", "--to", "json"]).succeeds();
    let other = job.sts.granted().pop().unwrap();
    let answer = format!(
        r#"{{"AccessKeyId":"{}","SecretAccessKey":"{}","Token":"{}","Expiration":"2100-01-01T00:00:00Z","AccountId":"123456789012"}}"#,
        other.access_key_id, other.secret_access_key, other.session_token
    );
    let _endpoint = serving.replaced_by(&job, Planned::Answer(200, answer));
    assume(&job, &["--verify"]).expect(7, "assumed-role/deploy/other`, from container endpoint");
    assert_eq!(job.read("bash_env"), before);
}

#[test]
fn the_mode_has_one_destination_which_needs_bash() {
    let mut job = Job::new();
    assume(&job, &["--to", "json"]).expect(2, "`--mode endpoint` has a destination of its own");
    assume(&job, &["--profile", "prod"]).expect(2, "`--mode endpoint` has no profile: remove `--profile`");
    job.set("CIRCLECI_AWS_OIDC_PROFILE", "prod");
    assume(&job, &[]).expect(2, "`--mode endpoint` has no profile");
    let github = job.text("github_env");
    job.unset("CIRCLECI_AWS_OIDC_PROFILE").unset("BASH_ENV").set("GITHUB_ENV", &github);
    assume(&job, &[])
        .expect(6, "BASH_ENV is not set, and `--mode endpoint` writes to that file only")
        .expect(6, "GITHUB_ENV is not supported");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn preflight_says_what_the_mode_needs() {
    let mut job = Job::new();
    job.set("AWS_PROFILE", "ci");
    let run = job.run(&["preflight", "--mode", "endpoint"]);
    assert!(run.stdout.contains("BASH_ENV can be written to; `serve` must run by then"), "{}", run.stdout);
    assert!(
        run.stdout.contains("unset in the next bash steps, but not in those of other shells: AWS_PROFILE")
    );
    assert!(!job.path("home/.aws").exists() && !job.path("bash_env").exists());
}

#[test]
fn botocore_becomes_the_role_by_the_endpoint() {
    const PROGRAM: &str = "
try:
    import botocore.session
except ImportError:
    print('no botocore')
else:
    credentials = botocore.session.get_session().get_credentials()
    print(credentials.method, credentials.get_frozen_credentials().access_key)
";
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    assume(&job, &[]).succeeds();
    // With the PATH of this test, where Python may be anywhere.
    let mut bash = Command::new("bash");
    bash.args(["-c", "if command -v python3 >/dev/null; then python3 -c \"$PROGRAM\"; fi"]);
    bash.env("BASH_ENV", job.path("bash_env")).env("HOME", job.path("home")).env("PROGRAM", PROGRAM);
    let output = bash.envs(RIVALS).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    if said.is_empty() || said == "no botocore\n" {
        visibly("skipped: no python3 with botocore");
        return;
    }
    let granted = &job.sts.granted()[0];
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, format!("container-role {}\n", granted.access_key_id), "{error}");
    serving.stop(&job);
}
