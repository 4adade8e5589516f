//! `whoami` follows a container endpoint on this machine, and says why where it gives no keys or is not followed.

use std::time::{Duration, Instant};

use local_sts::GrantedCredentials;

use crate::support::container_endpoint::{ContainerEndpoint, Planned, with_keys};
use crate::support::{Job, Run};

const ARN: &str = "arn:aws:sts::123456789012:assumed-role/deploy/CircleCI";
const URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// As long as a real one, so that no other text holds it by chance.
const AUTHORIZATION: &str = "an-authorization-of-one-start-0123456789";

fn job() -> (Job, GrantedCredentials) {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    job.assume(&["--to", "dotenv:unread"]).succeeds();
    let granted = job.sts.granted().remove(0);
    job.keep_secret(AUTHORIZATION);
    (job, granted)
}

fn job_with(answers: impl FnOnce(&GrantedCredentials) -> Vec<Planned>) -> (Job, ContainerEndpoint) {
    let (mut job, granted) = job();
    let endpoint = ContainerEndpoint::start(answers(&granted));
    job.set(URI, &endpoint.url()).set(TOKEN, AUTHORIZATION);
    (job, endpoint)
}

fn whoami(job: &Job) -> Run {
    job.run(&["whoami"])
}

fn refusal(status: u16, code: &str, message: &str) -> Planned {
    Planned::Answer(status, serde_json::json!({"code": code, "message": message}).to_string())
}

