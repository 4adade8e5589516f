//! What a step sees of the machine and of earlier steps.

use std::time::{Duration, Instant};

use super::fixture::{Fixture, program, report_skipped};

fn steps(steps: &str) -> String {
    format!("jobs: {{build: {{environment: {{WHO: job, CI: job, PROJECT: job}}, steps: {steps}}}}}")
}

#[test]
fn a_step_has_the_job_variables_and_nothing_of_the_runner() {
    let fixture = Fixture::new();
    let config = "jobs: {build: {steps: [run: 'env | cut -d= -f1 | sort | tr \"\\n\" \" \"']}}";
    let outcome = fixture.run(config, &[]);
    let expected = "BASH_ENV CI CIRCLECI CIRCLE_BUILD_NUM CIRCLE_JOB CIRCLE_NODE_INDEX CIRCLE_NODE_TOTAL CIRCLE_PROJECT_REPONAME CIRCLE_PROJECT_USERNAME CIRCLE_SHELL_ENV HOME PATH PWD SHLVL _ ";
    assert_eq!(outcome.stdout.lines().last(), Some(expected), "{}", outcome.stderr);
}

#[test]
fn the_nearer_variable_wins() {
    let fixture = Fixture::new();
    let contexts = fixture.write(
        "contexts",
        "WHO=context\nCI=context\nCONTEXT=a b=\"$HOME\"\nCIRCLE_JOB=context\nPROJECT=context\n",
    );
    let later = fixture.write("later", "CONTEXT_TWO=two\n");
    let show = "'echo \"$WHO $CI $CIRCLE_JOB $PROJECT $CONTEXT $CONTEXT_TWO\"'";
    let config = steps(&format!(
        "[run: {{name: a, command: {show}, environment: {{WHO: step}}}}, run: {{name: b, command: {show}}}]"
    ));
    let files = [contexts.to_str().unwrap(), later.to_str().unwrap()];
    let outcome = fixture.run(&config, &["--env-file", files[0], "--env-file", files[1]]);
    let tail = "build job a b=\"$HOME\" two";
    assert_eq!(
        outcome.stdout,
        format!("==> a\nstep job {tail}\n==> b\njob job {tail}\n"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn only_files_and_bash_env_pass_to_the_next_step() {
    let fixture = Fixture::new();
    let config = steps(
        "[run: {name: write, command: '[ ! -e \"$BASH_ENV\" ]; A=1; cd /; echo \"export WHO=file\" >> \"$BASH_ENV\"'},
          run: {name: read, command: 'echo \"${A:-no A} $WHO\"; [ \"$PWD\" != / ]', environment: {WHO: step}},
          run: {name: sh, command: 'echo \"$WHO\"', shell: sh -e}]",
    );
    let outcome = fixture.run(&config, &[]);
    assert_eq!(outcome.stdout, "==> write\n==> read\nno A file\n==> sh\njob\n", "{}", outcome.stderr);
    assert_eq!(outcome.status, 0);
}

#[test]
fn the_first_failure_stops_the_job_but_for_those_who_wait_for_it() {
    let fixture = Fixture::new();
    let config = steps(
        "[run: {name: early, command: 'true', when: on_fail}, run: {name: fails, command: exit 7},
          run: next, run: {name: cleans, command: exit 9, when: always}, run: {name: tells, command: 'true', when: on_fail}]",
    );
    let outcome = fixture.run(&config, &[]);
    assert_eq!(outcome.stdout, "==> fails\n==> cleans\n==> tells\n");
    assert_eq!(outcome.status, 7, "the first failure counts");
}

#[test]
fn the_status_of_a_step_is_what_a_shell_reports() {
    let table = [
        ("'true'", 0),
        ("exit 3", 3),
        ("false | true", 1),
        ("'false; true'", 1),
        ("{command: 'false; true', shell: sh}", 0),
        ("kill -9 $$", 137),
        ("no-such-program-anywhere", 127),
    ];
    let fixture = Fixture::new();
    for (run, status) in table {
        assert_eq!(fixture.run(&steps(&format!("[run: {run}]")), &[]).status, status, "{run}");
    }
}

#[test]
fn a_shell_that_is_not_there_is_the_runner_s_own_error() {
    let fixture = Fixture::new();
    let outcome = fixture.run(&steps("[run: {name: n, command: c, shell: /no/such/shell}]"), &[]);
    assert_eq!(outcome.status, 125);
    assert!(
        outcome.stderr.starts_with("error: cannot start the step `n`\n  caused by: "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_bad_line_of_an_env_file_is_not_repeated() {
    let fixture = Fixture::new();
    let file = fixture.write("contexts", "A=1\nthe secret itself\n");
    let outcome = fixture.run(&steps("[checkout]"), &["--env-file", file.to_str().unwrap()]);
    assert_eq!(outcome.status, 125);
    assert!(outcome.stderr.contains("line 2 is not `NAME=VALUE`"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("secret"), "{}", outcome.stderr);
}

#[test]
fn steps_start_in_the_project() {
    let fixture = Fixture::new();
    fixture.write("project/below/file", "");
    let project = fixture.path("project").canonicalize().unwrap();
    let config = steps(
        "[checkout, run: pwd, run: {command: pwd, working_directory: below}, run: {command: pwd, working_directory: /}, run: {command: '[ \"$PWD\" = \"$HOME\" ]', working_directory: '~'}]",
    );
    let outcome = fixture.run(&config, &["--project", project.to_str().unwrap()]);
    let lines: Vec<_> = outcome.stdout.lines().filter(|line| line.starts_with('/')).collect();
    assert_eq!(lines, [project.to_str().unwrap(), project.join("below").to_str().unwrap(), "/"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("==> checkout (the project directory is used as it is)\n"));
}

#[test]
fn a_background_step_runs_beside_the_others_and_ends_with_the_job() {
    let fixture = Fixture::new();
    let ready = fixture.path("ready").display().to_string();
    // A grandchild: ending only the shell would leave it running.
    let config = steps(&format!(
        "[run: {{name: server, background: true, command: 'sleep 30 & touch {ready}; wait'}},
          run: {{name: client, command: 'until [ -e {ready} ]; do sleep 0.05; done'}}]"
    ));
    let start = Instant::now();
    let outcome = fixture.run(&config, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    // The output ends only when the last process that holds it has ended.
    assert!(start.elapsed() < Duration::from_secs(20), "the background step ran longer than the job");
}

#[test]
fn a_root_holds_every_path_of_the_job() {
    let Some(busybox) = program("busybox") else {
        report_skipped("busybox");
        return;
    };
    if !rustix::process::geteuid().is_root() {
        report_skipped("right to chroot");
        return;
    }
    let fixture = Fixture::new();
    fixture.write_program("root/bin/busybox", std::fs::read(busybox).unwrap());
    std::os::unix::fs::symlink("busybox", fixture.path("root/bin/sh")).unwrap();
    let config = steps(
        "[run: 'echo \"$0 $PATH\"; cd /; echo *; touch \"$BASH_ENV\"; cd \"$HOME\"', run: {name: second, command: '[ -e \"$BASH_ENV\" ]; case $PWD in /tmp/job-*/project) ;; *) exit 1 ;; esac'}, run: {name: piped, command: false | true}]",
    );
    let outcome = fixture.run(&config, &["--root", fixture.path("root").to_str().unwrap()]);
    let lines: Vec<_> = outcome.stdout.lines().skip(1).collect();
    let path = "/bin/sh /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    assert_eq!(lines, [path, "bin tmp", "==> second", "==> piped"], "{}", outcome.stderr);
    assert_eq!(outcome.status, 1, "without /bin/bash the shell is /bin/sh -eo pipefail");
    assert_eq!(std::fs::read_dir(fixture.path("root/tmp")).unwrap().count(), 0, "the job's files are gone");
}
