//! `aws-configure-credentials`: the settings with which the binary is started.
//!
//! A script replaces the binary and prints its settings. The binary's own tests cover what it does with them.

use super::file_server::Manner;
use super::fixture::{Fixture, Outcome, shells};
use super::install::{Release, digest};

/// Prints its arguments and settings, one on each line, as the shell has passed them.
const BINARY: &str = "#!/bin/sh\necho \"arguments: $*\"\nenv | grep '^CIRCLECI_AWS_OIDC_' | sort\n";

const IN_PLACE: &str = "home/.circleci-aws-oidc/bin/circleci-aws-oidc";

/// Runs a config whose import `key` is the orb, with the home directory in the fixture.
fn run(fixture: &Fixture, key: &str, arguments: &str) -> Outcome {
    let orb = format!("{key}={}", fixture.pack_orb(None).display());
    let config = format!(
        "orbs: {{{key}: another/orb@1.2}}\njobs: {{build: {{steps: [{key}/aws-configure-credentials: {{{arguments}}}]}}}}"
    );
    let home = format!(
        "HOME={}\nPATH={}:/usr/bin:/bin\n",
        fixture.path("home").display(),
        fixture.path("image").display()
    );
    let env_file = fixture.write("contexts", home).display().to_string();
    fixture.run(&config, &["--orb", &orb, "--env-file", &env_file])
}

fn settings(outcome: &Outcome) -> Vec<&str> {
    outcome.stdout.lines().skip_while(|line| !line.starts_with("arguments: ")).collect()
}

const DEFAULTS: [&str; 30] = [
    "arguments: assume",
    "CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID=",
    "CIRCLECI_AWS_OIDC_AUDIENCE=",
    "CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN=",
    "CIRCLECI_AWS_OIDC_DETAILS=0",
    "CIRCLECI_AWS_OIDC_DURATION=3600",
    "CIRCLECI_AWS_OIDC_EXPECT_AWS=0",
    "CIRCLECI_AWS_OIDC_EXTERNAL_ID=",
    "CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID=",
    "CIRCLECI_AWS_OIDC_MODE=environment",
    "CIRCLECI_AWS_OIDC_OVERWRITE=0",
    "CIRCLECI_AWS_OIDC_POLICY=",
    "CIRCLECI_AWS_OIDC_POLICY_ARN=",
    "CIRCLECI_AWS_OIDC_PROFILE=",
    "CIRCLECI_AWS_OIDC_RECEIPT=",
    "CIRCLECI_AWS_OIDC_REFUSE_FORK=0",
    "CIRCLECI_AWS_OIDC_REFUSE_SSH_RERUN=0",
    "CIRCLECI_AWS_OIDC_REGION=",
    "CIRCLECI_AWS_OIDC_ROLE_ARN=arn:aws:iam::123456789012:role/ci",
    "CIRCLECI_AWS_OIDC_SCOPE_DESCRIPTION=",
    "CIRCLECI_AWS_OIDC_SCOPE_DURATION=",
    "CIRCLECI_AWS_OIDC_SCOPE_POLICY=",
    "CIRCLECI_AWS_OIDC_SESSION_NAME=",
    "CIRCLECI_AWS_OIDC_SOURCE_IDENTITY=",
    "CIRCLECI_AWS_OIDC_TAG=",
    "CIRCLECI_AWS_OIDC_TOKEN_SOURCE=auto",
    "CIRCLECI_AWS_OIDC_TRANSITIVE_TAG=",
    "CIRCLECI_AWS_OIDC_TRUST_POLICY=",
    "CIRCLECI_AWS_OIDC_USE_EXISTING=",
    "CIRCLECI_AWS_OIDC_VERIFY=0",
];

#[test]
fn the_defaults_are_passed_in_every_shell() {
    for shell in shells() {
        let fixture = Fixture::new();
        fixture.write_program(IN_PLACE, BINARY);
        let arguments = format!(
            "role-arn: 'arn:aws:iam::123456789012:role/ci', shell: '{shell}', sha256: {}",
            digest(BINARY)
        );
        let outcome = run(&fixture, "aws-oidc", &arguments);
        assert_eq!(settings(&outcome), DEFAULTS, "{shell}: {outcome:?}");
        assert_eq!(outcome.status, 0);
    }
}

