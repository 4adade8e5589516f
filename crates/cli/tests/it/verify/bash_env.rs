//! The file of `BASH_ENV` is read by a real bash: what it does there decides, not what a line of it looks like.

use std::process::Command;
use std::time::{Duration, Instant};

use local_sts::GrantedCredentials;

use super::{job_with_other_keys, questions};
use crate::support::files::{is_root, snapshot, visibly};
use crate::support::{Job, Run, next_step};

const NOTE: &str = "note: not verified: a step that bash runs, because there is no bash here to read `/bash_env` (BASH_ENV)\n";

const BASH: &str = "verified: the next step that bash runs has this role's session, from ";

/// A job in Europe, with this text in the file.
fn job_with_file(text: &str) -> Job {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1").set("PATH", "/usr/bin:/bin");
    job.write("bash_env", text);
    job
}

/// Exports these credentials, as an earlier step does.
fn exports(credentials: &GrantedCredentials) -> String {
    let GrantedCredentials { access_key_id, secret_access_key, session_token, .. } = credentials;
    format!(
        "export AWS_ACCESS_KEY_ID='{access_key_id}' AWS_SECRET_ACCESS_KEY='{secret_access_key}' \
         AWS_SESSION_TOKEN='{session_token}'\n"
    )
}

#[test]
fn a_file_that_keeps_the_credentials_from_the_next_step_is_refused() {
    let not_run = "bash does not run what is appended to `";
    let cannot_change = "(BASH_ENV) cannot change AWS_REGION\n";
    for (text, cause, hint) in [
        ("case $- in *i*) ;; *) return;; esac\n", not_run, "remove the `return` from `"),
        ("[ -z \"$PS1\" ] && return\n", not_run, "remove the `return` from `"),
        ("exit 0\n", "bash ends with exit status: 0 while it reads `", "remove `exit` from `"),
        ("exit 3\n", "bash ends with exit status: 3 while it reads `", "remove `exit` from `"),
        ("set -e\nfalse\n", "bash ends with exit status: 1 while", "or remove `set -e`: bash reads"),
        ("exec true\n", "bash ends with exit status: 0 while", "remove `exec` from `"),
        ("readonly AWS_REGION=us-east-1\n", cannot_change, "remove `readonly` or `declare -r` of AWS_REGION"),
        (
            "export AWS_PROFILE=x; readonly AWS_PROFILE\n",
            "cannot change AWS_PROFILE\n",
            "of AWS_PROFILE from",
        ),
        ("readonly AWS_ACCESS_KEY_ID=x\n", "cannot change AWS_ACCESS_KEY_ID\n", "of AWS_ACCESS_KEY_ID from"),
    ] {
        let job = job_with_file(text);
        let before = snapshot(&job);
        let run = job.assume(&["--verify"]);
        run.expect(7, "error: the credentials are not exported: `--verify` failed\n")
            .expect(7, cause)
            .expect(7, &job.text("bash_env"))
            .expect(7, hint);
        assert!(!run.stderr.contains("verified:"), "{text}: {}", run.stderr);
        assert_eq!(snapshot(&job), before, "{text}");
        assert_eq!(questions(&job), 0, "{text}: AWS is not called for credentials that no step has");
    }
}

#[test]
fn a_file_that_waits_or_prints_without_end_is_left_with_what_it_started() {
    let mut job = job_with_file("");
    job.set("CIRCLECI_AWS_OIDC_VERIFY", "1");
    for (text, cause) in [
        ("sleep 100 & echo $! >pid; echo $$ >group; wait\n", "bash does not finish reading `"),
        (
            "printf -v x %1000s; while :; do echo \"$x\"; done\n",
            "bash prints more than 4 MiB while it reads `",
        ),
    ] {
        job.write("bash_env", text);
        let start = Instant::now();
        job.assume(&[]).expect(7, cause).expect(7, "hint: remove the command that waits or prints from `");
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
        assert_eq!(job.read("bash_env"), text);
    }
    for name in ["pid", "group"] {
        let process = std::path::Path::new("/proc").join(job.read(name).trim()).join("stat");
        // What is killed may not be reaped yet.
        let state = std::fs::read_to_string(process).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "{name}: {state}");
    }
}

