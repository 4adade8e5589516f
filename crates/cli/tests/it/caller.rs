//! Errors, notes and hints name what the user typed: the orb's parameter where a step of the orb calls.

use crate::support::Job;

/// A setting as the orb passes it, and what the user reads.
const SETTINGS: [(&str, &str, &str); 25] = [
    ("ROLE_ARN", " ", "`role-arn` is required"),
    ("ROLE_ARN", "admin", "`role-arn` cannot be used"),
    ("ROLE_ARN", "$NOT_SET", "the value of `role-arn` cannot be expanded"),
    ("SESSION_NAME", "a", "`session-name` or `role-session-name` cannot be used"),
    ("DURATION", "1x", "`duration` cannot be used"),
    ("REGION", "nowhere", "`region` cannot be used"),
    ("REGION", "cn-north-1", "(`region`)"),
    ("PROFILE", "a]", "`profile-name` cannot be used"),
    ("MODE", "none", "`mode` cannot be used"),
    ("TOKEN_SOURCE", "none", "`token-source` cannot be used"),
    ("AUDIENCE", "a b", "`audience` cannot be used"),
    ("CHAIN_ROLE_ARN", "admin", "`chain-role-arn` cannot be used"),
    ("EXTERNAL_ID", "some", "`external-id` needs `chain-role-arn`"),
    ("TAG", "a=b", "`tags` needs `chain-role-arn`"),
    ("TRANSITIVE_TAG", "a", "`transitive-tags`"),
    ("SOURCE_IDENTITY", "some", "`source-identity` needs `chain-role-arn`"),
    ("POLICY", "{", "`policy` cannot be used"),
    ("POLICY_ARN", "admin", "`policy-arns` cannot be used"),
    ("ALLOWED_ACCOUNT_ID", "1", "`allowed-account-ids` cannot be used"),
    ("ALLOWED_ACCOUNT_ID", "111111111111", "not allowed by `allowed-account-ids`"),
    ("FORBIDDEN_ACCOUNT_ID", "123456789012", "forbidden by `forbidden-account-ids`"),
    ("REFUSE_SSH_RERUN", "maybe", "`refuse-ssh-rerun` cannot be used"),
    ("REFUSE_FORK", "maybe", "`refuse-fork` cannot be used"),
    ("VERIFY", "maybe", "`verify` cannot be used"),
    ("TRUST_POLICY", "none.json", "`trust-policy`"),
];

/// Names that a user of the orb did not type.
#[track_caller]
fn assert_names_no_flag(text: &str) {
    assert!(!text.contains("`--"), "{text}");
    assert!(!text.contains("CIRCLECI_AWS_OIDC_"), "{text}");
}

fn orb_job() -> Job {
    let mut job = Job::new();
    job.set("INSTALL_AWS_OIDC_CALLER", "orb");
    job
}

#[test]
fn each_setting_of_the_orb_has_the_parameters_name_in_its_errors() {
    for (name, value, words) in SETTINGS {
        let mut job = orb_job();
        job.set(&format!("CIRCLECI_AWS_OIDC_{name}"), value);
        let run = job.assume(&[]);
        assert_ne!(run.status, 0, "{name} {value}");
        assert!(run.stderr.contains(words), "{name} {value}: `{words}` is not in:\n{}", run.stderr);
        assert_names_no_flag(&run.stderr);
        let preflight = job.run(&["preflight"]);
        assert_names_no_flag(&preflight.stdout);
    }
}

#[test]
fn hints_name_parameters_and_a_shell_reads_flags() {
    let hint = "hint: run this step with bash, or choose another destination: ";
    let mut job = Job::new();
    job.unset("BASH_ENV").set("CIRCLECI_AWS_OIDC_TO", "bash-env");
    let by_hand = job.assume(&[]).stderr;
    job.set("INSTALL_AWS_OIDC_CALLER", "orb");
    let by_orb = job.assume(&[]).stderr;
    assert!(by_hand.contains(&format!("{hint}`--profile NAME`, `--to dotenv:PATH`")), "{by_hand}");
    assert!(
        by_orb.contains(&format!("{hint}`profile-name: NAME`, `CIRCLECI_AWS_OIDC_TO=dotenv:PATH`")),
        "{by_orb}"
    );
}

#[test]
fn a_setting_without_a_parameter_is_the_variable() {
    let mut job = orb_job();
    job.set("CIRCLECI_AWS_OIDC_DEADLINE", "0");
    job.assume(&[]).expect(2, "error: `CIRCLECI_AWS_OIDC_DEADLINE` cannot be used");
}

#[test]
fn a_name_that_is_not_known_stays_as_the_user_wrote_it() {
    let mut job = orb_job();
    job.set("CIRCLECI_AWS_OIDC_ROLEARN", "x");
    job.assume(&[])
        .expect(2, "`CIRCLECI_AWS_OIDC_ROLEARN` is not a setting")
        .expect(2, "hint: rename it to CIRCLECI_AWS_OIDC_ROLE_ARN");
}

/// A parameter that another program has in its own words.
#[test]
fn a_flag_of_the_aws_cli_stays_a_flag() {
    let mut job = orb_job();
    job.set("CIRCLECI_AWS_OIDC_PROFILE", "prod").set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    job.assume(&[]).expect(0, "unless `aws --profile` names one");
}
