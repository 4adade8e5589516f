//! `preflight`: its settings are those of `aws-configure-credentials`, and one of its own.
//!
//! A script replaces the binary and prints its settings.

use super::fixture::{Fixture, Outcome, shells};

const BINARY: &str = "#!/bin/sh\necho \"arguments: $*\"\nenv | grep '^CIRCLECI_AWS_OIDC_' | sort\nexit 8\n";

fn run(fixture: &Fixture, command: &str, arguments: &str) -> Outcome {
    let orb = format!("aws-oidc={}", fixture.pack_orb(None).display());
    let config = format!(
        "orbs: {{aws-oidc: another/orb@1.2}}\njobs: {{build: {{steps: [aws-oidc/{command}: {{install: false, {arguments}}}]}}}}"
    );
    let path = format!("{}:/usr/bin:/bin", fixture.path("image").display());
    let contexts =
        fixture.write("contexts", format!("HOME={}\nPATH={path}\n", fixture.path("home").display()));
    fixture.run(&config, &["--orb", &orb, "--env-file", contexts.to_str().unwrap()])
}

/// The binary's settings except that for the network.
fn settings(outcome: &Outcome) -> Vec<&str> {
    outcome
        .stdout
        .lines()
        .filter(|line| line.starts_with("CIRCLECI_AWS_OIDC_") && !line.contains("WITH_NETWORK"))
        .collect()
}

#[test]
fn it_passes_what_the_command_that_assumes_would_pass() {
    let fixture = Fixture::new();
    fixture.write_program("image/circleci-aws-oidc", BINARY);
    for arguments in [
        "role-arn: r",
        "role-arn: '$ROLE', session-name: s, duration: 1h, region: x, profile-name: p, token-source: 'env:T', \
         chain-role-arn: 'a b', external-id: e, tags: auto, transitive-tags: k, source-identity: i, policy: '{}', \
         policy-arns: q, scope-policy: '{}', scope-duration: 1s, scope-description: d, allowed-account-ids: '1', forbidden-account-ids: '2'",
    ] {
        let (ours, theirs) =
            (run(&fixture, "preflight", arguments), run(&fixture, "aws-configure-credentials", arguments));
        assert!(ours.stdout.contains("\narguments: preflight\n"), "{ours:?}");
        assert_eq!(settings(&ours), settings(&theirs));
        assert!(settings(&ours).len() > 10, "{ours:?}");
        assert_eq!(ours.status, 8, "the exit code of the binary");
    }
}

#[test]
fn the_network_is_left_alone_unless_it_is_asked_for() {
    for shell in shells() {
        let fixture = Fixture::new();
        fixture.write_program("home/.circleci-aws-oidc/bin/circleci-aws-oidc", BINARY);
        for (arguments, value) in [("", "0"), (", with-network: true", "1")] {
            let outcome = run(&fixture, "preflight", &format!("role-arn: r, shell: '{shell}'{arguments}"));
            assert!(
                outcome.stdout.contains(&format!("CIRCLECI_AWS_OIDC_WITH_NETWORK={value}\n")),
                "{shell}: {outcome:?}"
            );
        }
    }
}