#[test]
fn nothing_that_the_file_prints_or_leaves_switched_on_is_shown_or_matters() {
    for text in [
        "echo PRINTED; echo PRINTED >&2\n",
        "set -eux; BASH_XTRACEFD=1; PS4='PRINTED '\n",
        "trap 'echo PRINTED' DEBUG EXIT; trap 'false' ERR; set -T\n",
        "shopt -s expand_aliases; alias builtin='echo PRINTED' for='echo PRINTED'; printf() { echo PRINTED; }\n",
        "set -f; IFS=A_; export UNSET; export EMPTY=\n",
        "return 0 2>/dev/null && true\n",
        "PATH=/nowhere\n",
        "export LINES_='a\nAWS_ACCESS_KEY_ID=x\n'\n",
    ] {
        let job = job_with_file(text);
        let run = job.assume(&["--verify"]);
        assert!(!run.stderr.contains("PRINTED") && run.stdout.is_empty(), "{}", run.stderr);
        if text.starts_with("return") {
            run.expect(7, "bash does not run what is appended");
        } else {
            run.expect(0, &format!("{BASH}environment (AWS_ACCESS_KEY_ID)\n"));
        }
    }
}

#[test]
fn a_variable_that_keeps_bash_from_the_file_is_named() {
    for (name, value) in
        [("POSIXLY_CORRECT", ""), ("SHELLOPTS", "braceexpand:posix"), ("SHELLOPTS", "privileged")]
    {
        let mut job = job_with_file("");
        job.set(name, value);
        let file = job.text("bash_env");
        job.assume(&["--verify"])
            .expect(
                7,
                &format!("caused by: bash does not read `{file}` (BASH_ENV), because {name} makes it a "),
            )
            .expect(7, &format!("hint: unset {name} in the job, or write a profile"));
        job.assume(&["--verify", "--profile", "ci"]).expect(0, &format!("{BASH}profile ci"));
    }
}

#[test]
fn credentials_that_an_earlier_step_left_for_bash_are_seen_in_a_step_that_sh_runs() {
    let (mut job, other) = job_with_other_keys();
    // A step that sh runs has none of them.
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        job.unset(name);
    }
    job.write("bash_env", &exports(&other));
    let before = snapshot(&job);
    job.assume(&["--profile", "ci", "--verify"])
        .expect(7, "caused by: the identity of the next step would be `")
        .expect(7, "from environment (AWS_ACCESS_KEY_ID); expected `");
    assert_eq!(snapshot(&job), before);
    job.write("roles.ini", "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\n");
    let profiles = ["profiles", "--config-file", "roles.ini", "--verify"];
    let before = snapshot(&job);
    job.run(&profiles).expect(7, "the identity of the next step would be `");
    assert_eq!(snapshot(&job), before);
    job.write("bash_env", "exit 0\n");
    let run = job.run(&profiles);
    run.expect(7, "error: the profiles are not exported: `--verify` failed\n")
        .expect(7, "caused by: bash ends with exit status: 0 while it reads `");
    job.write("bash_env", "");
    job.run(&profiles).expect(0, "each profile is its role's session in the next step that bash runs\n");
    job.assume(&["--profile", "ci", "--verify"]).expect(0, &format!("{BASH}profile ci"));
}

#[test]
fn a_block_that_this_step_has_read_counts_anew_for_the_next_one() {
    let mut job = job_with_file("");
    job.assume(&["--session-name", "first", "--verify"]).expect(0, BASH);
    let first = job.sts.granted().remove(0).access_key_id;
    let guard = next_step(&job, &[], "echo \"${BASH_ENV_AWS_OIDC_BLOCKS-}\"");
    // As in a step that bash runs: it has read the block, and then unset what the block has set.
    job.set("BASH_ENV_AWS_OIDC_BLOCKS", guard.trim());
    job.assume(&["--profile", "ci", "--session-name", "second", "--verify"])
        .expect(7, "caused by: the identity of the next step would be `")
        .expect(7, "assumed-role/deploy/first`");
    assert_eq!(next_step(&job, &[], "echo $AWS_ACCESS_KEY_ID"), format!("{first}\n"));
}

#[test]
fn a_file_that_points_to_other_profiles_is_followed() {
    let mut job = job_with_file("export AWS_SHARED_CREDENTIALS_FILE=$PWD/none AWS_CONFIG_FILE=$PWD/none\n");
    job.assume(&["--profile", "ci", "--verify"])
        .expect(7, "the next step would find no credentials")
        .expect(7, "/none");
    job.unset("BASH_ENV");
    job.assume(&["--profile", "ci", "--verify"])
        .expect(0, "verified: the next step has this role's session, from profile ci");
}

#[test]
fn an_endpoint_is_verified_through_the_file_too() {
    let mut job = job_with_file("case $- in *i*) ;; *) return;; esac\n");
    job.set("HOME", &job.text("home"));
    let serving = crate::support::serving::Serving::start(&job, &[]);
    let before = job.read("bash_env");
    job.assume(&["--mode", "endpoint", "--verify"]).expect(7, "bash does not run what is appended to `");
    assert_eq!(job.read("bash_env"), before);
    job.write("bash_env", "");
    job.assume(&["--mode", "endpoint", "--verify"]).expect(0, &format!("{BASH}container endpoint"));
    serving.stop(&job);
}

