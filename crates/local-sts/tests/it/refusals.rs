//! Every refusal that a client can cause, over TLS, compared with the recorded ones of AWS.

use local_sts::{LocalSts, unix_time_now};
use serde_json::{Value, json};
use testkit::{JobToken, TestIssuer, example_ids::OTHER_PROJECT_ID};

use crate::client::{ROLE, Response, form, post, server, token};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const NOT_VALIDATED: &str = "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for requirements.";
const NOT_AUTHORIZED: &str = "Not authorized to perform sts:AssumeRoleWithWebIdentity";

/// Status, code and, if there is one, the message.
type Refused<'a> = (u16, &'a str, Option<&'a str>);

#[test]
fn parameters_are_refused_in_awss_words() {
    let server = server(&[]);
    let user = "arn:aws:iam::123456789012:user/somebody";
    let validation = |text| (400, "ValidationError", Some(text));
    let cases: [(&str, Option<&str>, Refused<'_>); 14] = [
        (
            "Version",
            None,
            (
                400,
                "InvalidAction",
                Some("Could not find operation AssumeRoleWithWebIdentity for version NO_VERSION_SPECIFIED"),
            ),
        ),
        (
            "Version",
            Some("2010-05-08"),
            (
                400,
                "InvalidAction",
                Some("Could not find operation AssumeRoleWithWebIdentity for version 2010-05-08"),
            ),
        ),
        (
            "Action",
            Some("Assume<Role"),
            (400, "InvalidAction", Some("Could not find operation Assume&lt;Role for version 2011-06-15")),
        ),
        ("DurationSeconds", Some("1h"), (400, "MalformedInput", None)),
        ("DurationSeconds", Some(""), (400, "MalformedInput", Some("missing value for decimal type"))),
        (
            "DurationSeconds",
            Some("899"),
            validation(
                "1 validation error detected: Value &apos;899&apos; at &apos;durationSeconds&apos; failed to satisfy constraint: Member must have value greater than or equal to 900",
            ),
        ),
        (
            "DurationSeconds",
            Some("3601"),
            validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
        ),
        (
            "RoleSessionName",
            Some("a"),
            validation(
                "1 validation error detected: Value &apos;a&apos; at &apos;roleSessionName&apos; failed to satisfy constraint: Member must have length greater than or equal to 2",
            ),
        ),
        (
            "RoleSessionName",
            None,
            validation(
                "1 validation error detected: Value null at &apos;roleSessionName&apos; failed to satisfy constraint: Member must not be null",
            ),
        ),
        (
            "WebIdentityToken",
            Some("abc"),
            validation(
                "1 validation error detected: Value at &apos;webIdentityToken&apos; failed to satisfy constraint: Member must have length greater than or equal to 4",
            ),
        ),
        ("RoleArn", Some("deploy-role-of-the-project"), validation("deploy-role-of-the-project is invalid")),
        ("RoleArn", Some(user), validation("Request ARN is invalid")),
        (
            "ProviderId",
            Some("www.amazon.com"),
            (400, "InvalidIdentityToken", Some("Provided Token is not a Login With Amazon token")),
        ),
        (
            "RoleArn",
            Some("arn:aws:iam::123456789012:role/deploy"),
            (403, "AccessDenied", Some(NOT_AUTHORIZED)),
        ),
    ];
    for (name, value, (status, code, message)) in cases {
        assert_refused(&post(&server, &form(&server, &[(name, value)])).unwrap(), status, code, message);
    }
    assert!(server.granted().is_empty());
}

#[test]
fn tokens_are_refused_in_awss_words() {
    let server = server(&[]);
    let (job, issuer, now) = (token(&server), server.issuer(), unix_time_now());
    let with = |name: &str, value: Value| {
        let mut claims = job.claims();
        claims[name] = value;
        issuer.sign(&claims).unwrap()
    };
    let stranger = TestIssuer::new("11111111-2222-4333-8444-555555555555").unwrap();
    let foreign = JobToken::new(stranger.organization_id(), now).mint(&stranger).unwrap();
    let later = now + 1000;
    let issued_later = format!("Token issued in the future: {later}");
    let no_provider = format!("No OpenIDConnect provider found in your account for {}", stranger.url());
    let cases: [(String, (u16, &str), &str); 13] = [
        (
            "a.b".to_owned() + "cd",
            (400, "InvalidIdentityToken"),
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        ),
        (with("iss", Value::Null), (400, "InvalidIdentityToken"), "Missing a required claim: iss"),
        (with("exp", Value::Null), (400, "InvalidIdentityToken"), "Missing a required claim: exp"),
        (with("aud", json!("")), (400, "InvalidIdentityToken"), "Claim is not allowed to be empty: aud"),
        (
            with("aud", json!(["a", "b"])),
            (400, "InvalidIdentityToken"),
            "Token audience contains more than one audience while authorized party is not present",
        ),
        (with("iat", json!(0.5)), (400, "InvalidIdentityToken"), "Invalid timestamp in token claims."),
        (with("iat", json!(later)), (400, "InvalidIdentityToken"), &issued_later),
        (with("sub", Value::Null), (500, "InternalFailure"), "Unknown error validating third-party token"),
        (foreign, (400, "InvalidIdentityToken"), &no_provider),
        (job.forge(issuer).unwrap(), (400, "InvalidIdentityToken"), NOT_VALIDATED),
        (
            issuer.sign_as("unknown", &job.claims()).unwrap(),
            (400, "InvalidIdentityToken"),
            "Couldn&apos;t retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
        ),
        (with("aud", json!("sts.amazonaws.com")), (400, "InvalidIdentityToken"), NOT_VALIDATED),
        (
            with("oidc.circleci.com/project-id", json!(OTHER_PROJECT_ID)),
            (403, "AccessDenied"),
            NOT_AUTHORIZED,
        ),
    ];
    for (token, (status, code), message) in cases {
        assert_refused(&refused_token(&server, &token), status, code, Some(message));
    }
    assert!(server.granted().is_empty());
}

#[test]
fn an_expired_token_is_told_with_the_tolerance_taken_off() {
    let server = server(&[]);
    let now = unix_time_now();
    let job = JobToken { issued_at: now - 7200, expires_at: now - 3600, ..token(&server) };
    let answer = refused_token(&server, &job.mint(server.issuer()).unwrap());
    let told: u64 = answer.element("Message").split(' ').nth(4).unwrap().parse().unwrap();
    assert!((now - 300..=unix_time_now() - 300).contains(&told));
    let message = format!(
        "Token expired: current date/time {told} must be before the expiration date/time {}",
        now - 3600
    );
    assert_refused(&answer, 400, "ExpiredTokenException", Some(&message));
}

#[test]
fn another_account_has_no_provider() {
    let server = server(&[]);
    let arn = ROLE.replace("123456789012", "210987654321");
    let answer = post(&server, &form(&server, &[("RoleArn", Some(&arn))])).unwrap();
    let message = format!("No OpenIDConnect provider found in your account for {}", server.issuer().url());
    assert_refused(&answer, 400, "InvalidIdentityToken", Some(&message));
}

/// Compares the whole document, status and headers of a refusal.
fn assert_refused(answer: &Response, status: u16, code: &str, message: Option<&str>) {
    let namespace = match code {
        "InvalidAction" => "http://webservices.amazon.com/AWSFault/2005-15-09",
        _ => NAMESPACE,
    };
    let at_fault = if status < 500 { "Sender" } else { "Receiver" };
    let message = message.map(|text| format!("    <Message>{text}</Message>\n")).unwrap_or_default();
    let id = answer.header("x-amzn-requestid").unwrap();
    let expected = format!(
        "<ErrorResponse xmlns=\"{namespace}\">\n  <Error>\n    <Type>{at_fault}</Type>\n    <Code>{code}</Code>\n\
         {message}  </Error>\n  <RequestId>{id}</RequestId>\n</ErrorResponse>\n"
    );
    assert_eq!(answer.text(), expected);
    assert_eq!(answer.status, status);
    assert_eq!(answer.header("content-type"), Some("text/xml"));
    assert!(answer.header("x-amz-sts-extended-request-id").is_some());
}

fn refused_token(server: &LocalSts, token: &str) -> Response {
    post(server, &form(server, &[("WebIdentityToken", Some(token))])).unwrap()
}
