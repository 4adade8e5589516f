//! `--receipt`: its shape, that it is written whatever happens, and that it holds no secret.

mod command;
mod file;
mod schema;

use std::net::TcpListener;

use local_sts::{Config, Fault, Role};
use serde_json::{Value, json};
use testkit::Shape;

use crate::support::many_roles::{self, opened_by, opened_by_token};
use crate::support::{Job, ROLE, Run, policy, project_policy};

const WORKLOAD: &str = "arn:aws:iam::222222222222:role/workload";
const FILE: &str = "receipt.json";

/// A job with the role of the token and one behind it.
fn job() -> Job {
    let project = project_policy(testkit::example_ids::ORGANIZATION_ID);
    let roles = vec![Role::new(ROLE, &project), opened_by(WORKLOAD, ROLE, None)];
    Job::with(Config { roles, ..Config::default() })
}

/// Of another project.
fn foreign_policy() -> String {
    policy("org/another/*")
}

fn denied() -> Job {
    Job::with(Config { roles: vec![Role::new(ROLE, &foreign_policy())], ..Config::default() })
}

fn assume(job: &Job, flags: &[&str]) -> Run {
    job.assume(&[&["--receipt", FILE], flags].concat())
}

/// The receipt, searched for secrets.
#[track_caller]
fn receipt(job: &Job) -> Value {
    let text = job.read(FILE);
    job.assert_no_secret_in(&[(FILE, text.as_bytes())]);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: `{text}`"))
}

#[test]
fn a_success_is_told_with_role_session_token_and_attempts() {
    let job = job();
    assume(&job, &["--region", "eu-west-1", "--verify"]).succeeds();
    let receipt = receipt(&job);
    assert_eq!((&receipt["outcome"], &receipt["exit_code"]), (&json!("succeeded"), &json!(0)));
    assert_eq!(receipt["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(receipt["destinations"], json!([{"destination": "bash-env", "written": true}]));
    assert_eq!(receipt["verification"]["outcome"], "verified");
    assert!(receipt["error"].is_null());
    let role = &receipt["roles"][0];
    assert_eq!((&role["role_arn"], &role["account"]), (&json!(ROLE), &json!("123456789012")));
    assert_eq!((&role["region"], &role["status"]), (&json!("eu-west-1"), &json!("granted")));
    assert_eq!(role["session"]["arn"], "arn:aws:sts::123456789012:assumed-role/deploy/CircleCI");
    assert_eq!(role["session"]["access_key_id"], job.sts.granted()[0].access_key_id.as_str());
    assert_eq!(role["duration_seconds"], 3600);
    let seconds = role["session"]["duration_seconds"].as_i64().unwrap();
    assert!((3590..=3601).contains(&seconds), "{seconds}");
    assert_eq!(each(&role["calls"], "operation"), ["AssumeRoleWithWebIdentity", "GetCallerIdentity"]);
    let attempt = &role["calls"][0]["attempts"][0];
    assert_eq!(attempt["outcome"], "succeeded");
    assert!(attempt["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{attempt}");
    let token = &receipt["tokens"][0];
    assert_eq!((&token["source"], &token["form"]), (&json!("circleci-v2"), &json!("v2")));
    let (age, life) = (token["age_seconds"].as_i64().unwrap(), token["life_seconds"].as_i64().unwrap());
    assert!((0..600).contains(&age) && (3000..=3600).contains(&life), "age {age}, life {life}");
}

/// Of a list of objects, this field of each.
fn each<'r>(list: &'r Value, field: &str) -> Vec<&'r Value> {
    list.as_array().unwrap().iter().map(|item| &item[field]).collect()
}

#[test]
fn a_retry_is_told_and_nothing_of_an_earlier_receipt_stays() {
    let job = Job::with_fault(Fault::ServiceUnavailable, Some(1));
    assume(&job, &[]).succeeds();
    let calls = receipt(&job)["roles"][0]["calls"].clone();
    assert_eq!(each(&calls[0]["attempts"], "outcome"), ["refused", "succeeded"]);
    assert_eq!(calls[0]["attempts"][0]["code"], "ServiceUnavailable");
    assume(&job, &[]).succeeds();
    assert_eq!(each(&receipt(&job)["roles"][0]["calls"][0]["attempts"], "outcome"), ["succeeded"]);
}

#[test]
fn a_second_token_is_told_with_the_calls_that_sent_each() {
    let organization = testkit::example_ids::ORGANIZATION_ID;
    let v1 =
        project_policy(organization).replace("/user/*", &format!("/user/{}", testkit::example_ids::USER_ID));
    let mut job = Job::with(Config { roles: vec![Role::new(ROLE, &v1)], ..Config::default() });
    job.set("CIRCLE_OIDC_TOKEN", &job.token(Shape::V1));
    assume(&job, &[]).succeeds();
    let receipt = receipt(&job);
    assert_eq!(each(&receipt["tokens"], "source"), ["circleci-v2", "circleci-v1"]);
    assert_eq!(each(&receipt["tokens"], "form"), ["v2", "v1"]);
    let calls = &receipt["roles"][0]["calls"];
    assert_eq!(each(calls, "token_source"), ["circleci-v2", "circleci-v1"]);
    assert_eq!(calls[0]["attempts"][0]["code"], "AccessDenied");
    assert_eq!(receipt["roles"][0]["status"], "granted");
}

#[test]
fn a_denial_is_told_with_code_request_causes_and_hint() {
    let job = denied();
    let run = assume(&job, &[]);
    run.expect(4, "AccessDenied");
    let receipt = receipt(&job);
    let error = &receipt["error"];
    assert_eq!((&receipt["exit_code"], &error["exit_code"]), (&json!(4), &json!(4)));
    assert_eq!(error["code"], "AccessDenied");
    let request_id = error["request_id"].as_str().unwrap();
    assert!(run.stderr.contains(request_id), "{request_id}: {}", run.stderr);
    let first = error["causes"][0]["id"].as_str().unwrap();
    assert!(run.stderr.contains(&format!("({first})")), "{first}: {}", run.stderr);
    assert!(run.stderr.contains(error["hint"].as_str().unwrap()), "{}", run.stderr);
    let role = &receipt["roles"][0];
    assert_eq!(role["status"], "failed");
    assert_eq!(role["calls"][0]["attempts"][0]["code"], "AccessDenied");
    assert_eq!(receipt["destinations"][0]["written"], false);
}

#[test]
fn a_denial_with_the_policy_at_hand_names_the_condition_that_fails() {
    let job = denied();
    job.write("trust.json", &foreign_policy());
    assume(&job, &["--trust-policy", "trust.json"]).expect(4, "fails: ");
    let error = receipt(&job)["error"].clone();
    assert!(error["fails"][0].as_str().is_some_and(|text| text.contains(":sub")), "{error}");
    assert!(error["policy"].as_str().is_some_and(|text| text.contains("trust.json")), "{error}");
}

/// A port where nothing listens.
fn dead_endpoint() -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("https://127.0.0.1:{port}/")
}

