//! Scoped credentials: the product asks, signs and reads, the server judges the scope policies.

use aws::Credentials;
use local_sts::{Config, LocalSts, Role};
use sts::{
    Endpoint, GetCallerIdentity, GetScopedCredentials, Refusal, RegionalEndpoint, Scope, ScopedCredentials,
    SigningKeys, StsError, TemporaryKeys,
};

use crate::{
    chain::{CALLER, WORKLOAD, assume, chain, first, hop, now, post_signed, read, trust},
    client::{FORM, ROLE, Response, policy, send, server},
};

const ALL: &str = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const NO_ROLE: &str =
    r#"{"Statement": {"Effect": "Allow", "Action": ["s3:*", "sts:GetScopedCredentials"], "Resource": "*"}}"#;
const S3: &str = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;

fn scope(policy: Option<&str>, duration: Option<&str>) -> Scope {
    let policy = policy.map(|text| text.parse().unwrap());
    Scope::new(policy, duration.map(|text| text.parse().unwrap()), None).unwrap()
}

/// The whole request as the product sends it.
fn sent(server: &LocalSts, credentials: &Credentials, scope: &Scope) -> Response {
    let endpoint = Endpoint::from_url(server.endpoint()).unwrap();
    let region = "eu-west-1".parse().unwrap();
    let endpoint = RegionalEndpoint::new(&endpoint, Some(&region)).unwrap();
    let keys = TemporaryKeys::try_from(SigningKeys::from(credentials)).unwrap();
    let form = GetScopedCredentials { scope }.to_form();
    let signed = GetScopedCredentials::headers(keys, &endpoint, &form, now());
    let mut headers = vec![FORM_CHARSET];
    headers.extend(signed.iter().map(|(name, value)| (*name, value.expose())));
    send(server, "POST", "/", &headers, form.as_bytes()).unwrap()
}

const FORM_CHARSET: (&str, &str) = (FORM.0, sts::FORM_CONTENT_TYPE);

fn narrow(
    server: &LocalSts,
    credentials: &Credentials,
    scope: &Scope,
) -> Result<ScopedCredentials, StsError> {
    read(&sent(server, credentials, scope), |answer| answer.scoped_credentials(Some(CALLER)))
}

