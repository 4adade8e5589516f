//! `clear-credentials`: it runs last, also after failed steps.
//!
//! A script replaces the binary, whose own tests cover what it removes from which file.

use super::fixture::{Fixture, Outcome, shells};

const BINARY: &str = "#!/bin/sh\necho \"arguments: $*, profile: $CIRCLECI_AWS_OIDC_PROFILE\"\n";

/// Runs a job of these steps, with the home directory and an image's programs in the fixture.
fn run(fixture: &Fixture, steps: &str) -> Outcome {
    let orb = format!("aws-oidc={}", fixture.pack_orb(None).display());
    let config = format!("orbs: {{aws-oidc: another/orb@1.2}}\njobs: {{build: {{steps: [{steps}]}}}}");
    let path = format!("{}:/usr/bin:/bin", fixture.path("image").display());
    let contexts =
        fixture.write("contexts", format!("HOME={}\nPATH={path}\n", fixture.path("home").display()));
    fixture.run(&config, &["--orb", &orb, "--env-file", contexts.to_str().unwrap()])
}

#[test]
fn the_binary_of_an_earlier_step_is_run_in_every_shell() {
    for shell in shells() {
        let fixture = Fixture::new();
        fixture.write_program("image/circleci-aws-oidc", "#!/bin/sh\necho \"of the image: $*\"\n");
        let call = format!("aws-oidc/clear-credentials: {{profile-name: '$NAME', shell: '{shell}'}}");
        let outcome = run(&fixture, &call);
        assert_eq!(outcome.stdout, "==> Clear the AWS credentials\nof the image: clear\n", "{outcome:?}");
        fixture.write_program("home/.circleci-aws-oidc/bin/circleci-aws-oidc", BINARY);
        let outcome = run(&fixture, &call);
        assert!(outcome.stdout.ends_with("\narguments: clear, profile: $NAME\n"), "{outcome:?}");
        assert_eq!(outcome.status, 0);
    }
}

#[test]
fn a_failed_step_does_not_keep_it_from_running() {
    let fixture = Fixture::new();
    fixture.write_program("image/circleci-aws-oidc", BINARY);
    let outcome = run(&fixture, "run: {name: fails, command: exit 7}, aws-oidc/clear-credentials");
    assert!(outcome.stdout.ends_with("\narguments: clear, profile: \n"), "{outcome:?}");
    assert_eq!(outcome.status, 7, "the first failure counts");
}

#[test]
fn without_a_binary_it_says_that_nothing_was_cleared() {
    for shell in shells() {
        let fixture = Fixture::new();
        let outcome =
            run(&fixture, &format!("aws-oidc/clear-credentials: {{shell: '{shell}', install-dir: ~/x}}"));
        let dir = fixture.path("home/x");
        let note = format!(
            "note: nothing was cleared: there is no circleci-aws-oidc in `{}` or on the PATH;",
            dir.display()
        );
        assert!(outcome.stderr.starts_with(&note), "{shell}: {outcome:?}");
        assert_eq!(outcome.status, 0);
    }
}

#[test]
fn a_fault_of_the_binary_is_one_of_the_step() {
    let fixture = Fixture::new();
    fixture.write_program("image/circleci-aws-oidc", "#!/bin/sh\nexit 6\n");
    assert_eq!(run(&fixture, "aws-oidc/clear-credentials").status, 6);
}
