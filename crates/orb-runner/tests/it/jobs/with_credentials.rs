//! `with-credentials`: assume, the user's steps, clear, also after a failed step.
//!
//! A script replaces the binary.

use super::fixture::{Fixture, Outcome};

const BINARY: &str = "#!/bin/sh\necho \"ran: $* $CIRCLECI_AWS_OIDC_PROFILE\"\n";

fn run(fixture: &Fixture, arguments: &str, steps: &str) -> Outcome {
    let orb = format!("aws-oidc={}", fixture.pack_orb(None).display());
    let config = format!(
        "orbs: {{aws-oidc: another/orb@1.2}}\njobs: {{build: {{steps: [aws-oidc/with-credentials: \
         {{role-arn: r, install: false{arguments}, steps: [{steps}]}}, run: {{name: after, command: 'echo ran: after'}}]}}}}"
    );
    fixture.write_program("image/circleci-aws-oidc", BINARY);
    let path = format!("{}:/usr/bin:/bin", fixture.path("image").display());
    let contexts =
        fixture.write("contexts", format!("HOME={}\nPATH={path}\n", fixture.path("home").display()));
    fixture.run(&config, &["--orb", &orb, "--env-file", contexts.to_str().unwrap()])
}

fn ran(outcome: &Outcome) -> Vec<&str> {
    outcome.stdout.lines().filter_map(|line| line.strip_prefix("ran: ")).map(str::trim_end).collect()
}

#[test]
fn the_credentials_are_cleared_after_the_steps_and_before_what_follows() {
    let outcome = run(&Fixture::new(), "", "{run: 'echo ran: mine'}");
    assert_eq!(ran(&outcome), ["assume", "mine", "clear", "after"], "{outcome:?}");
}

#[test]
fn a_failed_step_does_not_keep_the_credentials_in_the_job() {
    let outcome = run(&Fixture::new(), "", "{run: exit 7}, {run: 'echo ran: skipped'}");
    assert_eq!((ran(&outcome), outcome.status), (vec!["assume", "clear"], 7), "{outcome:?}");
}

#[test]
fn the_profile_that_was_written_is_the_one_that_is_cleared() {
    for (arguments, profile) in [
        (", mode: environment", ""),
        (", mode: endpoint", ""),
        (", mode: profile", "default"),
        (", mode: credential-process", "default"),
        (", mode: credential-process, profile-name: p", "p"),
        (", profile-name: p", "p"),
    ] {
        let outcome = run(&Fixture::new(), arguments, "{run: 'true'}");
        let cleared = format!("clear {profile}");
        assert!(ran(&outcome).contains(&cleared.trim_end()), "{arguments}: {outcome:?}");
    }
}
