//! Granted sessions, and the responses of the HTTP front end, compared with the shapes recorded from AWS.

use local_sts::{Config, LocalSts, Role, unix_time_now};
use serde_json::json;
use testkit::{JobToken, Shape};

use crate::client::{ROLE, form, policy, post, send, server, token};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

#[test]
fn success_has_the_shape_of_recorded_answers() {
    let server = server(&[]);
    let before = unix_time_now().cast_signed();
    let answer = post(&server, &form(&server, &[("DurationSeconds", Some("900"))])).unwrap();
    let after = unix_time_now().cast_signed();
    let [granted] = &server.granted()[..] else { panic!("{:?}", server.granted()) };
    let organization = server.issuer().organization_id();
    let role_id = answer.element("AssumedRoleId").strip_suffix(":ci-1").unwrap().to_owned();
    let expected = format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"{NAMESPACE}\">
  <AssumeRoleWithWebIdentityResult>
    <Audience>{organization}</Audience>
    <AssumedRoleUser>
      <AssumedRoleId>{role_id}:ci-1</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/deploy/ci-1</Arn>
    </AssumedRoleUser>
    <Provider>arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/{organization}</Provider>
    <Credentials>
      <AccessKeyId>{}</AccessKeyId>
      <SecretAccessKey>{}</SecretAccessKey>
      <SessionToken>{}</SessionToken>
      <Expiration>{}</Expiration>
    </Credentials>
    <SubjectFromWebIdentityToken>{}</SubjectFromWebIdentityToken>
    <PackedPolicySize>24</PackedPolicySize>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata>
    <RequestId>{}</RequestId>
  </ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>
",
        granted.access_key_id,
        granted.secret_access_key,
        granted.session_token,
        answer.element("Expiration"),
        token(&server).subject(),
        answer.header("x-amzn-requestid").unwrap(),
    );
    assert_eq!(answer.text(), expected);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/xml"));
    assert!(role_id.starts_with("AROA") && role_id.len() == 21);
    assert!((before + 900..=after + 900).contains(&granted.expires_at));
    let expiration = answer.element("Expiration");
    assert!(expiration.len() == 20 && expiration.ends_with('Z'), "{expiration}");
    assert_eq!((granted.role_arn.as_str(), granted.session_name.as_str()), (ROLE, "ci-1"));
}

#[test]
fn every_form_of_the_token_is_taken_and_a_role_keeps_its_id() {
    let server = server(&[]);
    let honest = token(&server);
    let mut ids = Vec::new();
    for job in [
        JobToken { shape: Shape::V1, ..honest.clone() },
        JobToken { shape: Shape::Webhook, ..honest.clone() },
        JobToken { ssh_rerun: true, ..honest.clone() },
        JobToken { audience: json!([honest.audience]), ..honest.clone() },
    ] {
        let answer =
            post(&server, &form(&server, &[("WebIdentityToken", Some(&job.mint(server.issuer()).unwrap()))]))
                .unwrap();
        assert_eq!(answer.status, 200, "{job:?}: {}", answer.text());
        ids.push(answer.element("AssumedRoleId"));
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[test]
fn what_is_no_call_is_sent_to_the_product_page() {
    let server = server(&[]);
    let good = form(&server, &[]);
    let json_type = [("Content-Type", "application/json")];
    for answer in [
        send(&server, "POST", "/", &[], good.as_bytes()).unwrap(),
        send(&server, "POST", "/", &json_type, good.as_bytes()).unwrap(),
        post(&server, &form(&server, &[("Action", None)])).unwrap(),
        send(&server, "GET", "/", &[], b"").unwrap(),
    ] {
        assert_eq!((answer.status, answer.header("location")), (302, Some("https://aws.amazon.com/iam")));
        assert!(answer.body.is_empty() && answer.header("x-amzn-requestid").is_none());
    }
}

#[test]
fn a_charset_and_a_get_are_fine() {
    let server = server(&[]);
    let good = form(&server, &[]);
    let charset = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")];
    assert_eq!(send(&server, "POST", "/", &charset, good.as_bytes()).unwrap().status, 200);
    assert_eq!(send(&server, "GET", &format!("/?{good}"), &[], b"").unwrap().status, 200);
}

#[test]
fn a_body_over_ten_million_bytes_is_too_large() {
    let server = server(&[]);
    let limit = 10_000_000;
    let padded = |size: usize| {
        let form = form(&server, &[]);
        format!("{form}&Padding={}", "x".repeat(size - form.len() - "&Padding=".len()))
    };
    assert_eq!(post(&server, &padded(limit)).unwrap().status, 200);
    let refused = post(&server, &padded(limit + 1)).unwrap();
    assert_eq!(refused.status, 413);
    assert!(refused.body.is_empty() && refused.header("x-amzn-requestid").is_none());
}

#[test]
fn a_role_may_allow_longer_sessions_and_a_provider_other_audiences() {
    let audience = "https://aws.example.test";
    let policy = policy().replace(
        &format!(":aud\": \"{}\"", testkit::example_ids::ORGANIZATION_ID),
        &format!(":aud\": \"{audience}\""),
    );
    let role = Role { max_session_duration: 7200, ..Role::new(ROLE, &policy) };
    let client_ids = vec![audience.to_owned()];
    let server = LocalSts::start(Config { roles: vec![role], client_ids, ..Config::default() }).unwrap();
    let job = JobToken { audience: audience.into(), ..token(&server) }.mint(server.issuer()).unwrap();
    let changes = [("WebIdentityToken", Some(job.as_str())), ("DurationSeconds", Some("7200"))];
    let answer = post(&server, &form(&server, &changes)).unwrap();
    assert_eq!((answer.status, answer.element("Audience").as_str()), (200, audience));
    let default_audience = post(&server, &form(&server, &[])).unwrap();
    assert_eq!(default_audience.element("Code"), "InvalidIdentityToken");
}
