//! What bash makes of the file of `BASH_ENV` is known before `assume` writes to it.

use super::{assert_line, job, preflight};
use crate::support::Job;

fn job_with_file(text: &str) -> Job {
    let mut job = job();
    job.set("PATH", "/usr/bin:/bin");
    job.write("bash_env", text);
    job
}

/// From a pipe, as `preflight` passes the text on, bash 3.2 reads nothing.
fn reads_a_pipe() -> bool {
    let bash =
        std::process::Command::new("/bin/bash").args(["-c", "echo ${BASH_VERSINFO[0]}"]).output().unwrap();
    bash.stdout != b"3\n"
}

#[test]
fn a_file_that_ends_early_or_hides_what_follows_is_a_problem() {
    for (text, problem) in [
        ("case $- in *i*) ;; *) return;; esac\n", "bash does not run what is appended to `"),
        ("exit 0\n", "bash ends with exit status: 0 while it reads `"),
        ("set -e; false\n", "bash ends with exit status: 1 while it reads `"),
    ] {
        let job = job_with_file(text);
        let run = preflight(&job, &[]);
        if problem.contains("does not run") && !reads_a_pipe() {
            assert_line(&run, "ok", "bash-env", "bash reads `");
            continue;
        }
        assert_line(&run, "problem", "bash-env", problem);
        run.expect(8, "result: ");
    }
    let run = preflight(&job_with_file("exit 0\n"), &["--profile", "ci"]);
    assert_line(&run, "problem", "bash-env", "bash ends with exit status: 0 while it reads `");
    let run = preflight(&job_with_file("case $- in *i*) ;; *) return;; esac\n"), &["--profile", "ci"]);
    assert_line(&run, "ok", "bash-env", "bash reads `");
}

#[test]
fn a_file_that_bash_reads_to_its_end_is_no_problem() {
    for text in [
        "",
        "export A=1",
        "export A=1\r\n",
        "cat <<EOF\nx\nEOF",
        "echo PRINTED; . \"${BASH_SOURCE[0]}.d\" 2>&1\n",
    ] {
        let run = preflight(&job_with_file(text), &[]);
        assert_line(&run, "ok", "bash-env", "bash reads `");
        assert!(!run.stdout.contains("PRINTED") && run.status == 0, "{}", run.stdout);
    }
    // On CircleCI the file is not there until a step writes it.
    assert_line(&preflight(&job(), &[]), "ok", "bash-env", "bash reads `");
}

#[test]
fn a_relative_path_and_one_that_only_bash_expands_are_named() {
    let mut job = job();
    let run = preflight(job.set("BASH_ENV", "env.sh"), &[]);
    assert_line(&run, "note", "bash-env", "`env.sh` is relative: each step resolves it against its own");
    let run = preflight(job.set("BASH_ENV", "$X/env"), &[]);
    assert_line(
        &run,
        "problem",
        "destination",
        "the file of BASH_ENV cannot be located: invalid value `$X/env`",
    );
}

#[test]
fn a_variable_that_keeps_bash_from_the_file_is_a_problem_of_what_is_appended_to_it() {
    let mut job = job_with_file("");
    job.set("POSIXLY_CORRECT", "1");
    assert_line(&preflight(&job, &[]), "problem", "bash-env", "bash does not read `");
    assert_eq!(preflight(&job, &["--profile", "ci"]).status, 0);
}

#[test]
fn credentials_that_an_earlier_assume_left_for_bash_are_told_of_a_profile() {
    let job = job_with_file("");
    let left =
        "an earlier `assume` has written to BASH_ENV: bash steps use its credentials before profile `ci`";
    let run = preflight(&job, &["--profile", "ci"]);
    assert!(!run.stdout.contains(left), "{}", run.stdout);
    job.assume(&[]).succeeds();
    let run = job.run(&["preflight", "--profile", "ci"]);
    assert_line(&run, "note", "next-step", left);
}

#[test]
fn variables_that_a_block_cannot_set_are_a_problem() {
    let cannot_change = "(BASH_ENV) cannot change";
    for (text, names) in [
        ("readonly AWS_REGION=us-east-1\n", "AWS_REGION"),
        ("declare -r AWS_REGION=us-east-1\n", "AWS_REGION"),
        ("readonly AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN\n", "AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN"),
        ("export AWS_PROFILE=x\nreadonly AWS_PROFILE\n", "AWS_PROFILE"),
    ] {
        let mut job = job_with_file(text);
        job.set("AWS_REGION", "eu-west-1");
        let run = preflight(&job, &[]);
        assert_line(&run, "problem", "bash-env", "what is appended to `");
        assert!(
            run.stdout.contains(&format!("{cannot_change} {names}; remove `readonly`")),
            "{}",
            run.stdout
        );
        assert_eq!(run.status, 8);
        assert_eq!(preflight(&job, &["--profile", "ci"]).status, 0, "{text}");
    }
    let mut job = job_with_file("readonly AWS_REGION=eu-west-1\n");
    job.set("AWS_REGION", "eu-west-1");
    let run = preflight(&job, &[]);
    assert!(!run.stdout.contains(cannot_change), "the same Region is no problem: {}", run.stdout);
    let run =
        preflight(&job_with_file("readonly AWS_CONTAINER_AUTHORIZATION_TOKEN=x\n"), &["--mode", "endpoint"]);
    assert!(run.stdout.contains("cannot change AWS_CONTAINER_AUTHORIZATION_TOKEN;"), "{}", run.stdout);
}

#[test]
fn what_replaces_the_commands_of_a_block_is_a_problem() {
    for (text, problem) in [
        ("export() { :; }\n", "defines a function `export`"),
        ("shopt -s expand_aliases; alias export='echo'\n", "defines an alias `export`"),
        ("trap 'export AWS_SESSION_TOKEN=mine' DEBUG\n", "a DEBUG trap in `"),
    ] {
        let run = preflight(&job_with_file(text), &[]);
        if reads_a_pipe() {
            assert_eq!(run.status, 8);
            assert!(run.stdout.contains(problem), "{text}: {}", run.stdout);
        }
    }
}
