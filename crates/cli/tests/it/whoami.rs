//! Whose credentials the next step would use: which are asked with, what is said about the others, and what is
//! not followed.

#[cfg(unix)]
mod absence;
mod endpoint;
#[cfg(unix)]
mod process;

use local_sts::{Fault, GrantedCredentials};

use crate::support::{Job, Run};

const ARN: &str = "arn:aws:sts::123456789012:assumed-role/deploy/CircleCI";

/// A job whose credentials went nowhere yet: to a file that nothing reads.
fn job() -> (Job, GrantedCredentials) {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    job.assume(&["--to", "dotenv:unread"]).succeeds();
    let granted = job.sts.granted().remove(0);
    (job, granted)
}

fn set_variables(job: &mut Job, keys: &GrantedCredentials) {
    job.set("AWS_ACCESS_KEY_ID", &keys.access_key_id)
        .set("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key)
        .set("AWS_SESSION_TOKEN", &keys.session_token);
}

/// A profile's lines.
fn section(header: &str, keys: &GrantedCredentials) -> String {
    format!(
        "[{header}]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
        keys.access_key_id, keys.secret_access_key, keys.session_token
    )
}

/// Keys that STS does not know.
fn unknown() -> GrantedCredentials {
    GrantedCredentials {
        role_arn: String::new(),
        session_name: String::new(),
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: "a-secret-that-nobody-gave-out-0123456789".to_owned(),
        session_token: "a-token-that-nobody-gave-out-0123456789".to_owned(),
        expires_at: 0,
    }
}

fn whoami(job: &Job, flags: &[&str]) -> Run {
    let run = job.run(&[&["whoami"], flags].concat());
    let secret = "that-nobody-gave-out";
    assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{}", run.stderr);
    run
}

fn identity_requests(job: &Job) -> usize {
    let is_identity =
        |request: &&local_sts::RecordedRequest| request.action.as_deref() == Some("GetCallerIdentity");
    job.sts.requests().iter().filter(is_identity).count()
}

#[test]
fn the_variables_that_assume_exported_are_asked_with() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1");
    job.assume(&[]).succeeds();
    let granted = job.sts.granted().remove(0);
    for line in job.read("bash_env").lines().filter(|line| line.starts_with("export ")) {
        let (name, value) = line["export ".len()..].split_once('=').unwrap();
        job.set(name, value.trim_matches('\''));
    }
    assert_eq!(job.value("AWS_ACCESS_KEY_ID"), granted.access_key_id);
    let run = whoami(&job, &[]);
    let user_id = run.stdout.lines().find_map(|line| line.strip_prefix("user-id: ")).unwrap().to_owned();
    assert!(user_id.ends_with(":CircleCI"), "{user_id}");
    assert_eq!(
        run.succeeds().stdout,
        format!(
            "account: 123456789012\narn: {ARN}\nuser-id: {user_id}\nsource: environment (AWS_ACCESS_KEY_ID)\n"
        )
    );
    assert_eq!(run.stderr, "");
    let request = job.sts.requests().pop().unwrap();
    assert!(request.header("authorization").unwrap().contains("/eu-west-1/sts/aws4_request"));
}

#[test]
fn the_profile_that_assume_wrote_is_asked_with() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_REGION", "eu-central-1");
    job.assume(&["--profile", "ci"]).succeeds();
    job.unset("CIRCLECI_AWS_OIDC_REGION").set("AWS_PROFILE", "ci");
    let run = whoami(&job, &[]);
    run.succeeds();
    assert!(run.stdout.contains(&format!("arn: {ARN}\n")), "{}", run.stdout);
    let source = format!("source: profile ci ({})\n", job.text("home/.aws/credentials"));
    assert!(run.stdout.ends_with(&source), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    let request = job.sts.requests().pop().unwrap();
    assert!(request.header("authorization").unwrap().contains("/eu-central-1/sts/"), "the profile's Region");
}

