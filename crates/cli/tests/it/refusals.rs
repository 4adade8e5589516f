//! Each known kind of failure on the way to credentials, provoked: the first cause that the user reads is the right
//! one. Kinds that this program tells before any request have their words instead (facts/aws.md 12).

mod mistakes;
mod short;
mod unreached;

use local_sts::{Config, Fault, PlannedFault, Role, unix_time_now};
use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID, USER_ID, VCS_ORIGIN};
use testkit::{JobToken, Shape};

const WORKLOAD: &str = "arn:aws:iam::222222222222:role/workload";

/// What has to come first.
#[derive(Clone, Copy)]
enum First {
    /// The cause with this id.
    Cause(&'static str),
    /// These words, as nothing was asked of STS.
    Words(&'static str),
}
use First::{Cause, Words};

use crate::support::{Job, ROLE, policy, project_policy};

/// Runs `assume` and looks at what comes first.
#[track_caller]
fn assert_first(job: &Job, flags: &[&str], status: i32, first: First) {
    let run = job.assume(flags);
    assert_eq!(run.status, status, "{}", run.stderr);
    match first {
        Words(words) => {
            assert!(run.stderr.contains(words), "`{words}` is not in:\n{}", run.stderr);
            assert_eq!(job.sts.requests().len(), 0, "{}", run.stderr);
        }
        Cause(id) => assert_eq!(first_cause(&run.stderr), Some(id), "{}", run.stderr),
    }
    // A job that calls AWS's own host has no such line.
    let lines = run.stderr.lines().filter(|line| !line.starts_with("note: the token goes to "));
    assert!(lines.count() <= 12, "too long for a log:\n{}", run.stderr);
    assert_eq!(run.stderr.matches("\n  hint: ").count(), 1, "{}", run.stderr);
}

/// The id at the end of the first cause.
fn first_cause(stderr: &str) -> Option<&str> {
    let line = stderr.lines().find_map(|line| line.trim_start().strip_prefix("likely: "))?;
    line.strip_suffix(')')?.rsplit_once('(').map(|(_, id)| id)
}

fn job_of_role(role: Role) -> Job {
    Job::with(Config { roles: vec![role], ..Config::default() })
}

/// A job whose role trusts what has this `sub`, and no other.
fn job_for_subject(subject: &str) -> Job {
    job_of_role(Role::new(ROLE, &policy(subject)))
}

/// The `sub` of the example project's V1 token.
fn v1_subject() -> String {
    format!("org/{ORGANIZATION_ID}/project/{PROJECT_ID}/user/{USER_ID}")
}

fn main_branch() -> String {
    format!(
        "org/{ORGANIZATION_ID}/project/{PROJECT_ID}/user/*/vcs-origin/{VCS_ORIGIN}/vcs-ref/refs/heads/main"
    )
}

fn with_token(mut job: Job, variable: &str, token: &JobToken) -> Job {
    job.set_token(variable, token);
    job
}

/// Gives the job its V1 token beside V2, as CircleCI does.
fn with_both_tokens(job: Job) -> Job {
    let v1 = JobToken { shape: Shape::V1, ..job.fresh() };
    with_token(job, "CIRCLE_OIDC_TOKEN", &v1)
}

#[test]
fn what_is_wrong_with_the_token_is_told_before_anything_is_sent() {
    let mut job = Job::new();
    let token = job.value("CIRCLE_OIDC_TOKEN_V2").to_owned();
    let old = JobToken { issued_at: 1_700_000_000, expires_at: 1_700_003_600, ..job.fresh() };
    let old = old.mint(job.sts.issuer()).unwrap();
    for (text, words) in [
        ("", "error: CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set, or are empty"),
        (&*format!("\"{token}\""), "the content of CIRCLE_OIDC_TOKEN_V2 is not an identity token"),
        (&token[..token.len() / 2], "the content of CIRCLE_OIDC_TOKEN_V2 is not an identity token"),
        (&old, "the token from CIRCLE_OIDC_TOKEN_V2 expired at 2023-11-14T23:13:20Z"),
    ] {
        job.set("CIRCLE_OIDC_TOKEN_V2", text);
        assert_first(&job, &[], 3, Words(words));
    }
}

#[test]
fn a_token_that_sts_does_not_take_has_its_cause() {
    let provider_elsewhere = Job::new();
    assert_first(
        &provider_elsewhere,
        &["--role-arn", "arn:aws:iam::999999999999:role/deploy"],
        4,
        Cause("provider-never-made"),
    );
    let audience = Job::with(Config { client_ids: vec!["somebody".to_owned()], ..Config::default() });
    assert_first(&audience, &[], 4, Cause("audience-not-listed"));
    let mut no_header = Job::new();
    let (_, claims_and_signature) = no_header.value("CIRCLE_OIDC_TOKEN_V2").split_once('.').unwrap();
    let text = format!("AAAA.{claims_and_signature}");
    no_header.set("CIRCLE_OIDC_TOKEN_V2", &text);
    assert_first(&no_header, &[], 4, Cause("not-a-token"));
    let several = Job::new();
    let token = JobToken { audience: vec!["a", "b"].into(), ..several.fresh() };
    assert_first(&with_token(several, "CIRCLE_OIDC_TOKEN_V2", &token), &[], 4, Cause("audience-several"));
}

#[test]
fn a_clock_that_is_off_is_told_from_one_that_is_right() {
    let skewed = |clock_ahead| Job::with(Config { clock_ahead, ..Config::default() });
    // By this machine's clock the token is valid for an hour.
    let behind = skewed(7200);
    assert_first(&behind, &[], 4, Cause("clock-of-this-machine"));
    behind.assume(&[]).expect(4, " s behind the clock of STS").expect(4, "ExpiredTokenException");
    let ahead = skewed(-7200);
    assert_first(&ahead, &[], 4, Cause("clock-of-this-machine"));
    ahead.assume(&[]).expect(4, " s ahead of the clock of STS").expect(4, "Token issued in the future");
    let right = Job::new();
    let token = JobToken { issued_at: unix_time_now() + 3600, ..right.fresh() };
    let right = with_token(right, "CIRCLE_OIDC_TOKEN_V2", &token);
    assert_first(&right, &[], 4, Cause("clock-of-the-issuer"));
    right.assume(&[]).expect(4, "ruled out: clock-of-this-machine (it agrees with STS's clock)");
}

#[test]
fn a_role_that_does_not_trust_the_token_has_the_cause_that_the_token_shows() {
    let v2_for_v1 = job_for_subject(&v1_subject());
    assert_first(&v2_for_v1, &[], 4, Cause("other-ref"));
    v2_for_v1.assume(&[]).expect(4, "(subject-with-branch)");
    let mut v1_for_v2 = job_for_subject(&main_branch());
    let v1 = v1_for_v2.token(Shape::V1);
    v1_for_v2.unset("CIRCLE_OIDC_TOKEN_V2").set("CIRCLE_OIDC_TOKEN", &v1);
    assert_first(&v1_for_v2, &[], 4, Cause("subject-without-branch"));
    let webhook = job_for_subject(&main_branch());
    let token = JobToken { shape: Shape::Webhook, ..webhook.fresh() };
    assert_first(&with_token(webhook, "CIRCLE_OIDC_TOKEN_V2", &token), &[], 4, Cause("subject-of-webhook"));
    let other_project = format!("org/{ORGANIZATION_ID}/project/{OTHER_PROJECT_ID}/user/*");
    let other_project = with_both_tokens(job_for_subject(&other_project));
    assert_first(&other_project, &[], 4, Cause("other-ref"));
    other_project.assume(&[]).expect(4, " subject-differs (project, ");
    // A star that counts as a letter.
    let mut literal: serde_json::Value = serde_json::from_str(&policy("x")).unwrap();
    let subject = format!("oidc.circleci.com/org/{ORGANIZATION_ID}:sub");
    literal["Statement"][0]["Condition"] = serde_json::json!({"StringEquals": {subject: v1_subject() + "*"}});
    let star = with_both_tokens(job_of_role(Role::new(ROLE, &literal.to_string())));
    star.assume(&[]).expect(4, " subject-differs (project, ");
    let github = Config { client_ids: vec!["sts.amazonaws.com".to_owned()], ..Config::default() };
    let github = with_both_tokens(Job::with(github));
    let custom = JobToken { audience: "sts.amazonaws.com".into(), ..github.fresh() };
    let v1 = JobToken { shape: Shape::V1, ..custom.clone() };
    let github = with_token(with_token(github, "CIRCLE_OIDC_TOKEN_V2", &custom), "CIRCLE_OIDC_TOKEN", &v1);
    github.assume(&[]).expect(4, "(audience-differs)");
}

#[test]
fn a_role_that_is_not_there_is_among_the_causes_of_a_denial() {
    let job = with_both_tokens(Job::new());
    job.assume(&["--role-arn", "arn:aws:iam::123456789012:role/deplyo"]).expect(4, "; role-missing\n");
    job.assume(&["--role-arn", "arn:aws:iam::123456789012:role/deplyo", "--details"])
        .expect(4, "account 123456789012 has no such role: AWS denies a wrong name");
}

#[test]
fn a_hop_that_is_denied_has_its_cause() {
    let trusting = |principal: &str, actions: serde_json::Value, condition: serde_json::Value| {
        let statement = serde_json::json!({
            "Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, "Condition": condition,
        });
        let policy = serde_json::json!({"Version": "2012-10-17", "Statement": [statement]});
        Role::new(WORKLOAD, &policy.to_string())
    };
    let (assume, none) = (serde_json::json!("sts:AssumeRole"), serde_json::json!({}));
    let external_id = serde_json::json!({"StringEquals": {"sts:ExternalId": "for-us"}});
    let stranger = "arn:aws:iam::123456789012:role/somebody";
    for (role, flags, first) in [
        (trusting(stranger, assume.clone(), none.clone()), &[][..], "caller-not-trusted"),
        (trusting(ROLE, assume.clone(), external_id), &["--external-id", "wrong"], "external-id-differs"),
        (trusting(ROLE, assume.clone(), none.clone()), &["--tag", "team=shop"], "trust-lacks-tag-session"),
        (trusting(ROLE, assume, none), &["--source-identity", "ci"], "trust-lacks-set-source-identity"),
    ] {
        let first_role = Role::new(ROLE, &project_policy(ORGANIZATION_ID));
        let job = Job::with(Config { roles: vec![first_role, role], ..Config::default() });
        assert_first(&job, &[&["--chain-role-arn", WORKLOAD], flags].concat(), 4, Cause(first));
    }
}

#[test]
fn a_duration_has_two_limits() {
    let job = Job::new();
    let chain = ["--duration", "2h", "--chain-role-arn", WORKLOAD];
    assert_eq!(job.assume(&chain).expect(2, "expected at most 1h").stdout, "");
    assert_eq!(job.sts.requests().len(), 0);
    assert_first(&job, &["--duration", "2h"], 4, Cause("duration-over-role"));
}

#[test]
fn a_fault_on_the_side_of_aws_has_its_cause() {
    for (fault, status, first) in [
        (Fault::RegionDisabled, 4, "region-not-enabled"),
        (Fault::Thumbprint, 4, "thumbprint-stale"),
        (Fault::VerificationKey, 5, "keys-not-reached"),
        (Fault::IdpCommunication, 5, "issuer-slow"),
        (Fault::Throttling, 5, "many-jobs"),
        (Fault::InternalFailure, 5, "service-fault"),
    ] {
        let mut job = Job::with_fault(fault, None);
        job.set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1");
        assert_first(&job, &["--max-attempts", "1"], status, Cause(first));
    }
}

#[test]
fn credentials_that_sts_does_not_know_have_the_cause_that_is_set_beside_them() {
    let mut job = Job::with(Config {
        roles: vec![Role::new(ROLE, &project_policy(ORGANIZATION_ID))],
        faults: vec![PlannedFault { role_arn: ROLE.to_owned(), fault: Fault::UnknownKey, uses: None }],
        ..Config::default()
    });
    job.set("AWS_REGION", "eu-west-1").assume(&["--to", "dotenv:unread"]).succeeds();
    let granted = job.sts.granted().remove(0);
    job.set("AWS_ACCESS_KEY_ID", &granted.access_key_id)
        .set("AWS_SECRET_ACCESS_KEY", &granted.secret_access_key)
        .set("AWS_SESSION_TOKEN", &granted.session_token)
        .set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1");
    let whoami = |job: &Job| first_cause(&job.run(&["whoami"]).expect(4, "").stderr).map(str::to_owned);
    assert_eq!(whoami(&job).as_deref(), Some("credentials-mixed"));
    job.set("AWS_SECURITY_TOKEN", "of-other-credentials-0123456789");
    assert_eq!(whoami(&job).as_deref(), Some("stale-security-token"));
    job.unset("AWS_SECURITY_TOKEN").unset("AWS_SESSION_TOKEN");
    assert_eq!(whoami(&job).as_deref(), Some("session-token-missing"));
}

#[test]
fn a_signature_by_a_wrong_clock_has_the_clock_as_its_cause() {
    let mut job = Job::with(Config { clock_ahead: 1200, ..Config::default() });
    job.set("AWS_REGION", "eu-west-1").assume(&["--profile", "ci"]).succeeds();
    let run = job.run(&["whoami", "--profile", "ci"]);
    run.expect(4, "SignatureDoesNotMatch").expect(4, " s behind the clock of STS");
    assert_eq!(first_cause(&run.stderr), Some("clock-of-this-machine"));
}
