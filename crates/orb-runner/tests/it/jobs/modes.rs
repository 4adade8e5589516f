//! `mode`: which steps a job gets for each value. A script replaces the binary, whose own tests cover the modes.

use std::time::{Duration, Instant};

use super::fixture::{Fixture, Outcome, shells};

/// Serves until it is ended; assumes when something serves, and shows the order of its settings.
const BINARY: &str = "#!/bin/sh
settings() { env | grep '^CIRCLECI_AWS_OIDC_' | sort; }
case $1 in
  serve) settings >\"$HOME/part\"; mv \"$HOME/part\" \"$HOME/served\"; echo serving; sleep 30 & wait ;;
  assume) until [ -e \"$HOME/served\" ]; do sleep 0.05; done
    settings | cmp - \"$HOME/served\" && echo \"assumed, mode $CIRCLECI_AWS_OIDC_MODE\" ;;
esac
";

/// Runs the command with these arguments, and a step after it.
fn run(fixture: &Fixture, arguments: &str) -> Outcome {
    let orb = format!("aws-oidc={}", fixture.pack_orb(None).display());
    let config = format!(
        "orbs: {{aws-oidc: another/orb@1.2}}\njobs: {{build: {{steps: [aws-oidc/aws-configure-credentials: \
         {{role-arn: r, install: false, {arguments}}}, run: {{name: next, command: 'true'}}]}}}}"
    );
    let path = format!("{}:/usr/bin:/bin", fixture.path("image").display());
    let contexts =
        fixture.write("contexts", format!("HOME={}\nPATH={path}\n", fixture.path("home").display()));
    fixture.run(&config, &["--orb", &orb, "--env-file", contexts.to_str().unwrap()])
}

#[test]
fn an_endpoint_is_served_beside_the_job_in_every_shell() {
    for shell in shells() {
        let fixture = Fixture::new();
        fixture.write_program("home/.circleci-aws-oidc/bin/circleci-aws-oidc", BINARY);
        let start = Instant::now();
        let outcome =
            run(&fixture, &format!("mode: endpoint, policy: '{{\"a\": \"$$x\"}}', shell: '{shell}'"));
        assert_eq!(outcome.status, 0, "{shell}: {outcome:?}");
        let steps: Vec<_> = outcome.stdout.lines().filter(|line| line.starts_with("==> ")).collect();
        assert_eq!(
            steps,
            ["==> Serve the AWS credentials", "==> Assume the AWS role", "==> next"],
            "{shell}"
        );
        // The server's line can come before or after the next step's.
        for line in ["serving", "assumed, mode endpoint"] {
            assert!(outcome.stdout.lines().any(|said| said == line), "{shell}: {outcome:?}");
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the server ran longer than the job");
    }
}

#[test]
fn every_other_mode_is_one_step() {
    for mode in ["environment", "profile", "credential-process"] {
        let fixture = Fixture::new();
        fixture
            .write_program("image/circleci-aws-oidc", "#!/bin/sh\necho \"$1 for $CIRCLECI_AWS_OIDC_MODE\"\n");
        let outcome = run(&fixture, &format!("mode: {mode}"));
        let expected = format!("==> Assume the AWS role\nassume for {mode}\n==> next\n");
        assert_eq!(outcome.stdout, expected, "{outcome:?}");
    }
}

#[test]
fn a_shell_that_finds_no_endpoint_is_told() {
    const NOTE: &str = "note: the shell of this step is not bash and does not read BASH_ENV; the next steps have the credentials only if their shell does; for other shells set the parameter mode to credential-process\n";
    let fixture = Fixture::new();
    fixture.write_program("image/circleci-aws-oidc", "#!/bin/sh\n");
    for shell in shells() {
        let reads_bash_env = shell.is_empty() || shell.ends_with("/bash");
        for (mode, note) in [
            ("endpoint", if reads_bash_env { "" } else { NOTE }),
            ("credential-process", ""),
            ("profile", ""),
        ] {
            let outcome = run(&fixture, &format!("mode: {mode}, shell: '{shell}'"));
            assert_eq!(outcome.stderr, note, "{shell}: {mode}");
        }
    }
}

#[test]
fn a_mode_that_does_not_exist_is_refused_before_the_job_starts() {
    let outcome = run(&Fixture::new(), "mode: variables");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (125, ""), "{outcome:?}");
    assert!(outcome.stderr.contains("mode"), "{outcome:?}");
}

#[test]
fn preflight_serves_nothing() {
    let fixture = Fixture::new();
    fixture.write_program("image/circleci-aws-oidc", "#!/bin/sh\necho \"$1 for $CIRCLECI_AWS_OIDC_MODE\"\n");
    let orb = format!("aws-oidc={}", fixture.pack_orb(None).display());
    let config = "orbs: {aws-oidc: another/orb@1.2}\njobs: {build: {steps: [aws-oidc/preflight: {role-arn: r, install: false, mode: endpoint}]}}";
    let path = format!("HOME=/nowhere\nPATH={}:/usr/bin:/bin\n", fixture.path("image").display());
    let contexts = fixture.write("contexts", path);
    let outcome = fixture.run(config, &["--orb", &orb, "--env-file", contexts.to_str().unwrap()]);
    let expected = "==> Check the settings for the AWS role\npreflight for endpoint\n";
    assert_eq!(outcome.stdout, expected, "{outcome:?}");
}
