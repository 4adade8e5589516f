//! `whoami` follows a profile's `credential_process`: a real process, and what is said where it gives no keys.

use std::time::{Duration, Instant};

use local_sts::GrantedCredentials;

use crate::support::{Job, Run};

const ARN: &str = "arn:aws:sts::123456789012:assumed-role/deploy/CircleCI";

/// A job whose only credentials are those that the process prints.
fn job(command_line: &str) -> (Job, GrantedCredentials) {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1").set("PATH", "/usr/local/bin:/usr/bin:/bin");
    job.assume(&["--to", "dotenv:unread"]).succeeds();
    let granted = job.sts.granted().remove(0);
    job.write("keys.json", &json(&granted, "2100-01-01T00:00:00Z"));
    job.write("home/.aws/config", &format!("[default]\ncredential_process = {command_line}\n"));
    (job, granted)
}

fn json(keys: &GrantedCredentials, expiration: &str) -> String {
    serde_json::json!({
        "Version": 1,
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret_access_key,
        "SessionToken": keys.session_token,
        "Expiration": expiration,
    })
    .to_string()
}

fn whoami(job: &Job) -> Run {
    job.run(&["whoami"])
}

#[test]
fn the_keys_that_it_prints_are_asked_with() {
    let (mut job, granted) = job("cat keys.json");
    let run = whoami(&job);
    let config = job.text("home/.aws/config");
    assert!(run.succeeds().stdout.contains(&format!("arn: {ARN}\n")), "{}", run.stdout);
    let source = format!("source: profile default (credential_process in {config})\n");
    assert!(run.stdout.ends_with(&source), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    let request = job.sts.requests().pop().unwrap();
    assert!(request.header("authorization").unwrap().contains(&granted.access_key_id));
    // A named profile, in the other file, with a Region of its own.
    job.unset("AWS_REGION").set("AWS_PROFILE", "ci");
    job.write("home/.aws/credentials", "[ci]\ncredential_process = cat keys.json\nregion = eu-central-1\n");
    assert!(whoami(&job).succeeds().stdout.contains("source: profile ci (credential_process in "));
    let request = job.sts.requests().pop().unwrap();
    assert!(request.header("authorization").unwrap().contains("/eu-central-1/sts/"));
}

#[test]
fn a_shell_runs_it_and_that_is_said() {
    let (mut job, _) = job("cat \"$KEYS\" | tr -d '\\n'");
    job.set("KEYS", "keys.json");
    whoami(&job)
        .expect(0, "note: the `credential_process` of profile `default` is run in a shell here; the AWS CLI");
}

#[test]
fn its_place_among_keys_is_that_of_aws_tools() {
    let (mut job, granted) = job("cat keys.json");
    let keys = format!(
        "aws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
        granted.access_key_id, granted.secret_access_key, granted.session_token
    );
    job.write("home/.aws/config", &format!("[default]\ncredential_process = cat keys.json\n{keys}"));
    let run = whoami(&job);
    run.expect(0, "takes precedence over its credentials in `")
        .expect(0, "except in Go tools such as Terraform");
    assert!(run.stdout.contains("source: profile default (credential_process in "), "{}", run.stdout);
    job.write("home/.aws/config", "[default]\ncredential_process = touch has-run\n");
    job.write("home/.aws/credentials", &format!("[default]\n{keys}"));
    whoami(&job).expect(0, "the Rust SDK uses `credential_process` first");
    job.write("home/.aws/credentials", "");
    job.set("AWS_ACCESS_KEY_ID", &granted.access_key_id)
        .set("AWS_SECRET_ACCESS_KEY", &granted.secret_access_key)
        .set("AWS_SESSION_TOKEN", &granted.session_token);
    whoami(&job).expect(0, "note: AWS_ACCESS_KEY_ID takes precedence over profile `default`\n");
    job.run(&["preflight"]);
    assert!(!job.path("has-run").exists(), "what is not asked with is not run");
}

#[test]
fn preflight_names_it_and_does_not_run_it() {
    let (job, _) = job("touch has-run");
    let run = job.run(&["preflight"]);
    assert!(run.stdout.contains("there are credentials already: profile default (credential_process in "));
    assert!(!job.path("has-run").exists());
}

#[test]
fn a_process_that_gives_no_keys_says_why() {
    for (command_line, cause) in [
        ("echo no session >&2; exit 3", "it ended with exit status: 3 (no session)"),
        ("not-a-program-of-anybody", "not found)"),
        ("true", "it ended without an error and printed nothing"),
        ("echo hello", "caused by: it is not JSON (line 1, column 1)"),
        ("echo '{\"Version\":1}'", "caused by: `AccessKeyId` is missing"),
        ("sed 's/:1}/:2}/' keys.json", "caused by: its `Version` is not the number 1"),
        ("printf '\\377'", "its output is not UTF-8"),
        ("sed 's/2100/2020/' keys.json", "its credentials expired at 2020-01-01T00:00:00Z"),
        ("yes", "it printed more than 64 KiB"),
        ("", "it ended without an error and printed nothing"),
    ] {
        let (job, _) = job(command_line);
        let run = whoami(&job);
        run.expect(1, "error: `credential_process` of profile `default` in `").expect(1, cause);
        assert_eq!(run.stdout, "");
        assert_eq!(run.stderr.matches("\n  hint: ").count(), 1, "{}", run.stderr);
        assert!(
            !job.sts.requests().iter().any(|request| request.action.as_deref() == Some("GetCallerIdentity"))
        );
    }
}

#[test]
fn without_a_shell_the_system_says_so() {
    let (mut job, _) = job("cat keys.json");
    job.set("PATH", &job.text("home"));
    whoami(&job)
        .expect(1, "caused by: it cannot be run: No such file or directory")
        .expect(1, "hint: put `sh` (Windows: `cmd.exe`), which runs the line, into the PATH");
}

#[test]
fn one_that_hangs_is_stopped_at_the_deadline() {
    let (mut job, _) = job("echo $$ >pid; exec sleep 600");
    job.set("CIRCLECI_AWS_OIDC_DEADLINE", "2s");
    let start = Instant::now();
    whoami(&job)
        .expect(1, "waiting for `credential_process` of profile `default`\n")
        .expect(1, "caused by: it did not end within 2 s\n");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let pid = job.read("pid").trim().to_owned();
    assert!(!pid.is_empty() && !std::path::Path::new("/proc").join(pid).exists(), "it goes on");
}

#[test]
fn promise_1_nothing_that_it_prints_is_shown() {
    for command_line in [
        // Without JSON around it, cut off, of another version, expired, and on stderr.
        "tr -d '{}' <keys.json",
        "head -c 200 keys.json",
        "sed 's/:1}/:\"1\"}/' keys.json",
        "sed 's/2100/2020/' keys.json",
        "cat keys.json >&2; exit 1",
        "sed 's/[,:]/ /g' keys.json >&2; exit 1",
        "tr -d '\"' <keys.json >&2; cat keys.json; exit 1",
        "sed 's/\"Expiration\":\"/&'\"$CIRCLECI_AWS_OIDC_ROLE_ARN\"'/' keys.json",
        "cat keys.json keys.json",
    ] {
        let (job, granted) = job(command_line);
        // `run` looks through both streams for what STS gave.
        let run = whoami(&job);
        assert_eq!(run.status, 1, "{command_line}: {}", run.stderr);
        assert!(!run.stderr.contains(&granted.secret_access_key[..20]), "{command_line}: {}", run.stderr);
    }
}