#[test]
fn the_files_are_searched_in_the_order_of_aws_tools() {
    let (job, granted) = job();
    let config = job.write("home/.aws/config", &section("default", &granted));
    whoami(&job, &[]).expect(0, "");
    job.write("home/.aws/credentials", &section("default", &granted));
    let run = whoami(&job, &[]);
    assert!(run.stdout.contains("source: profile default ("), "{}", run.stdout);
    assert!(run.stdout.ends_with("/credentials)\n"), "{}", run.stdout);
    run.expect(0, &format!("take precedence over those in `{}`", config.display()));
}

#[test]
fn variables_win_over_a_profile_and_say_so() {
    let (mut job, granted) = job();
    set_variables(&mut job, &granted);
    job.write("home/.aws/credentials", &section("default", &unknown()));
    let run = whoami(&job, &[]);
    run.expect(0, "note: AWS_ACCESS_KEY_ID takes precedence over profile `default`\n");
    job.set("AWS_PROFILE", "ci").set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/");
    whoami(&job, &[]).expect(0, "but there is no profile `ci` (AWS_PROFILE): the AWS CLI and boto3 fail");
    job.write("home/.aws/credentials", &section("ci", &unknown()));
    whoami(&job, &[])
        .expect(
            0,
            "note: AWS_ACCESS_KEY_ID takes precedence over profile `ci` (AWS_PROFILE), except in tools",
        )
        .expect(0, "note: AWS_ACCESS_KEY_ID takes precedence over AWS_CONTAINER_CREDENTIALS_FULL_URI\n");
    assert_eq!(whoami(&job, &["--quiet"]).succeeds().stderr, "");
}

#[test]
fn a_static_key_beside_a_profile_is_told_and_an_asked_for_profile_passes_it_over() {
    let (mut job, granted) = job();
    set_variables(&mut job, &unknown());
    job.set("AWS_PROFILE", "ci").set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1");
    job.write("home/.aws/credentials", &section("ci", &granted));
    whoami(&job, &[])
        .expect(
            4,
            "AWS_ACCESS_KEY_ID (a long-lived key, AKIA…) takes precedence over profile `ci` (AWS_PROFILE)",
        )
        .expect(4, "error: the identity of these credentials is unknown: environment (AWS_ACCESS_KEY_ID)\n");
    let run = whoami(&job, &["--profile", "ci"]);
    run.expect(0, "note: AWS_ACCESS_KEY_ID is ignored because profile `ci` is requested");
    assert!(run.stdout.contains("source: profile ci ("), "{}", run.stdout);
    job.set("CIRCLECI_AWS_OIDC_PROFILE", "$WHICH").set("WHICH", "ci");
    assert_eq!(whoami(&job, &[]).succeeds().stdout, run.stdout);
}

#[test]
fn a_wrong_secret_is_refused_after_one_request() {
    let (mut job, granted) = job();
    set_variables(&mut job, &granted);
    job.set("AWS_SECRET_ACCESS_KEY", &unknown().secret_access_key);
    whoami(&job, &[])
        .expect(4, "caused by: STS refused the request with `SignatureDoesNotMatch`")
        .expect(4, "hint: check that the secret key belongs to the access key ID");
    assert_eq!(identity_requests(&job), 1);
}

#[test]
fn keys_that_sts_does_not_know_are_tried_three_times() {
    let (mut job, granted) = job();
    set_variables(&mut job, &granted);
    job.set("AWS_SECURITY_TOKEN", &unknown().session_token);
    whoami(&job, &[])
        .expect(4, "note: AWS_SECURITY_TOKEN is set and used as the session token")
        .expect(4, "caused by: STS refused the request with `InvalidClientTokenId`")
        .expect(4, "caused by: gave up after 3 attempts, because STS may need some seconds to know new keys")
        .expect(4, "hint: unset AWS_SECURITY_TOKEN");
    assert_eq!(identity_requests(&job), 3);
}

#[test]
fn keys_that_are_too_new_for_sts_are_known_at_a_later_attempt() {
    let mut job = Job::with_fault(Fault::UnknownKey, Some(2));
    job.set("AWS_REGION", "eu-west-1").assume(&["--to", "dotenv:unread"]).succeeds();
    let granted = job.sts.granted().remove(0);
    set_variables(&mut job, &granted);
    let run = whoami(&job, &[]);
    run.expect(
        0,
        "attempt 2 failed: STS responded with `InvalidClientTokenId`; the next attempt is in 1.0 s\n",
    );
    assert!(run.stdout.contains(&format!("arn: {ARN}\n")), "{}", run.stdout);
    assert_eq!(identity_requests(&job), 3);
}

