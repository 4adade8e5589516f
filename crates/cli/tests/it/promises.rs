//! The promises about secrets that docs/promises.md makes, each by its number. The second has a file of its own.

#[cfg(unix)]
mod bash_env;
mod files;
#[cfg(unix)]
mod open_files;

use std::path::PathBuf;
use std::process::Stdio;

use local_sts::Fault;
use testkit::Shape;

use crate::support::files::{snapshot, the_one};
use crate::support::serving::{Serving, announcements};
use crate::support::{Job, next_step};

#[test]
fn promise_1_secrets_are_in_the_destination_and_nowhere_else() {
    for (flag, destination, file) in [
        ("--to", "bash-env", "bash_env"),
        ("--to", "profile:prod", "home/.aws/credentials"),
        ("--to", "dotenv:out.env", "out.env"),
        ("--mode", "credential-process", "home/.aws/circleci-aws-oidc/*.json"),
    ] {
        let mut job = Job::new();
        job.set("CIRCLE_OIDC_TOKEN", &job.token(Shape::V1));
        // `run` looks through both streams.
        job.assume(&[flag, destination]).succeeds();
        let file = &the_one(&job, file);
        let others: Vec<(PathBuf, u32, Vec<u8>)> =
            snapshot(&job).into_iter().filter(|(path, ..)| *path != job.path(file)).collect();
        let texts: Vec<(&str, &[u8])> =
            others.iter().map(|(path, _, text)| (path.to_str().unwrap(), text.as_slice())).collect();
        job.assert_no_secret_in(&texts);
        assert!(job.read(file).contains(&job.sts.granted()[0].secret_access_key), "{destination}");
        assert!(!job.read(file).contains(job.value("CIRCLE_OIDC_TOKEN_V2")), "{destination}");
    }
}

#[test]
fn promise_1_credentials_of_serve_are_in_no_file_and_its_authorization_in_three() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    job.assume(&["--mode", "endpoint"]).succeeds();
    assert_eq!(serving.ask().status, 200);
    let files = snapshot(&job);
    let texts: Vec<(&str, &[u8])> =
        files.iter().map(|(path, _, text)| (path.to_str().unwrap(), text.as_slice())).collect();
    job.assert_no_secret_in(&texts);
    let secret = serving.authorization.as_bytes();
    let holds = |text: &[u8]| text.windows(secret.len()).any(|part| part == secret);
    let holders: Vec<&PathBuf> =
        files.iter().filter(|(_, _, text)| holds(text)).map(|(path, ..)| path).collect();
    let descriptor = &announcements(&job)[0].0;
    assert_eq!(holders, [&job.path("bash_env"), &descriptor.with_extension("authorization"), descriptor]);
    serving.stop(&job);
}

#[test]
#[cfg(target_os = "linux")]
fn promise_1_no_secret_is_on_a_command_line_or_in_a_core_dump() {
    let job = Job::with_fault(Fault::Hang, None);
    let mut child = job.command(&["assume", "--deadline", "5s"]).stderr(Stdio::null()).spawn().unwrap();
    while job.sts.requests().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "ended before it asked");
        std::thread::yield_now();
    }
    let command_line = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(command_line.starts_with(env!("CARGO_BIN_EXE_circleci-aws-oidc").as_bytes()));
    job.assert_no_secret_in(&[("command line", &command_line)]);
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}

#[test]
fn promise_3_no_shell_runs_what_a_value_holds() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_SESSION_NAME", "$BRANCH")
        .set("BRANCH", "$(touch pwned)`touch pwned`';touch pwned;'");
    job.assume(&[]).expect(0, "note: the session is named `-touch-pwned-touch-pwned-touch-pwned-`");
    assert_eq!(
        next_step(&job, &[], "ls; echo \"$AWS_SECRET_ACCESS_KEY\""),
        format!("bash_env\nca.pem\nhome\n{}\n", job.sts.granted()[0].secret_access_key)
    );
}