fn refused(outcome: Result<ScopedCredentials, StsError>) -> Refusal {
    match outcome {
        Err(StsError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn code(outcome: Result<ScopedCredentials, StsError>) -> String {
    refused(outcome).code
}

#[test]
fn scoped_credentials_are_of_the_same_session_and_may_do_less() {
    let server = chain();
    let whole = first(&server);
    let scoped = narrow(&server, &whole, &scope(Some(S3), Some("60"))).unwrap();
    assert_eq!(scoped.arn.as_deref(), Some(CALLER));
    assert_eq!(scoped.policies_count, Some(1));
    let left = scoped.credentials.expiration.seconds_since(now());
    assert!((55..=60).contains(&left), "{left}");
    let size = scoped.credentials.session_token.expose().len();
    assert_eq!(size, 1000 + S3.len());
    assert_eq!(scoped.token_size.bytes.map(|bytes| bytes as usize), Some(size));
    assert_eq!(scoped.token_size.utilization, Some(27));

    let identity = post_signed(&server, &scoped.credentials, &GetCallerIdentity.to_form(), now());
    assert_eq!(read(&identity, |answer| answer.caller_identity()).unwrap().arn, CALLER);
    let denied = hop(WORKLOAD, |request| assume(&server, &scoped.credentials, &request)).unwrap_err();
    assert!(denied.to_string().contains("is not authorized to perform: sts:AssumeRole"), "{denied}");
    assert!(hop(WORKLOAD, |request| assume(&server, &whole, &request)).is_ok(), "by scope alone");

    let signers: Vec<_> = server.requests().into_iter().filter_map(|request| request.signer).collect();
    let policies: Vec<_> = signers.iter().map(|signer| signer.scope_policies.len()).collect();
    assert_eq!(policies, [0, 1, 1, 0]);
    assert_eq!(signers[2].scope_policies, [S3]);
    assert!(signers.iter().all(|signer| signer.arn == CALLER));
}

#[test]
fn a_limit_does_not_follow_into_the_next_role() {
    let server = chain();
    let scoped = narrow(&server, &first(&server), &scope(Some(ALL), None)).unwrap();
    let next = hop(WORKLOAD, |request| assume(&server, &scoped.credentials, &request)).unwrap();
    post_signed(&server, &next.credentials, &GetCallerIdentity.to_form(), now());
    let signer = server.requests().pop().unwrap().signer.unwrap();
    assert!(signer.scope_policies.is_empty());
}

#[test]
fn three_policies_are_the_most_and_a_duration_is_none() {
    let server = chain();
    let mut credentials = first(&server);
    for count in [Some(1), Some(2), Some(3)] {
        let scoped = narrow(&server, &credentials, &scope(Some(ALL), None)).unwrap();
        assert_eq!(scoped.policies_count, count);
        assert_eq!(scoped.credentials.expiration, credentials.expiration, "the rest of the session");
        credentials = scoped.credentials;
    }
    let shorter = narrow(&server, &credentials, &scope(None, Some("5m"))).unwrap();
    assert_eq!(shorter.policies_count, Some(3));
    let refusal = refused(narrow(&server, &credentials, &scope(Some(ALL), Some("5m"))));
    assert_eq!((refusal.status, refusal.code.as_str()), (403, "AccessDenied"));
    assert!(refusal.message.unwrap().contains("three scope-down policies"));
}

#[test]
fn every_layer_limits() {
    let server = chain();
    let once = narrow(&server, &first(&server), &scope(Some(NO_ROLE), None)).unwrap();
    let twice = narrow(&server, &once.credentials, &scope(Some(ALL), None)).unwrap();
    assert!(hop(WORKLOAD, |request| assume(&server, &twice.credentials, &request)).is_err());
    let only_s3 = narrow(&server, &first(&server), &scope(Some(S3), None)).unwrap();
    assert_eq!(code(narrow(&server, &only_s3.credentials, &scope(None, Some("60")))), "AccessDenied");
}

#[test]
fn what_aws_refuses_is_refused() {
    let server = chain();
    let credentials = first(&server);
    let narrowed =
        |policy: Option<&str>, duration| code(narrow(&server, &credentials, &scope(policy, duration)));
    assert_eq!(narrowed(None, Some("3601")), "InsufficientSessionLifetime");
    assert_eq!(narrowed(Some("{}"), None), "MalformedPolicyDocument");
    let long = format!("{ALL:2040}");
    let once = narrow(&server, &credentials, &scope(Some(&long), None)).unwrap();
    assert_eq!(once.token_size.note(), None, "{:?}", once.token_size);
    let refusal = refused(narrow(&server, &once.credentials, &scope(Some(&long), None)));
    assert_eq!(refusal.code, "PackedPolicyTooLarge");
    assert!(refusal.message.unwrap().contains("124%"));
    let twice = narrow(&server, &once.credentials, &scope(Some(&format!("{ALL:1000}")), None)).unwrap();
    assert!(twice.token_size.note().unwrap().contains("99 %"), "{:?}", twice.token_size);

    let mut wrong = credentials.clone();
    wrong.secret_access_key = aws::Secret::new("x".repeat(40));
    assert_eq!(code(narrow(&server, &wrong, &scope(Some(ALL), None))), "SignatureDoesNotMatch");
    let unsigned = send(&server, "POST", "/", &[FORM], b"Action=GetScopedCredentials&Version=2011-06-15");
    assert_eq!(unsigned.unwrap().element("Code"), "MissingAuthenticationToken");
}

#[test]
fn faults_strike_the_operation() {
    let codes = [
        ("throttling", "Throttling"),
        ("scope-denied", "AccessDenied"),
        ("invalid-subject", "InvalidSubjectCredentials"),
    ];
    let names = codes.map(|(name, _)| name).into_iter().chain(["expiring:0"]);
    let faults = names.map(|name| format!("GetScopedCredentials={name}*1").parse().unwrap()).collect();
    let roles =
        vec![Role::new(ROLE, &policy()), Role::new(WORKLOAD, &trust("123456789012", r#""sts:*""#, "{}"))];
    let server = LocalSts::start(Config { roles, faults, ..Config::default() }).unwrap();
    let credentials = first(&server);
    for (_, expected) in codes {
        assert_eq!(code(narrow(&server, &credentials, &scope(Some(ALL), None))), expected);
    }
    let over = narrow(&server, &credentials, &scope(Some(ALL), None)).unwrap();
    assert_eq!(code(narrow(&server, &over.credentials, &scope(Some(ALL), None))), "ExpiredToken");
    assert!(narrow(&server, &credentials, &scope(Some(ALL), None)).is_ok());
}

#[test]
fn a_context_of_a_person_is_in_the_response_of_a_web_identity() {
    let server = server(&["propagated-identity"]);
    let answer = crate::client::post(&server, &crate::client::form(&server, &[])).unwrap();
    assert_eq!(answer.element("Subject"), local_sts::PROPAGATED_SUBJECT);
    assert_eq!(answer.element("value"), local_sts::PROPAGATED_CLAIM);
    let granted = read(&answer, |answer| answer.granted(sts::Operation::AssumeRoleWithWebIdentity)).unwrap();
    assert_eq!(granted.role_session_arn.as_str(), CALLER);
}
