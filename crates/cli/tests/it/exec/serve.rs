//! `exec --serve`: an endpoint in place of the keys, which lives as long as the command.

use std::io::BufRead;

use local_sts::{Config, Role};
use rustix::process::{Pid, Signal, kill_process};

use super::{job, names, started_with};
use crate::support::files::snapshot;
use crate::support::{Job, ROLE, Run, policy};

/// What an AWS tool asks.
const ASK: &str = "curl -sS -m 5 -H \"Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN\" \
                   \"$AWS_CONTAINER_CREDENTIALS_FULL_URI\"";

fn served(job: &Job, flags: &[&str], command: &[&str]) -> Run {
    let output = job.command(&[&["exec", "--serve"], flags, &["--"], command].concat()).output().unwrap();
    job.assert_no_secret_in(&[("stderr", &output.stderr)]);
    Run::from(&output)
}

#[test]
fn the_command_finds_the_credentials_at_an_endpoint_and_no_key_in_its_environment() {
    let mut job = job();
    for name in
        ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ROLE_ARN"]
    {
        job.set(name, "old");
    }
    let before = snapshot(&job);
    let run = served(&job, &[], &["sh", "-c", &format!("{ASK}; echo; env; exit 3")]);
    run.expect(3, "note: the command does not inherit AWS_ACCESS_KEY_ID, ");
    let (body, environment) = run.stdout.split_once('\n').unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["AccessKeyId"], job.sts.granted()[0].access_key_id.as_str());
    let lines: Vec<String> = environment.lines().map(str::to_owned).collect();
    let mut found = names(&lines);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "AWS_CA_BUNDLE",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL_STS",
            "AWS_REGION",
            "BASH_ENV",
            "HOME",
            "PATH",
            "PWD",
        ]
    );
    assert_eq!(snapshot(&job), before, "a file was written");
}

#[test]
fn behind_a_proxy_the_command_calls_the_endpoint_directly() {
    let mut job = job();
    job.set("http_proxy", "http://127.0.0.1:9").set("NO_PROXY", "a.example");
    let run = served(&job, &[], &["sh", "-c", "echo \"$NO_PROXY $no_proxy\""]);
    run.expect(0, "note: NO_PROXY and no_proxy of the command name 127.0.0.1 too: some AWS tools would call the endpoint");
    assert_eq!(run.stdout.trim(), "a.example,127.0.0.1 a.example,127.0.0.1");
}

#[test]
fn credentials_that_end_while_the_command_runs_are_renewed() {
    let job = job();
    let script = format!(
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do {ASK} | tr , '\\n' | grep AccessKeyId; sleep 1; done; exit 7"
    );
    let flags = ["--scope-duration", "4s"];
    let run = served(&job, &flags, &["sh", "-c", &script]);
    run.expect(7, "renewed: these credentials are valid until ");
    let mut keys: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(keys.len(), 12, "{}{}", run.stdout, run.stderr);
    keys.dedup();
    assert!(keys.len() >= 3, "{keys:?}");
}

#[test]
fn a_refusal_comes_before_the_command() {
    let denied =
        Job::with(Config { roles: vec![Role::new(ROLE, &policy("org/another/*"))], ..Config::default() });
    let run =
        denied.run(&["exec", "--serve", "--region", "eu-west-1", "--role-arn", ROLE, "--", "touch", "ran"]);
    run.expect(4, "AccessDenied");
    assert!(!denied.path("ran").exists());
}

#[test]
fn a_renewal_that_fails_is_told_and_the_command_goes_on() {
    let job = job();
    job.write("token", job.value("CIRCLE_OIDC_TOKEN_V2"));
    let script = format!("rm token; sleep 7; {ASK} >/dev/null && exit 5");
    let flags = ["--scope-duration", "10s", "--token-source", "file:token"];
    served(&job, &flags, &["sh", "-c", &script])
        .expect(5, "error: ")
        .expect(5, "the previous credentials are served until ");
}

#[test]
fn a_hundred_signals_are_passed_on_and_none_ends_the_program() {
    let job = job();
    let script = "n=0 got=; trap got=1 USR1; echo $$; while [ $n -lt 100 ]; do sleep 0.002; \
        if [ \"$got\" ]; then got=; n=$((n+1)); echo $n; fi; done; exit 9";
    let (mut child, mut stdout, id) = started_with(&job, &["--serve"], script);
    assert_ne!(id, child.id().to_string());
    for count in 1..=100 {
        kill_process(Pid::from_child(&child), Signal::USR1).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), count.to_string());
    }
    assert_eq!(child.wait().unwrap().code(), Some(9));
}

#[test]
fn the_program_ends_as_the_command_ends() {
    let job = job();
    for code in [0, 1, 127, 255] {
        assert_eq!(served(&job, &[], &["sh", "-c", &format!("exit {code}")]).status, code);
    }
    for signal in [Signal::TERM, Signal::KILL, Signal::PIPE, Signal::SEGV] {
        let script = format!("ulimit -c 0; kill -{} $$; sleep 9", signal.as_raw());
        let status = job.command(&["exec", "--serve", "--", "sh", "-c", &script]).output().unwrap().status;
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(signal.as_raw()), "{status}");
    }
    // A signal to the program is the command's to answer.
    let (mut child, _, _) =
        started_with(&job, &["--serve"], "trap 'exit 4' TERM; echo $$; while :; do sleep 0.01; done");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(4));
}

#[test]
fn a_default_profile_that_would_win_is_refused_before_a_request() {
    let job = job();
    job.write(
        "home/.aws/credentials",
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
    );
    served(&job, &[], &["true"])
.expect(7, "and never call the endpoint\n  hint: remove them from that profile, or leave `--serve` out, as AWS tools use keys first\n");
    assert_eq!(job.sts.requests().len(), 0);
}
