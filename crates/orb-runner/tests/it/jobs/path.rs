//! The line of `install` in the file of `BASH_ENV`: once in a job, and once in each step.

use std::time::{Duration, Instant};

use super::file_server::Manner;
use super::fixture::shells;
use super::install::{BINARY, Release};

#[test]
fn a_second_run_downloads_nothing_and_adds_no_second_line() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    assert_eq!(release.install("", "true", &[]).status, 0);
    let outcome = release.install("", "grep -c PATH \"$BASH_ENV\"", &[]);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    assert!(outcome.stdout.ends_with("==> then\n1\n"), "{outcome:?}");
    assert_eq!(release.server.requests().len(), 1);
}

#[test]
fn the_path_is_extended_once_in_a_job() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let directory = release.directory();
    let again = format!("}}\n      - aws-oidc/install: {{install-dir: \"{}\"", directory.display());
    let outcome = release.install(&again, "cat \"$BASH_ENV\"", &[]);
    let quoted = directory.display().to_string().replace('\'', "'\\''");
    let expected = format!(
        "==> then\ncase \":${{BASH_ENV_AWS_OIDC_PATH-}}:\" in *:'{quoted}':*) ;; *) \
         export PATH='{quoted}':\"$PATH\" BASH_ENV_AWS_OIDC_PATH=\"${{BASH_ENV_AWS_OIDC_PATH-}}\":'{quoted}' ;; esac\n"
    );
    assert!(outcome.stdout.ends_with(&expected), "{outcome:?}");
}

#[test]
fn the_path_of_a_step_stays_in_the_shells_below_it() {
    for shell in shells() {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let second = release.fixture.path("second/bin").display().to_string();
        let again = format!(
            ", shell: \"{shell}\"}}\n      - aws-oidc/install: {{shell: \"{shell}\", install-dir: \"{second}\", \
             download-base-url: \"{}\"",
            release.server.address()
        );
        let script = "echo \"$PATH\"; bash -euc 'echo \"$PATH\"; bash -c \"echo \\\"\\$PATH\\\"\"'; \
                      PATH=/mine:/usr/bin:/bin bash -c 'echo \"$PATH\"'; \
                      env -i PATH=/usr/bin:/bin BASH_ENV=\"$BASH_ENV\" bash -euc 'echo \"$PATH\"'";
        let outcome = release.install(&again, script, &[]);
        assert_eq!(outcome.status, 0, "{shell}: {outcome:?}");
        let (_, seen) = outcome.stdout.split_once("==> then\n").unwrap();
        let [step, child, grandchild, own, clean] = seen.lines().collect::<Vec<_>>()[..] else {
            panic!("{shell}: {outcome:?}")
        };
        let installed = format!("{second}:{}:", release.directory().display());
        assert!(step.starts_with(&installed), "{shell}: {outcome:?}");
        assert_eq!((child, grandchild, own), (step, step, "/mine:/usr/bin:/bin"), "{shell}");
        assert_eq!(clean, format!("{installed}/usr/bin:/bin"), "{shell}");
    }
}

/// A job whose first step prepares the file of `BASH_ENV`, in a shell that does not read it.
fn install_after(release: &Release, shell: &str, prepare: &str, then: &str) -> super::fixture::Outcome {
    let prepare = format!("run: {{name: prepare, shell: /bin/sh -e, command: {prepare:?}}}");
    let install = format!(
        "aws-oidc/install: {{shell: '{shell}', install-dir: \"{}\", download-base-url: {}}}",
        release.directory().display(),
        release.server.address()
    );
    let config = format!(
        "orbs: {{aws-oidc: any/orb@0}}\njobs:\n  build:\n    steps:\n      - {prepare}\n      - {install}\n      - run: {{name: then, shell: {then:?}, command: 'circleci-aws-oidc; echo \"$MARK\"'}}\n"
    );
    let orb = format!("aws-oidc={}", release.fixture.pack_orb(Some(&Release::sums())).display());
    release.fixture.run(&config, &["--orb", &orb])
}

#[test]
fn a_last_line_without_an_end_stays_a_line_of_its_own() {
    for shell in shells() {
        for last in ["export MARK=set", "export MARK=set #", "export MARK=set \\\\", "export MARK=set \\\\\n"]
        {
            let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
            let prepare = format!("printf '{last}' >\"$BASH_ENV\"");
            let outcome = install_after(&release, &shell, &prepare, "/bin/bash -eo pipefail");
            assert!(
                outcome.stdout.ends_with("==> then\nthe binary: \nset\n"),
                "{shell}, {last}: {outcome:?}"
            );
        }
    }
}

#[test]
fn a_file_of_bash_env_that_is_none_is_noted_and_not_waited_for() {
    // A bash would wait for the FIFO before it runs the first line of the step.
    for shell in shells().into_iter().filter(|shell| shell.contains("dash") || shell.contains("busybox")) {
        for prepare in ["mkfifo \"$BASH_ENV\"", "ln -s /dev/null \"$BASH_ENV\"", "mkdir \"$BASH_ENV\""] {
            let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
            let start = Instant::now();
            let path = format!("env PATH={}:/usr/bin:/bin sh -e", release.fixture.path("there").display());
            release.fixture.write_program("there/circleci-aws-oidc", BINARY);
            let outcome = install_after(&release, &shell, prepare, &path);
            assert!(
                outcome.stderr.starts_with("note: the file of BASH_ENV, `"),
                "{shell}, {prepare}: {outcome:?}"
            );
            assert!(
                outcome.stderr.contains("` is not on the PATH of the next steps\n"),
                "{shell}: {outcome:?}"
            );
            assert_eq!(outcome.status, 0, "{shell}, {prepare}: {outcome:?}");
            assert!(start.elapsed() < Duration::from_secs(30), "{shell}, {prepare}");
        }
    }
}
