//! The line of `install` in the file of `BASH_ENV`: once in a job, and once in each step.

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
