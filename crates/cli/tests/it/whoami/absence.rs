//! Why the credentials of an earlier step are not found, and files that AWS's tools pass over. What needs other users is in
//! `scripts/end-to-end/sudo.sh`.

use std::process::Command;

use super::{job, set_variables, whoami};
use crate::support::{Job, Run};

const NOT_READ: &str = "(BASH_ENV) has credentials of `assume`, and this step has not read it";

/// A job in which an earlier step has written to `BASH_ENV`.
fn job_after_assume() -> Job {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    job.assume(&[]).succeeds();
    job
}

/// What `whoami` says where this shell runs it.
fn whoami_in(shell: &[&str], job: &Job) -> Run {
    let mut command = Command::new(shell[0]);
    // The shell would become the last command, and then nothing shows which one it was.
    command.args(&shell[1..]).args(["-c", "\"$0\" whoami; exit $?", env!("CARGO_BIN_EXE_circleci-aws-oidc")]);
    let whoami = job.command(&["whoami"]);
    let variables = whoami.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let output = command.env_clear().envs(variables).current_dir(job.directory.path()).output().unwrap();
    Run::from(&output)
}

#[test]
fn a_step_that_has_not_read_bash_env_says_so() {
    let run = whoami(&job_after_assume(), &[]);
    run.expect(2, NOT_READ).expect(2, "hint: run this step with bash, or let `assume` write a profile");
}

#[test]
fn the_shell_that_has_not_read_it_is_named() {
    let job = job_after_assume();
    whoami_in(&["sh"], &job)
        .expect(2, NOT_READ)
        .expect(2, "a shell that is started as `sh` does not read it");
    whoami_in(&["bash", "--posix"], &job).expect(2, "bash does not read it when started with `--posix`");
    whoami_in(&["bash", "-ep"], &job).expect(2, "bash does not read it when started with `-p`");
    whoami_in(&["bash"], &job).expect(0, "");
}

#[test]
fn a_shell_that_has_read_it_and_unset_it_is_told_so() {
    let job = job_after_assume();
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let run = job.bash(&format!("unset AWS_ACCESS_KEY_ID; '{program}' whoami; exit $?"));
    run.expect(2, "AWS_ACCESS_KEY_ID has been unset since");
}

#[test]
fn a_requested_profile_is_not_looked_for_in_bash_env() {
    let run = whoami(&job_after_assume(), &["--profile", "p"]);
    run.expect(2, "there is no profile `p` (requested)")
        .expect(2, "hint: write the profile in an earlier step");
    assert!(!run.stderr.contains(NOT_READ), "{}", run.stderr);
}

#[test]
fn without_a_block_in_bash_env_it_is_not_mentioned() {
    let (job, _) = job();
    job.write("bash_env", "export AWS_REGION=eu-west-1\n");
    let run = whoami(&job, &[]);
    run.expect(2, "no credentials");
    assert!(!run.stderr.contains("BASH_ENV"), "{}", run.stderr);
}

#[test]
fn sudo_is_a_reason_with_its_home() {
    let (mut job, _) = job();
    let home = job.text("home");
    job.set("SUDO_UID", "0").unset("BASH_ENV");
    whoami(&job, &[])
        .expect(
            2,
            "sudo has started this step (SUDO_UID): it removes BASH_ENV and, without `-E`, AWS's variables",
        )
        .expect(2, &format!("HOME is `{home}` here"))
        .expect(2, "sudo --preserve-env=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,");
}

/// What `whoami` says below a shell with the job's HOME, where it has another one itself.
fn whoami_with_another_home(job: &Job) -> Run {
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    job.bash(&format!("mkdir -p other; unset BASH_ENV; HOME=\"$PWD/other\" '{program}' whoami; exit $?"))
}

#[test]
fn the_default_profile_in_the_home_of_the_step_is_found_from_below_it() {
    let mut job = Job::new();
    job.set("PATH", "/usr/bin:/bin").set("AWS_REGION", "eu-west-1");
    job.assume(&["--mode", "profile"]).succeeds();
    let (home, other) = (job.text("home"), job.text("other"));
    whoami_with_another_home(&job)
        .expect(2, "error: no credentials: AWS_ACCESS_KEY_ID is not set; searched `")
        .expect(
            2,
            &format!(
                "profile `default` is in `{home}/.aws/credentials`, in the home directory of the process"
            ),
        )
        .expect(2, &format!("HOME is `{other}` here"))
        .expect(
            2,
            &format!(
                "hint: give this step and the one that runs `assume` the same HOME, `{home}` or `{other}`"
            ),
        );
}

#[test]
fn what_assume_left_in_the_home_of_the_step_is_evidence_for_a_profile_elsewhere() {
    let mut job = Job::new();
    job.set("PATH", "/usr/bin:/bin").set("AWS_REGION", "eu-west-1");
    job.assume(&["--mode", "credential-process", "--profile", "p"]).succeeds();
    let home = job.text("home");
    whoami_with_another_home(&job)
        .expect(
            2,
            &format!(
                "`{home}/.aws/circleci-aws-oidc` shows that `assume` or `serve` has run with the HOME of"
            ),
        )
        .expect(2, &format!("the same HOME, `{home}` or `"));
}

#[test]
fn a_token_that_sudo_has_removed_is_told_with_the_way_to_pass_it_on() {
    let mut job = Job::new();
    job.set("SUDO_UID", "1000").unset("CIRCLE_OIDC_TOKEN_V2").unset("BASH_ENV");
    for (flags, variable) in [
        (&[][..], "CIRCLE_OIDC_TOKEN_V2"),
        (&["--token-source", "circleci-v1"], "CIRCLE_OIDC_TOKEN"),
        (&["--token-source", "env:MY"], "MY"),
    ] {
        job.assume(&[&["--profile", "p"], flags].concat())
            .expect(3, "hint: sudo has started this step (SUDO_UID) and removes the job's variables")
            .expect(3, &format!("`sudo --preserve-env={variable} COMMAND`, which gives the token to root"));
    }
    let run = job.assume(&["--profile", "p", "--token-source", "file:/none"]);
    run.expect(3, "hint: check the path after `file:`");
}

#[test]
fn a_file_that_botocore_ignores_is_ignored_with_a_note() {
    let (mut job, keys) = job();
    std::fs::create_dir_all(job.path("home/.aws/config")).unwrap();
    whoami(&job, &[])
        .expect(2, "home/.aws/config` is ignored, as boto3 ignores it: it is not a regular file");
    set_variables(&mut job, &keys);
    let run = whoami(&job, &[]);
    run.succeeds().expect(0, "note: `");
    assert!(run.stdout.contains("source: environment"), "{}", run.stdout);
    assert_eq!(run.stderr.matches("is ignored").count(), 1, "{}", run.stderr);
}

#[test]
fn a_pipe_does_not_stop_whoami() {
    let (job, _) = job();
    job.write("home/.aws/config", "");
    let made = Command::new("mkfifo").arg(job.path("home/.aws/credentials")).status().unwrap();
    assert!(made.success());
    whoami(&job, &[]).expect(2, "credentials` is ignored, as boto3 ignores it: it is not a regular file");
}