#[test]
fn its_keys_are_asked_with_and_no_proxy_is() {
    let (mut job, endpoint) = job_with(|keys| vec![with_keys(keys)]);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"] {
        job.set(name, &format!("http://{closed}"));
    }
    let run = whoami(&job);
    assert!(run.succeeds().stdout.contains(&format!("arn: {ARN}\n")), "{}", run.stdout);
    assert!(run.stdout.ends_with(&format!("source: container endpoint ({URI})\n")), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    let heads = endpoint.heads();
    let head = heads[0].to_ascii_lowercase();
    assert_eq!(heads.len(), 1);
    assert!(head.starts_with("get /credentials?a=b http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("\r\nauthorization: {AUTHORIZATION}\r\n")), "{head}");
    assert!(head.contains("\r\naccept: application/json\r\n"), "{head}");
}

#[test]
fn the_token_of_the_file_comes_first_and_none_is_needed() {
    let (mut job, endpoint) = job_with(|keys| vec![with_keys(keys)]);
    job.write("token", "Bearer of the-file");
    job.set(TOKEN_FILE, &job.text("token"));
    whoami(&job).succeeds();
    job.unset(TOKEN_FILE).unset(TOKEN);
    whoami(&job).succeeds();
    let heads = endpoint.heads();
    assert!(heads[0].contains("authorization: Bearer of the-file\r\n"), "{}", heads[0]);
    assert!(!heads[1].contains("authorization"), "{}", heads[1]);
}

#[test]
fn a_token_that_no_header_can_hold_is_told_without_it() {
    let (mut job, endpoint) = job_with(|keys| vec![with_keys(keys)]);
    job.set(TOKEN, &format!("{AUTHORIZATION}\n"));
    whoami(&job)
        .expect(2, &format!("error: {URI} cannot be used\n"))
        .expect(2, &format!("the token of {TOKEN} holds a line break"))
        .expect(2, "hint: write the token without a line break at its end");
    job.write("token", &format!("{AUTHORIZATION}\r\n"));
    job.set(TOKEN_FILE, &job.text("token"));
    whoami(&job).expect(2, &format!("the token of {TOKEN_FILE} holds a line break"));
    job.set(TOKEN_FILE, &job.text("gone"));
    whoami(&job).expect(2, "there is no such file");
    assert_eq!(endpoint.heads().len(), 0);
}

#[test]
fn localhost_is_this_machine() {
    let (mut job, endpoint) = job_with(|keys| vec![with_keys(keys)]);
    job.set(URI, &format!("http://localhost:{}/", endpoint.port));
    whoami(&job).succeeds();
    assert_eq!(endpoint.heads().len(), 1);
}

#[test]
fn other_machines_and_tls_are_named_and_not_followed() {
    let (mut job, _) = job();
    for (url, host) in [
        ("http://169.254.170.23/v1/credentials", "http://169.254.170.23"),
        ("https://127.0.0.1:8/x", "https://127.0.0.1:8"),
        ("http://endpoint.example/x", "http://endpoint.example"),
    ] {
        job.set(URI, url);
        whoami(&job)
            .expect(
                2,
                &format!("unsupported endpoint `{host}`; expected http to 127.0.0.1, [::1] or localhost"),
            )
            .expect(2, "hint: use an AWS tool");
    }
    job.set(URI, "x");
    whoami(&job).expect(2, "invalid URL; expected one like");
    job.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    whoami(&job).expect(2, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set, which AWS tools use");
}

#[test]
fn it_comes_last_and_not_after_a_profile_that_is_missing() {
    let (mut job, granted) = job();
    let endpoint = ContainerEndpoint::start(vec![with_keys(&granted)]);
    job.set(URI, &endpoint.url());
    job.write(
        "home/.aws/credentials",
        &format!(
            "[ci]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
            granted.access_key_id, granted.secret_access_key, granted.session_token
        ),
    );
    job.set("AWS_PROFILE", "ci");
    whoami(&job).expect(0, &format!("note: the profile takes precedence over {URI}\n"));
    job.set("AWS_PROFILE", "gone");
    whoami(&job).expect(2, "there is no profile `gone` (AWS_PROFILE)");
    job.unset("AWS_PROFILE");
    job.run(&["whoami", "--profile", "gone"]).expect(2, "there is no profile `gone` (requested)");
    job.run(&["preflight"]);
    assert_eq!(endpoint.heads().len(), 0);
    job.write("home/.aws/config", "[default]\nregion = eu-central-1\n");
    job.unset("AWS_REGION");
    whoami(&job).succeeds();
    let request = job.sts.requests().pop().unwrap();
    assert!(request.header("authorization").unwrap().contains("/eu-central-1/sts/"), "the profile's Region");
    // As in botocore, which goes on where the profile that it is given has no credentials.
    job.write("home/.aws/config", "[profile ci]\nregion = eu-central-1\n");
    job.write("home/.aws/credentials", "");
    assert!(
        job.run(&["whoami", "--profile", "ci"]).succeeds().stdout.contains("source: container endpoint (")
    );
    assert_eq!(endpoint.heads().len(), 2);
}

#[test]
fn it_is_asked_three_times_a_second_apart() {
    let (job, endpoint) =
        job_with(|keys| vec![refusal(500, "", ""), refusal(503, "Busy", "not yet"), with_keys(keys)]);
    let start = Instant::now();
    whoami(&job).expect(
        0,
        &format!(
            "attempt 2 failed: `127.0.0.1:{}` responded with HTTP status 503; the next attempt is in 1.0 s\n",
            endpoint.port
        ),
    );
    assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(endpoint.heads().len(), 3);
}

#[test]
fn a_refusal_is_told_with_its_words() {
    let (mut job, endpoint) = job_with(|_| vec![refusal(403, "Access\nDenied", "no such\u{7}token")]);
    whoami(&job)
        .expect(
            1,
            &format!("error: the container endpoint `127.0.0.1:{}` returned no credentials\n", endpoint.port),
        )
        .expect(
            1,
            "caused by: it responded with HTTP status 403 (Access: no such\u{fffd}token), after 3 attempts\n",
        )
        .expect(1, "hint: use the AWS_CONTAINER_AUTHORIZATION_TOKEN of this endpoint");
    assert_eq!(endpoint.heads().len(), 3);
    job.set("CIRCLECI_AWS_OIDC_DEADLINE", "1s");
    whoami(&job).expect(1, "HTTP status 403 (Access: no such\u{fffd}token)\n");
    assert_eq!(endpoint.heads().len(), 4, "a deadline of 1 s leaves no time for a second attempt");
}

#[test]
fn a_token_of_one_letter_does_not_spoil_the_words_of_a_refusal() {
    let (mut job, _endpoint) = job_with(|_| vec![refusal(403, "Access\nDenied", "no such token")]);
    job.set(TOKEN, "e");
    whoami(&job).expect(1, "HTTP status 403 (Access: no such token), after 3 attempts\n");
}

#[test]
fn an_answer_without_keys_is_told_after_one_request() {
    let expired =
        r#"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2020-01-01T00:00:00Z"}"#;
    for (planned, cause) in [
        (Planned::Answer(200, "<html>".to_owned()), "caused by: it is not JSON (line 1, column 1)\n"),
        (Planned::Answer(200, "{}".to_owned()), "caused by: `AccessKeyId` is missing\n"),
        (Planned::Answer(200, expired.to_owned()), "its credentials expired at 2020-01-01T00:00:00Z\n"),
    ] {
        let (job, endpoint) = job_with(|_| vec![planned]);
        whoami(&job).expect(1, "caused by: its response is not usable\n").expect(1, cause);
        assert_eq!(endpoint.heads().len(), 1);
    }
}

#[test]
fn a_redirect_a_flood_and_silence_end_in_an_error() {
    for (planned, cause) in [
        (Planned::Answer(302, String::new()), "it responded with HTTP status 302, after 3 attempts\n"),
        (Planned::Flood(64 * 1024), "the response is larger than 65536 bytes\n"),
        (Planned::Silence, "no response within 2 s\n"),
    ] {
        let (job, endpoint) = job_with(|_| vec![planned]);
        let run = whoami(&job);
        run.expect(1, cause);
        assert_eq!(run.stderr.matches("\n  hint: ").count(), 1, "{}", run.stderr);
        assert_eq!(endpoint.heads().len(), 3);
    }
}

#[test]
fn an_endpoint_that_is_gone_points_to_its_step() {
    let (mut job, _) = job();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    job.set(URI, &format!("http://{closed}/"));
    whoami(&job)
        .expect(1, "caused by: it was not reached, after 3 attempts\n  caused by: no connection: ")
        .expect(1, "hint: check the step that starts the endpoint (`serve`): it must run in the background");
}

#[test]
fn promise_1_an_endpoint_that_sends_everything_back_gives_nothing_away() {
    let (_, granted) = job();
    let message = format!("you sent {AUTHORIZATION}, you get {}", granted.secret_access_key);
    let escaped = message.replace('-', "\\u002d");
    for planned in [
        refusal(400, AUTHORIZATION, &message),
        Planned::Answer(400, format!("{{\"code\":\"{}\"}}", escaped.replace('"', "\\\""))),
        Planned::Answer(500, message.clone()),
        Planned::Answer(200, message.clone()),
        Planned::Answer(200, serde_json::json!({"AccessKeyId": message, "Token": message}).to_string()),
        Planned::Answer(200, serde_json::json!({"Expiration": message, "AccessKeyId": "A", "SecretAccessKey": message, "Token": message}).to_string()),
    ] {
        let (mut job, _endpoint) = job_with(|_| vec![planned]);
        job.keep_secret(&granted.secret_access_key);
        job.set("CIRCLECI_AWS_OIDC_DEADLINE", "1s");
        let run = whoami(&job);
        assert_eq!(run.status, 1, "{}", run.stderr);
    }
}
