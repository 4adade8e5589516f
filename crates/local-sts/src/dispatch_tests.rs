//! An exchange and a signed call at chosen times, without a connection.

use testkit::JobToken;

use super::*;
use crate::{
    clock::compact,
    config::{Config, Role},
    session::GrantedCredentials,
    signature::{CanonicalRequest, Scope, sign},
};

const NOW: i64 = 1_440_938_160;
const ROLE: &str = "arn:aws:iam::123456789012:role/ci/deploy";
const IDENTITY: &[u8] = b"Action=GetCallerIdentity&Version=2011-06-15";

fn state() -> ServerState {
    let policy = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/O"}}}"#;
    let issuer = Some(testkit::TestIssuer::new("O").unwrap());
    ServerState::new(Config { roles: vec![Role::new(ROLE, policy)], issuer, ..Config::default() }).unwrap()
}

fn call(headers: Vec<(String, String)>, body: &[u8]) -> Call {
    Call {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: String::new(),
        headers,
        body: Some(body.to_vec()),
    }
}

fn form_header() -> (String, String) {
    ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())
}

fn responded(state: &ServerState, call: &Call, now: i64) -> StsResponse {
    match respond(state, call, now) {
        Transmission::Complete(response) => response,
        other => panic!("{other:?}"),
    }
}

fn granted(state: &ServerState) -> GrantedCredentials {
    let token = JobToken::new("O", NOW.cast_unsigned()).mint(&state.issuer).unwrap();
    let form = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={ROLE}&RoleSessionName=ci&WebIdentityToken={token}"
    );
    let response = responded(state, &call(vec![form_header()], form.as_bytes()), NOW);
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    crate::state::locked(&state.sessions)[0].credentials.clone()
}

fn signed(granted: &GrantedCredentials, now: i64) -> Call {
    let timestamp = compact(now);
    let mut headers = vec![
        form_header(),
        ("host".to_owned(), "127.0.0.1".to_owned()),
        ("x-amz-date".to_owned(), timestamp.clone()),
        ("x-amz-security-token".to_owned(), granted.session_token.clone()),
    ];
    let covered = headers.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let request = CanonicalRequest { method: "POST", path: "/", query: "", headers: covered, body: IDENTITY };
    let scope = Scope { date: &timestamp[..8], region: "us-east-1", service: "sts" };
    let signature = sign(&request, &granted.secret_access_key, scope, &timestamp);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{}/us-east-1/sts/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature={signature}",
        granted.access_key_id, scope.date
    );
    headers.push(("authorization".to_owned(), authorization));
    call(headers, IDENTITY)
}

#[test]
fn a_signed_call_gets_its_identity() {
    let state = state();
    let granted = granted(&state);
    let response = responded(&state, &signed(&granted, NOW), NOW);
    let (role_id, request_id) = (&state.roles[0].id, &response.headers[1].1);
    let expected = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">
  <GetCallerIdentityResult>
    <Arn>arn:aws:sts::123456789012:assumed-role/deploy/ci</Arn>
    <UserId>{role_id}:ci</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>{request_id}</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
"
    );
    assert_eq!(String::from_utf8(response.body).unwrap(), expected);
}

#[test]
fn a_refused_signature_has_awss_code_and_text() {
    let state = state();
    let granted = granted(&state);
    let wrong_secret = GrantedCredentials { secret_access_key: "x".to_owned(), ..granted.clone() };
    let wrong_token = GrantedCredentials { session_token: "x".to_owned(), ..granted.clone() };
    let (day, end) = (86_400, NOW + 3600);
    let cases = [
        (
            signed(&wrong_secret, NOW),
            NOW,
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        ),
        (
            signed(&wrong_token, NOW),
            NOW,
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        ),
        (
            signed(&granted, end),
            end,
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
        ),
        (
            signed(&granted, NOW),
            NOW + day,
            403,
            "SignatureDoesNotMatch",
            "Signature expired: 20150830T123600Z is now earlier than 20150831T122100Z (20150831T123600Z - 15 min.)",
        ),
        (
            call(vec![form_header()], IDENTITY),
            NOW,
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        ),
        (
            call(vec![form_header(), ("authorization".to_owned(), "Bearer x".to_owned())], IDENTITY),
            NOW,
            400,
            "IncompleteSignature",
            "the Authorization header isn&apos;t of the form &apos;AWS4-HMAC-SHA256 …&apos;",
        ),
    ];
    for (call, now, status, code, message) in cases {
        let response = responded(&state, &call, now);
        let body = String::from_utf8(response.body).unwrap();
        assert_eq!(response.status, status, "{code}");
        let expected = format!("    <Code>{code}</Code>\n    <Message>{message}</Message>\n");
        assert!(body.contains(&expected), "{code}: {body}");
    }
}