#[test]
fn values_reach_the_binary_as_they_are_written() {
    let fixture = Fixture::new();
    fixture.write_program(IN_PLACE, BINARY);
    let arguments = "install: false, role-arn: \"$(touch x)'`id`\", session-name: '${CIRCLE_JOB}', duration: 45m, region: '$REGION', profile-name: 'a \"b\" \\c', mode: profile, token-source: 'env:TOKEN', \
                     chain-role-arn: 'a b', external-id: e, tags: 'k=v, auto', transitive-tags: k, source-identity: s, \
                     policy: '{\"a\": \"$$x\"}', policy-arns: 'p q', scope-policy: '{\"b\": \"$$y\"}', scope-duration: 5m, scope-description: 'one \"step\"', allowed-account-ids: '012345678901', \
                     forbidden-account-ids: '1 2', audience: a.example, verify: true, refuse-ssh-rerun: true, refuse-fork: true, expect-aws: true, overwrite: true, \
                     trust-policy: role.json, details: true, receipt: out/receipt.json, use-existing: 15m";
    let outcome = run(&fixture, "aws-oidc", arguments);
    let expected = [
        "arguments: assume",
        "CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID=012345678901",
        "CIRCLECI_AWS_OIDC_AUDIENCE=a.example",
        "CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN=a b",
        "CIRCLECI_AWS_OIDC_DETAILS=1",
        "CIRCLECI_AWS_OIDC_DURATION=45m",
        "CIRCLECI_AWS_OIDC_EXPECT_AWS=1",
        "CIRCLECI_AWS_OIDC_EXTERNAL_ID=e",
        "CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID=1 2",
        "CIRCLECI_AWS_OIDC_MODE=profile",
        "CIRCLECI_AWS_OIDC_OVERWRITE=1",
        "CIRCLECI_AWS_OIDC_POLICY={\"a\": \"$$x\"}",
        "CIRCLECI_AWS_OIDC_POLICY_ARN=p q",
        "CIRCLECI_AWS_OIDC_PROFILE=a \"b\" \\c",
        "CIRCLECI_AWS_OIDC_RECEIPT=out/receipt.json",
        "CIRCLECI_AWS_OIDC_REFUSE_FORK=1",
        "CIRCLECI_AWS_OIDC_REFUSE_SSH_RERUN=1",
        "CIRCLECI_AWS_OIDC_REGION=$REGION",
        "CIRCLECI_AWS_OIDC_ROLE_ARN=$(touch x)'`id`",
        "CIRCLECI_AWS_OIDC_SCOPE_DESCRIPTION=one \"step\"",
        "CIRCLECI_AWS_OIDC_SCOPE_DURATION=5m",
        "CIRCLECI_AWS_OIDC_SCOPE_POLICY={\"b\": \"$$y\"}",
        "CIRCLECI_AWS_OIDC_SESSION_NAME=${CIRCLE_JOB}",
        "CIRCLECI_AWS_OIDC_SOURCE_IDENTITY=s",
        "CIRCLECI_AWS_OIDC_TAG=k=v, auto",
        "CIRCLECI_AWS_OIDC_TOKEN_SOURCE=env:TOKEN",
        "CIRCLECI_AWS_OIDC_TRANSITIVE_TAG=k",
        "CIRCLECI_AWS_OIDC_TRUST_POLICY=role.json",
        "CIRCLECI_AWS_OIDC_USE_EXISTING=15m",
        "CIRCLECI_AWS_OIDC_VERIFY=1",
    ];
    assert_eq!(settings(&outcome), expected, "{outcome:?}");
}

#[test]
fn a_config_for_another_orb_works_under_its_import_name() {
    let fixture = Fixture::new();
    fixture.write_program(IN_PLACE, BINARY);
    let arguments = format!(
        "role-arn: 'arn:aws:iam::123456789012:role/ci', profile-name: dev, sha256: {}",
        digest(BINARY)
    );
    let outcome = run(&fixture, "aws-configure-credentials-oidc", &arguments);
    assert!(settings(&outcome).contains(&"CIRCLECI_AWS_OIDC_PROFILE=dev"), "{outcome:?}");
}

#[test]
fn the_first_step_installs_what_the_second_one_runs() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let call = format!(
        "}}\n      - aws-oidc/aws-configure-credentials: {{role-arn: r, install-dir: own, download-base-url: \"{}\"",
        release.server.address()
    );
    let outcome = release.install(&call, "true", &[]);
    assert!(settings(&outcome).contains(&"CIRCLECI_AWS_OIDC_ROLE_ARN=r"), "{outcome:?}");
    assert_eq!(outcome.status, 0);
}

#[test]
fn without_install_the_binary_of_the_image_will_do() {
    let fixture = Fixture::new();
    fixture.write_program("image/circleci-aws-oidc", "#!/bin/sh\necho \"of the image: $*\"\n");
    let outcome = run(&fixture, "aws-oidc", "role-arn: r, install: false");
    assert_eq!(outcome.stdout, "==> Assume the AWS role\nof the image: assume\n", "{outcome:?}");
    fixture.write_program(IN_PLACE, "#!/bin/sh\necho \"of install-dir: $*\"\n");
    let outcome = run(&fixture, "aws-oidc", "role-arn: r, install: false");
    assert_eq!(outcome.stdout, "==> Assume the AWS role\nof install-dir: assume\n", "{outcome:?}");
}

#[test]
fn after_a_failed_install_nothing_unchecked_runs() {
    let fixture = Fixture::new();
    fixture.write_program("image/circleci-aws-oidc", "#!/bin/sh\necho executed\n");
    let outcome = run(&fixture, "aws-oidc", "role-arn: r, when: always");
    assert_eq!(outcome.stdout, "==> Install circleci-aws-oidc\n==> Assume the AWS role\n", "{outcome:?}");
    assert_eq!(outcome.status, 1, "the status of the install");
}

#[test]
fn a_shell_that_reads_no_bash_env_is_told_unless_a_profile_is_written() {
    const NOTE: &str = "note: the shell of this step is not bash and does not read BASH_ENV; the next steps have the credentials only if their shell does; for other shells set the parameter profile-name\n";
    let fixture = Fixture::new();
    fixture.write_program(IN_PLACE, BINARY);
    for shell in shells() {
        let reads_bash_env = shell.is_empty() || shell.ends_with("/bash");
        for (profile, note) in [("", if reads_bash_env { "" } else { NOTE }), (", profile-name: dev", "")] {
            let arguments = format!("role-arn: r, install: false, shell: '{shell}'{profile}");
            assert_eq!(run(&fixture, "aws-oidc", &arguments).stderr, note, "{shell}{profile}");
        }
    }
}

#[test]
fn the_status_of_the_binary_is_that_of_the_step() {
    let fixture = Fixture::new();
    fixture.write_program(IN_PLACE, "#!/bin/sh\nexit 4\n");
    assert_eq!(run(&fixture, "aws-oidc", "role-arn: r, install: false").status, 4);
}

#[test]
fn no_binary_at_all_fails_the_step() {
    let fixture = Fixture::new();
    let outcome = run(&fixture, "aws-oidc", "role-arn: r, install: false");
    assert_eq!(outcome.status, 127, "{outcome:?}");
}