#[test]
fn promise_4_a_redirect_is_not_followed() {
    let job = Job::with_fault(Fault::Redirect, None);
    job.assume(&[]).expect(5, "which is not followed");
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn promise_4_a_bundle_adds_to_the_built_in_roots_and_nothing_turns_verification_off() {
    let mut job = Job::new();
    job.unset("AWS_CA_BUNDLE");
    job.assume(&[])
        .expect(5, "its certificate is not trusted: its issuer is not a known certificate authority");
    let bundle = job.text("ca.pem");
    job.assume(&["--ca-bundle", &bundle]).succeeds();
    job.set("SSL_CERT_FILE", &bundle);
    job.assume(&[]).succeeds();
    for name in
        ["CIRCLECI_AWS_OIDC_INSECURE", "NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY", "CURL_INSECURE"]
    {
        let mut job = Job::new();
        job.unset("AWS_CA_BUNDLE").set(name, "0");
        assert_ne!(job.assume(&["--max-attempts", "1"]).status, 0, "{name}");
    }
}

#[test]
fn promise_5_the_shared_aws_config_is_not_read_for_the_exchange() {
    let mut job = Job::new();
    job.write("home/.aws/config", "this is no config [");
    job.write("home/.aws/credentials", "\u{0}");
    job.set("AWS_PROFILE", "nowhere").set("AWS_SDK_LOAD_CONFIG", "1");
    job.assume(&["--to", "json"]).succeeds();
    job.assume(&["--to", "bash-env"]).succeeds();
}

#[test]
fn promise_6_what_would_win_over_the_credentials_is_unset_with_a_note() {
    let mut job = Job::new();
    let stale = [
        ("AWS_SECURITY_TOKEN", "old"),
        ("AWS_PROFILE", "old"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/old"),
    ];
    for (name, value) in stale {
        job.set(name, value);
    }
    job.set("AWS_DEFAULT_REGION", "eu-central-1").set("AWS_SESSION_TOKEN", "old");
    let run = job.assume(&[]);
    run.expect(0, "note: unset for the next steps, because they would override the credentials: AWS_SECURITY_TOKEN, AWS_PROFILE, AWS_CONTAINER_CREDENTIALS_FULL_URI\n");
    let names = next_step(&job, &stale, "env | grep ^AWS_ | cut -d= -f1 | sort | tr '\\n' ' '");
    assert_eq!(
        names,
        "AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AWS_REGION AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN "
    );
}

#[test]
fn promise_6_in_bash_env_a_block_counts_once_and_what_the_step_sets_afterwards_stands() {
    let job = Job::new();
    job.assume(&[]).succeeds();
    job.assume(&[]).succeeds();
    let script = "export AWS_ACCESS_KEY_ID=mine AWS_PROFILE=mine; unset AWS_SESSION_TOKEN\n\
                  bash -c 'bash -c \"env | grep ^AWS_ | sort\"' | sed '/SECRET/d'; \
                  env -i PATH=\"$PATH\" BASH_ENV=\"$BASH_ENV\" bash -c 'echo \"$AWS_ACCESS_KEY_ID\"'";
    let latest = &job.sts.granted()[1].access_key_id;
    assert_eq!(next_step(&job, &[], script), format!("AWS_ACCESS_KEY_ID=mine\nAWS_PROFILE=mine\n{latest}\n"));
}

#[test]
fn promise_6_where_one_destination_fails_the_others_are_put_back() {
    for before in ["", "export A=1\n"] {
        let job = Job::with_fault(Fault::Delay(std::time::Duration::from_millis(700)), None);
        if !before.is_empty() {
            job.write("bash_env", before);
        }
        let child = job
            .command(&["assume", "--to", "bash-env", "--to", "dotenv:out.env", "--to", "profile:prod"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while job.sts.requests().is_empty() {
            std::thread::yield_now();
        }
        // Both files could be edited when the run began; somebody breaks one while STS is asked.
        job.write("home/.aws/credentials", "[a]\n[a]\n");
        let run = crate::support::Run::from(&child.wait_with_output().unwrap());
        run.expect(6, "line 2 repeats the section `[a]` of line 1");
        assert_eq!(job.read("bash_env"), before);
        assert_eq!(job.path("bash_env").exists(), !before.is_empty());
        assert!(!job.path("out.env").exists());
        assert_eq!(job.read("home/.aws/credentials"), "[a]\n[a]\n");
    }
}

#[test]
fn promise_6_two_profiles_of_one_run_are_both_written() {
    let job = Job::new();
    job.assume(&["--to", "profile:a", "--to", "profile:b"]).succeeds();
    let text = job.read("home/.aws/credentials");
    let key = format!("aws_access_key_id = {}\n", job.sts.granted()[0].access_key_id);
    assert_eq!(text.matches(&key).count(), 2, "[a] and [b]");
}

#[test]
fn promise_6_a_static_key_of_a_context_does_not_win_unnoticed() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIASTATIC"), ("AWS_SECRET_ACCESS_KEY", "static")];
    let mut job = Job::new();
    for (name, value) in keys {
        job.set(name, value);
    }
    job.assume(&[]).succeeds();
    let seen = next_step(&job, &keys, "echo \"$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY\"");
    let granted = &job.sts.granted()[0];
    assert_eq!(seen, format!("{} {}\n", granted.access_key_id, granted.secret_access_key));
    job.assume(&["--profile", "prod"])
        .expect(0, "note: AWS_ACCESS_KEY_ID is set in this job: AWS tools use it before any profile");
}

#[test]
fn promise_6_no_region_is_invented() {
    let job = Job::new();
    job.assume(&[]).succeeds();
    let names = next_step(&job, &[], "env | grep ^AWS_ | cut -d= -f1 | sort | tr '\\n' ' '");
    assert_eq!(names, "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN ");
}
