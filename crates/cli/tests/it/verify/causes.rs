//! Each way in which the file of `BASH_ENV` keeps the credentials from the next step has its own cause and its own hint.

use crate::support::Job;
use crate::support::files::{set_mode, snapshot};

/// A job in Europe, with this text in the file.
fn job_with_file(text: &str) -> Job {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1").set("PATH", "/usr/bin:/bin");
    job.write("bash_env", text);
    job
}

#[test]
fn each_cause_has_its_own_hint() {
    let ends = "bash ends with exit status: 0 while it reads `";
    let not_run = "bash does not run what is appended to `";
    for (text, cause, reason, hint) in [
        (
            "A=1\nexit 0\n",
            ends,
            "(BASH_ENV), before the first command of a step: line 2 runs `exit`",
            "remove `exit`",
        ),
        ("exec true\n", ends, ": line 1 runs `exec`", "remove `exec`"),
        (
            "A=1\nset -n\n",
            ends,
            ": after `set -n` (`set -o noexec`) in line 2 bash runs nothing",
            "remove `set -n`",
        ),
        ("set -o noexec\n", ends, "in line 1 bash runs nothing", "remove `set -n` or `set -o noexec`"),
        (
            "set -eu\n\nfalse\n",
            "bash ends with exit status: 1",
            ": line 3 fails after `set -e`",
            "correct that command in `",
        ),
        ("f() {\n  exit 3\n}\nf\n", "bash ends with exit status: 3", " runs `exit`", "remove `exit`"),
        ("A=1\nreturn 0\n", not_run, "(BASH_ENV): line 2 runs `return`", "remove the `return` from `"),
        (
            "case $- in *i*) ;; *) return;; esac\n",
            not_run,
            ": line 1 runs `return`",
            "remove the `return` from `",
        ),
        (
            "set -u\nexport A=$NOT_SET\n",
            not_run,
            ": line 2 uses NOT_SET, which is not set, after `set -u`",
            "write `${NOT_SET-}` in `",
        ),
        (
            "trap 'export AWS_SESSION_TOKEN=mine' DEBUG\n",
            "a DEBUG trap in `",
            "undoes what is appended to it",
            "remove the DEBUG trap from `",
        ),
        (
            "trap 'unset AWS_REGION' DEBUG\n",
            "a DEBUG trap in `",
            "undoes what is appended to it",
            "remove the DEBUG trap from `",
        ),
        (
            "shopt -s expand_aliases\nalias export='echo' unset=:\n",
            "(BASH_ENV) defines an alias `export`",
            "and an alias `unset`: bash runs that",
            "remove an alias `export` and an alias `unset` from `",
        ),
        (
            "export() { :; }\n",
            "(BASH_ENV) defines a function `export`",
            "",
            "remove a function `export` from `",
        ),
        (
            "readonly AWS_REGION=x\n",
            "(BASH_ENV) cannot change AWS_REGION",
            "",
            "remove `readonly` or `declare -r` of AWS_REGION",
        ),
    ] {
        let job = job_with_file(text);
        let before = snapshot(&job);
        let run = job.assume(&["--verify"]);
        for part in [cause, reason, &format!("hint: {hint}")] {
            assert!(run.stderr.contains(part), "{text}: `{part}` is not in\n{}", run.stderr);
        }
        assert_eq!(run.status, 7, "{text}");
        assert_eq!(snapshot(&job), before, "{text}");
    }
}