fn without_network() -> Job {
    let mut job = job();
    job.set("AWS_ENDPOINT_URL_STS", &dead_endpoint());
    job
}

#[test]
fn every_failure_after_the_settings_leaves_a_receipt() {
    let own_keys = job();
    own_keys.write("own.env", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n");
    let mut no_token = job();
    no_token.unset("CIRCLE_OIDC_TOKEN_V2");
    for (job, flags, code, status, calls) in [
        (without_network(), &["--max-attempts", "2"][..], 5, "failed", 1),
        (job(), &["--allowed-account-id", "999999999999"], 7, "not-requested", 0),
        (own_keys, &["--to", "dotenv:own.env"], 7, "not-requested", 0),
        (no_token, &["--token-source", "circleci-v2"], 3, "not-requested", 0),
        (job(), &["--to", "dotenv:missing/x.env"], 6, "not-requested", 0),
    ] {
        let run = assume(&job, flags);
        assert_eq!(run.status, code, "{flags:?}: {}", run.stderr);
        let receipt = receipt(&job);
        assert_eq!(receipt["exit_code"], code, "{flags:?}");
        assert_eq!(receipt["roles"][0]["status"], status, "{flags:?}");
        assert_eq!(receipt["roles"][0]["calls"].as_array().unwrap().len(), calls, "{flags:?}");
        assert!(run.stderr.contains(receipt["error"]["message"].as_str().unwrap()), "{flags:?}");
    }
}

#[test]
fn attempts_without_a_response_are_told() {
    let job = without_network();
    assume(&job, &["--max-attempts", "2", "--connect-timeout", "1"]).expect(5, "2 attempts");
    let attempts = receipt(&job)["roles"][0]["calls"][0]["attempts"].clone();
    assert_eq!(attempts.as_array().unwrap().len(), 2, "{attempts}");
    assert_eq!(attempts[1]["outcome"], "not-reached");
    assert!(attempts[1]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{attempts}");
}

#[test]
fn invalid_settings_leave_code_and_message() {
    let job = job();
    assume(&job, &["--duration", "1s"]).expect(2, "--duration");
    let receipt = receipt(&job);
    assert_eq!((&receipt["exit_code"], &receipt["roles"]), (&json!(2), &json!([])));
    assert!(receipt["error"]["message"].as_str().is_some_and(|text| text.contains("--duration")));
}

#[test]
fn a_chain_is_told_hop_by_hop() {
    let job = job();
    assume(&job, &["--chain-role-arn", WORKLOAD]).succeeds();
    let role = receipt(&job)["roles"][0].clone();
    assert_eq!(role["role_arn"], WORKLOAD);
    assert_eq!(role["chain"], json!([ROLE, WORKLOAD]));
    assert_eq!(role["session"]["account"], "222222222222");
    let roles: Vec<&Value> = role["calls"].as_array().unwrap().iter().map(|call| &call["role_arn"]).collect();
    assert_eq!(roles, [ROLE, WORKLOAD]);
    assert_eq!(role["calls"][0]["duration_seconds"], 900, "the first role's session is short");
}

const ROLES: &str = "[profile tooling]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\n\
                     [profile app]\nrole_arn = arn:aws:iam::222222222222:role/workload\n\
                     source_profile = tooling\n\
                     [profile other]\nrole_arn = arn:aws:iam::333333333333:role/other\n";

fn profiles(job: &Job) -> Run {
    job.write("roles.ini", ROLES);
    job.run(&["profiles", "--config-file", "roles.ini", "--receipt", FILE])
}

fn with_other(other: &str) -> Job {
    many_roles::job(vec![opened_by_token(ROLE), opened_by(WORKLOAD, ROLE, None), opened_by_token(other)])
}

#[test]
fn profiles_have_an_entry_each_in_the_files_order() {
    let job = with_other("arn:aws:iam::333333333333:role/other");
    profiles(&job).succeeds();
    let receipt = receipt(&job);
    let entries: Vec<(&Value, &Value, usize)> = receipt["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| (&role["profile"], &role["status"], role["calls"].as_array().unwrap().len()))
        .collect();
    let granted = &json!("granted");
    assert_eq!(
        entries,
        [(&json!("tooling"), granted, 1), (&json!("app"), granted, 1), (&json!("other"), granted, 1),]
    );
    assert_eq!(receipt["roles"][1]["chain"], json!([ROLE, WORKLOAD]));
    assert_eq!(receipt["destinations"][2], json!({"destination": "profile:other", "written": true}));
    assert_eq!(receipt["tokens"].as_array().unwrap().len(), 1);
}

#[test]
fn profiles_that_fail_say_which_role_was_granted_and_that_nothing_was_written() {
    let job = with_other("arn:aws:iam::333333333333:role/elsewhere");
    profiles(&job).expect(4, "1 of 3 profiles cannot be assumed");
    let receipt = receipt(&job);
    assert_eq!(receipt["roles"][0]["status"], "granted");
    assert_eq!(receipt["roles"][2]["status"], "failed");
    assert_eq!(receipt["destinations"][0]["written"], false);
    assert_eq!(receipt["error"]["parts"][0]["code"], "AccessDenied");
}

#[test]
fn a_narrowed_session_is_told_with_the_credentials_that_were_passed_on() {
    let job = job();
    let chain = ["--region", "eu-west-1", "--chain-role-arn", WORKLOAD];
    assume(
        &job,
        &[&chain[..], &["--scope-policy", r#"{"Statement":[]}"#, "--scope-duration", "5m"]].concat(),
    )
    .succeeds();
    let receipt = receipt(&job);
    let role = &receipt["roles"][0];
    assert_eq!(role["scope"], json!({"policy": true, "duration_seconds": 300}));
    assert_eq!(role["session"]["access_key_id"], job.sts.granted()[2].access_key_id.as_str());
    let life = role["session"]["duration_seconds"].as_i64().unwrap();
    assert!((290..=300).contains(&life), "{life}");
    let calls = role["calls"].as_array().unwrap();
    let operations: Vec<_> = calls.iter().map(|call| call["operation"].as_str().unwrap()).collect();
    assert_eq!(operations, ["AssumeRoleWithWebIdentity", "AssumeRole", "GetScopedCredentials"]);
}
