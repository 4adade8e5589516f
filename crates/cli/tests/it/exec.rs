//! `exec`: the command's environment, streams, signals and exit code are its own; a command that cannot be started costs
//! no session.

mod serve;

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::files::snapshot;
use crate::support::{Job, Run};

const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

fn job() -> Job {
    let mut job = Job::new();
    job.set("PATH", PATH).set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1");
    job
}

/// The command's output may show secrets: they are its own.
fn exec(job: &Job, command: &[&str]) -> Run {
    let output = job.command(&[&["exec", "--"], command].concat()).output().unwrap();
    job.assert_no_secret_in(&[("stderr", &output.stderr)]);
    Run::from(&output)
}

/// The lines of `env`, sorted.
fn environment_of(job: &Job, flags: &[&str]) -> Vec<String> {
    let output = job.command(&[&["exec"], flags, &["--", "env"]].concat()).output().unwrap();
    let run = Run::from(&output);
    run.succeeds();
    let mut lines: Vec<String> = run.stdout.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn names(lines: &[String]) -> Vec<&str> {
    lines.iter().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect()
}

/// Sets what overrides credentials, and every way to a token.
fn with_all_that_is_taken_out(job: &mut Job) {
    let token = job.value("CIRCLE_OIDC_TOKEN_V2").to_owned();
    for name in [
        "AWS_SECURITY_TOKEN",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "BITBUCKET_STEP_OIDC_TOKEN",
        "CIRCLE_OIDC_TOKEN",
    ] {
        job.set(name, "old");
    }
    job.set("AWS_TOKEN", &token).set("CIRCLECI_AWS_OIDC_TOKEN_SOURCE", "env:AWS_TOKEN");
    job.unset("BASH_ENV");
}

#[test]
fn promise_6_the_commands_environment_is_exactly_what_is_listed() {
    let mut job = job();
    with_all_that_is_taken_out(&mut job);
    job.set("MINE", "a\nb=c");
    // Under a name that the job has given it.
    let copy = format!("Bearer {}", job.value("CIRCLE_OIDC_TOKEN_V2"));
    job.set("TF_VAR_header", &copy);
    let lines = environment_of(&job, &[]);
    let granted = &job.sts.granted()[0];
    let mut expected = vec![
        format!("AWS_ACCESS_KEY_ID={}", granted.access_key_id),
        format!("AWS_SECRET_ACCESS_KEY={}", granted.secret_access_key),
        format!("AWS_SESSION_TOKEN={}", granted.session_token),
        "AWS_REGION=eu-west-1".to_owned(),
        "AWS_DEFAULT_REGION=eu-west-1".to_owned(),
        "MINE=a".to_owned(),
        "b=c".to_owned(),
    ];
    expected.extend(
        ["PATH", "HOME", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL_STS"]
            .map(|name| format!("{name}={}", job.value(name))),
    );
    expected.sort();
    assert_eq!(lines, expected);
}

#[test]
fn promise_6_one_note_names_what_the_command_does_not_inherit() {
    let mut job = job();
    with_all_that_is_taken_out(&mut job);
    let note = "note: the command does not inherit AWS_SECURITY_TOKEN, AWS_PROFILE, AWS_DEFAULT_PROFILE, \
        AWS_CREDENTIAL_EXPIRATION, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI, \
        AWS_CONTAINER_AUTHORIZATION_TOKEN, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, which would override the \
        credentials; AWS_TOKEN, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN, CIRCLE_OIDC_TOKEN_V2, \
        CIRCLE_OIDC_TOKEN, BITBUCKET_STEP_OIDC_TOKEN, AWS_WEB_IDENTITY_TOKEN_FILE, CIRCLECI_AWS_OIDC_REGION, \
        CIRCLECI_AWS_OIDC_ROLE_ARN, CIRCLECI_AWS_OIDC_TOKEN_SOURCE, with which it could assume the role again\n";
    let run = exec(&job, &["true"]);
    run.expect(0, note);
    assert_eq!(run.stderr.matches("does not inherit").count(), 1, "{}", run.stderr);
    let quiet = Run::from(&job.command(&["exec", "--quiet", "--", "true"]).output().unwrap());
    assert_eq!((quiet.status, quiet.stderr.as_str()), (0, ""));
}

#[test]
fn with_pass_token_the_command_inherits_token_and_settings() {
    let job = job();
    let without = environment_of(&job, &[]);
    let with = environment_of(&job, &["--pass-token"]);
    for name in ["CIRCLE_OIDC_TOKEN_V2", "CIRCLECI_AWS_OIDC_ROLE_ARN", "CIRCLECI_AWS_OIDC_REGION"] {
        assert!(!names(&without).contains(&name) && names(&with).contains(&name), "{name}");
    }
    // A run of the program itself then does the same again.
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let nested =
        job.command(&["exec", "--pass-token", "--", program, "exec", "--", "true"]).output().unwrap();
    Run::from(&nested).succeeds();
    exec(&job, &[program, "exec", "--", "true"]).expect(2, "(CIRCLECI_AWS_OIDC_ROLE_ARN) is required");
}

#[test]
fn promise_6_a_bash_of_the_command_does_not_go_back_to_an_earlier_session() {
    let mut job = job();
    job.assume(&[]).succeeds();
    job.set("BASH_ENV_AWS_OIDC_BLOCKS", "install");
    let run = exec(&job, &["bash", "-c", "bash -c 'echo $AWS_ACCESS_KEY_ID $BASH_ENV_AWS_OIDC_BLOCKS'"]);
    run.succeeds();
    let (earlier, current) = (&job.sts.granted()[0].access_key_id, &job.sts.granted()[1].access_key_id);
    assert_ne!(earlier, current);
    assert!(run.stdout.starts_with(&format!("{current} install ")), "{}", run.stdout);
}

#[test]
fn promise_1_exec_writes_no_file_and_no_secret_to_a_stream_of_its_own() {
    let job = job();
    let before = snapshot(&job);
    let run = job.run(&["exec", "--", "sh", "-c", "cat /proc/$$/cmdline | tr '\\0' ' '"]);
    run.succeeds();
    assert!(run.stdout.starts_with("sh -c cat") || cfg!(not(target_os = "linux")), "{}", run.stdout);
    assert_eq!(snapshot(&job), before);
}

/// All 256 are in scripts/end-to-end/exec.sh.
#[test]
fn the_exit_code_is_the_commands() {
    let job = job();
    for code in [0, 1, 2, 8, 127, 128, 255] {
        let run = exec(&job, &["sh", "-c", &format!("exit {code}")]);
        assert_eq!(run.status, code, "{}", run.stderr);
    }
}

#[test]
fn a_command_that_a_signal_ends_is_seen_to_end_by_it() {
    let job = job();
    for signal in [Signal::TERM, Signal::KILL, Signal::PIPE] {
        let script = format!("kill -{} $$; sleep 9", signal.as_raw());
        let status = job.command(&["exec", "--", "sh", "-c", &script]).status().unwrap();
        assert_eq!(status.signal(), Some(signal.as_raw()));
    }
}

/// A command with piped streams, once it has printed its first line.
fn started(job: &Job, script: &str) -> (Child, BufReader<std::process::ChildStdout>, String) {
    started_with(job, &[], script)
}

fn started_with(
    job: &Job,
    flags: &[&str],
    script: &str,
) -> (Child, BufReader<std::process::ChildStdout>, String) {
    let mut command = job.command(&[&["exec"], flags, &["--", "bash", "-c", script]].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    (child, stdout, line.trim().to_owned())
}

#[test]
fn a_hundred_signals_reach_the_command_which_has_the_programs_process_id() {
    let job = job();
    // A trap that prints would lose a signal that comes while bash still runs it.
    let script = "n=0 got=; trap got=1 USR1; echo $$; while [ $n -lt 100 ]; do sleep 0.002; \
        if [ \"$got\" ]; then got=; n=$((n+1)); echo $n; fi; done";
    let (mut child, mut stdout, id) = started(&job, script);
    assert_eq!(id, child.id().to_string());
    for count in 1..=100 {
        kill_process(Pid::from_child(&child), Signal::USR1).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), count.to_string());
    }
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_command_reads_the_stdin_of_the_program() {
    let (mut child, mut stdout, _) = started(&job(), "echo ready; read -r line; echo \"got $line\"");
    child.stdin.take().unwrap().write_all(b"a line\n").unwrap();
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "got a line\n");
    assert!(child.wait().unwrap().success());
}

#[test]
fn closed_streams_and_what_is_ignored_stay_so() {
    let job = job();
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    // dash does not let a script reset a signal that was ignored when it was started.
    let script = format!(
        "trap '' HUP; \"{program}\" exec -- sh -c 'kill -HUP $$; kill -HUP $$; echo \"$1\" >kept; exit 3' sh 'a  b' >&- 2>&-"
    );
    assert_eq!(job.bash(&format!("set +e; {script}; exit $?")).status, 3);
    assert_eq!(job.read("kept"), "a  b\n");
}

#[test]
#[cfg(target_os = "linux")]
fn the_limit_on_core_dumps_is_the_one_of_the_step() {
    let job = job();
    let script = |limit: &str| {
        format!(
            "ulimit -Sc {limit}; {} exec -- bash -c 'ulimit -Sc'",
            env!("CARGO_BIN_EXE_circleci-aws-oidc")
        )
    };
    if job.bash("ulimit -Hc").stdout.trim() == "0" {
        return crate::support::files::visibly("skipped: core dumps are off for good here");
    }
    assert_eq!(job.bash(&script("1")).stdout.trim(), "1");
}

#[test]
fn a_value_that_is_not_utf_8_reaches_the_command() {
    use std::os::unix::ffi::OsStrExt;
    let job = job();
    let mut command =
        job.command(&["exec", "--", "sh", "-c", "printf %s \"$ODD\"; printf '%s' \"$1\"", "sh"]);
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    command.env("ODD", odd).arg(odd);
    assert_eq!(command.output().unwrap().stdout, b"\xff\xfe\xff\xfe");
}

#[test]
fn a_command_that_cannot_be_started_costs_no_session() {
    let job = job();
    job.write("script", "echo hello\n");
    for (command, cause, hint) in [
        ("terrafrom", "no program `terrafrom` is in PATH", "hint: correct the name, or give the path"),
        ("./none", "`./none` does not exist", "hint: correct the path"),
        ("./script", "`./script` is not executable", "hint: run `chmod +x ./script`, or name the program"),
        ("./home", "`./home` is not executable", "hint: name a program, and its arguments behind it"),
        ("aws s3 ls", "no program `aws s3 ls` is in PATH", "`-- sh -c '…'`"),
    ] {
        let run = exec(&job, &[command]);
        run.expect(2, "error: the command cannot be run\n").expect(2, cause).expect(2, hint);
    }
    assert_eq!(job.sts.requests().len(), 0);
    // Only the system can tell that this one cannot be run.
    job.write_program("wrong", "#!/nowhere/python\n");
    exec(&job, &["./wrong"]).expect(1, "error: `./wrong` cannot be run\n").expect(1, "its first line");
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_refusal_starts_nothing() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "210987654321");
    exec(&job, &["sh", "-c", "touch started"]).expect(7, "error: ");
    assert!(!job.path("started").exists());
}