#[test]
fn a_bash_without_the_right_to_be_executed_is_named() {
    if std::path::Path::new("/bin/bash").exists() && !crate::support::files::is_root() {
        return crate::support::files::visibly("skipped: /bin/bash can be hidden by root only");
    }
    let mut job = job_with_file("");
    let bash = job.write("bin/bash", "#!/bin/sh\n");
    set_mode(&bash, 0o644);
    // `/bin/bash` would be found before it.
    let script = format!(
        "mount --bind '{}' \"$(readlink -f /bin/bash)\" && exec '{}' assume --verify",
        bash.display(),
        env!("CARGO_BIN_EXE_circleci-aws-oidc")
    );
    job.set("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    let of_job = job.command(&[]);
    let mut command = std::process::Command::new("unshare");
    command.args(["--mount", "sh", "-c", &script]).env_clear();
    command.envs(of_job.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let run = crate::support::Run::from(&command.output().unwrap());
    if run.stderr.contains("unshare failed") || run.stderr.contains("permission denied.") {
        return crate::support::files::visibly("skipped: this machine does not allow mounts");
    }
    run.expect(7, "caused by: `/bin/bash` cannot be run to read `")
        .expect(7, "Permission denied")
        .expect(7, "hint: let the user who runs this step execute `/bin/bash`");
}

/// A step of bash, which reads the file before it.
const CLEAR_AND_VERIFY: &str = "\"$0\" clear --quiet; \"$0\" assume --profile p2 --verify; exit $?";

#[test]
fn a_block_that_the_same_step_clears_is_none_of_the_next_step() {
    let job = job_with_file("");
    job.assume(&[]).succeeds();
    let block = job.read("bash_env");
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let script = CLEAR_AND_VERIFY.replace("$0", program);
    job.bash(&script)
        .expect(0, "verified: the next step that bash runs has this role's session, from profile p2");
    // Below a script of the step, too.
    job.write("bash_env", &block);
    job.write("nested.sh", &script);
    job.bash("bash ./nested.sh; exit $?").expect(0, "session, from profile p2");
    job.write("bash_env", &block);
    job.write("roles.ini", "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\n");
    let profiles =
        format!("'{program}' clear --quiet; '{program}' profiles --config-file roles.ini --verify; exit $?");
    job.bash(&profiles).expect(0, "each profile is its role's session in the next step that bash runs");
}

#[test]
fn keys_that_the_cleared_block_hid_are_those_of_the_next_step() {
    let mut job = job_with_file("");
    job.set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").set("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI");
    job.assume(&[]).succeeds();
    let script = CLEAR_AND_VERIFY.replace("$0", env!("CARGO_BIN_EXE_circleci-aws-oidc"));
    job.bash(&script)
        .expect(7, "the next step would use other credentials, from environment (AWS_ACCESS_KEY_ID)")
        .expect(7, "hint: remove the other credentials from project settings, contexts");
}

#[test]
fn what_a_removed_block_hid_is_said_to_be_unknown_where_no_shell_shows_it() {
    let mut job = job_with_file("");
    job.assume(&[]).succeeds();
    let id = crate::support::next_step(&job, &[], "echo $BASH_ENV_AWS_OIDC_BLOCKS");
    job.set("BASH_ENV_AWS_OIDC_BLOCKS", id.trim());
    job.run(&["clear"]).succeeds();
    job.assume(&["--profile", "p2", "--verify"])
        .expect(7, "caused by: a block that this step has read was removed from the file of BASH_ENV")
        .expect(7, "hint: run `assume` with `--verify` in a step after the one that runs `clear`");
    let run = job.run(&["preflight", "--profile", "p2"]);
    assert!(run.stdout.contains("this step has read a block that `clear` has removed"), "{}", run.stdout);
    job.assume(&["--verify"]).succeeds();
}

#[test]
#[cfg(target_os = "linux")]
fn keys_that_the_step_has_unset_are_those_of_the_next_step() {
    let mut job = job_with_file("export EARLIER=1\n");
    job.set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").set("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI");
    job.set("CIRCLE_WORKFLOW_JOB_ID", "11111111-1111-4111-8111-111111111111");
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let unset = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY";
    for script in [
        format!("{unset}; '{program}' assume --profile p2 --verify; exit $?"),
        format!("env -u AWS_ACCESS_KEY_ID '{program}' assume --profile p2 --verify; exit $?"),
        format!("{unset}; sh -c \"'{program}' assume --profile p2 --verify; exit \\$?\"; exit $?"),
    ] {
        job.bash(&script)
            .expect(7, "the next step would use other credentials, from environment (AWS_ACCESS_KEY_ID)");
    }
    let script = format!("{unset}; '{program}' assume --verify; exit $?");
    job.bash(&script).expect(0, "verified: the next step that bash runs has this role's session");
    job.write("bash_env", &format!("{unset}\n"));
    let script = format!("{unset}; '{program}' assume --profile p2 --verify; exit $?");
    job.bash(&script).expect(0, "session, from profile p2");
}