#[test]
fn a_path_is_expanded_as_bash_does_and_no_file_has_the_name_of_a_variable() {
    let mut job = job_with_file("");
    for value in ["~/env", "$HOME/env", "${HOME}/env"] {
        job.set("BASH_ENV", value);
        job.assume(&["--verify"]).expect(0, &format!("{BASH}environment (AWS_ACCESS_KEY_ID)\n"));
        assert!(job.read("home/env").contains("AWS_SESSION_TOKEN"), "{value}");
        job.run(&["clear", "--to", "bash-env"]).expect(0, &format!("`{}`", job.text("home/env")));
        assert_eq!(job.read("home/env"), "");
    }
    let before = snapshot(&job);
    for value in ["$X/env", "$(echo x)/env", "`echo x`", "~root/env", "${HOME:-x}/env"] {
        job.set("BASH_ENV", value);
        let cause = format!(
            "caused by: invalid value `{value}` of BASH_ENV; expected a path in which only a leading"
        );
        for command in
            [&["assume", "--verify"][..], &["clear", "--to", "bash-env"], &["assume", "--mode", "endpoint"]]
        {
            job.run(command)
                .expect(6, &cause)
                .expect(6, "hint: set BASH_ENV to the absolute path of the file");
        }
    }
    job.set("BASH_ENV", "~/env").unset("HOME");
    job.assume(&[]).expect(6, "`~/env` in BASH_ENV needs HOME, which is not set").expect(6, "hint: set HOME");
    assert_eq!(snapshot(&job), before);
}

/// The job's directory as a machine of its own: the binary and the libraries that it needs, and no shell.
fn run_without_bash(job: &Job, arguments: &[&str]) -> Run {
    let binary = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let libraries = Command::new("ldd").arg(binary).output().unwrap();
    let libraries = String::from_utf8(libraries.stdout).unwrap();
    let files = libraries.split_whitespace().filter(|word| word.starts_with('/'));
    for (file, name) in files.map(|file| (file, &file[1..])).chain([(binary, "bin/program")]) {
        testkit::copy_program(file.as_ref(), &job.path(name)).unwrap();
    }
    let mut command = Command::new("/usr/sbin/chroot");
    command.arg(job.directory.path()).arg("/bin/program").args(arguments).env_clear();
    command.envs([
        ("HOME", "/home"),
        ("BASH_ENV", "/bash_env"),
        ("AWS_CA_BUNDLE", "/ca.pem"),
        ("PATH", "/bin"),
    ]);
    for name in ["AWS_ENDPOINT_URL_STS", "CIRCLECI_AWS_OIDC_ROLE_ARN", "AWS_REGION", "CIRCLE_OIDC_TOKEN_V2"] {
        command.env(name, job.value(name));
    }
    let output = command.output().unwrap();
    job.assert_no_secret_in(&[("stdout", &output.stdout), ("stderr", &output.stderr)]);
    Run::from(&output)
}

#[test]
fn without_bash_nothing_is_called_verified_that_only_bash_reads() {
    if !is_root() || !std::path::Path::new("/usr/sbin/chroot").exists() {
        return visibly("skipped: chroot needs root");
    }
    let job = job_with_file("");
    std::fs::remove_file(job.path("bash_env")).unwrap();
    let run = run_without_bash(&job, &["assume", "--profile", "ci", "--verify"]);
    run.expect(0, "verified: the next step that sh runs has this role's session, from profile ci");
    assert!(!run.stderr.contains("not verified"), "no step reads a file that is not there: {}", run.stderr);
    let run = run_without_bash(&job, &["assume", "--verify"]);
    run.expect(0, NOTE);
    assert!(!run.stderr.contains("\nverified"), "{}", run.stderr);
    let run = run_without_bash(&job, &["assume", "--profile", "ci", "--verify"]);
    run.expect(0, NOTE).expect(0, "verified: the next step that sh runs has");
    job.write("roles.ini", "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\n");
    let run = run_without_bash(&job, &["profiles", "--config-file", "roles.ini", "--verify"]);
    run.expect(0, NOTE).expect(0, "each profile is its role's session in the next step that sh runs\n");
    let run = run_without_bash(&job, &["preflight"]);
    assert!(
        run.stdout.contains("there is no bash here, and no other shell reads `/bash_env`"),
        "{}",
        run.stdout
    );
}