#[test]
fn where_nothing_is_the_places_are_named() {
    let (mut job, granted) = job();
    let files = format!("`{}` and `{}`", job.text("home/.aws/credentials"), job.text("home/.aws/config"));
    whoami(&job, &[])
        .expect(2, &format!("no credentials: AWS_ACCESS_KEY_ID is not set; searched {files}"))
        .expect(2, "(instance metadata) is not used");
    whoami(&job, &["--profile", "ci"]).expect(2, "there is no profile `ci` (requested)");
    job.set("AWS_PROFILE", "gone");
    whoami(&job, &[]).expect(2, "there is no profile `gone` (AWS_PROFILE)");
    job.unset("AWS_PROFILE").set("AWS_ACCESS_KEY_ID", &granted.access_key_id);
    whoami(&job, &[]).expect(2, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
    assert_eq!(identity_requests(&job), 0);
}

#[test]
fn what_needs_a_further_step_is_named_and_not_followed() {
    let (mut job, granted) = job();
    let keys = section("ci", &granted);
    let not_followed = "which AWS tools use and this command does not support";
    for (credentials, config, key) in [
        (
            "",
            "[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n",
            "role_arn",
        ),
        (&*keys, "[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/x\n", "role_arn"),
        (&*keys, "[profile ci]\nsso_session = x\n", "sso_session"),
        ("", "[profile ci]\nweb_identity_token_file = t\n", "web_identity_token_file"),
        ("", "[profile ci]\ncredential_process = p\nlogin_session = x\n", "login_session"),
    ] {
        job.write("home/.aws/credentials", credentials);
        job.write("home/.aws/config", config);
        whoami(&job, &["--profile", "ci"])
            .expect(2, &format!("profile `ci` has `{key}` in `"))
            .expect(2, not_followed);
    }
    for name in ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_WEB_IDENTITY_TOKEN_FILE"] {
        job.set(name, "x");
        whoami(&job, &[]).expect(2, &format!("{name} is set, {not_followed}"));
    }
    assert_eq!(identity_requests(&job), 0);
}

#[test]
fn a_file_that_tools_read_in_different_ways_is_no_source() {
    let (mut job, granted) = job();
    job.write("home/.aws/credentials", "[default]\naws_access_key_id = A # note\n");
    whoami(&job, &[])
        .expect(2, "the profile cannot be read from `")
        .expect(2, "`aws_access_key_id` in line 2 holds a space");
    // Beside good variables it is worth a note.
    set_variables(&mut job, &granted);
    whoami(&job, &[]).expect(0, "`aws_access_key_id` in line 2 holds a space");
    job.set("AWS_SECRET_ACCESS_KEY", "two words");
    whoami(&job, &[])
        .expect(2, "the secret access key from environment (AWS_ACCESS_KEY_ID) holds an invalid character");
}

#[test]
fn without_a_region_the_commercial_one_is_asked_and_named() {
    let (mut job, granted) = job();
    set_variables(&mut job, &granted);
    job.unset("AWS_REGION");
    whoami(&job, &[]).expect(0, "note: no Region is set: STS is called in us-east-1\n");
    let request = job.sts.requests().pop().unwrap();
    assert!(request.header("authorization").unwrap().contains("/us-east-1/sts/"));
    job.write("home/.aws/config", "[default]\nregion = nowhere\n");
    whoami(&job, &[]).expect(2, "invalid Region `nowhere`");
}

#[test]
fn an_endpoint_that_is_not_there_is_not_reached() {
    let (mut job, granted) = job();
    set_variables(&mut job, &granted);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    whoami(&job, &["--sts-endpoint", &format!("http://{closed}"), "--max-attempts", "2"])
        .expect(5, "caused by: STS was not reached at `127.0.0.1:")
        .expect(5, "gave up after 2 attempts");
}
