//! Role chaining: the product signs and reads, the server verifies and responds, and neither uses the other's code.

use aws::{Credentials, Secret, SessionPolicies, SessionTag, SessionTags, Timestamp};
use local_sts::{Config, LocalSts, PlannedFault, Role, unix_time_now};
use sts::{
    AssumeRole, CallerIdentity, FORM_CONTENT_TYPE, GetCallerIdentity, Granted, Operation, SigningKeys,
    StsError, signed_headers,
};

use crate::client::{ROLE, Response, form, policy, post, send};

/// Another account's role, which trusts the account of [`ROLE`].
pub(crate) const WORKLOAD: &str = "arn:aws:iam::210987654321:role/apps/workload";
/// The next one, which trusts [`WORKLOAD`].
pub(crate) const DATA: &str = "arn:aws:iam::210987654321:role/data";
/// The caller after the first exchange.
pub(crate) const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/deploy/ci-1";

/// A trust policy with one statement for AWS principals.
pub(crate) fn trust(principal: &str, actions: &str, condition: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {{"AWS": "{principal}"}},
            "Action": {actions}, "Condition": {condition}}}}}"#
    )
}

/// A server with [`ROLE`], which trusts tokens, and these roles.
pub(crate) fn server(roles: Vec<Role>, faults: Vec<PlannedFault>) -> LocalSts {
    let roles = [vec![Role::new(ROLE, &policy())], roles].concat();
    LocalSts::start(Config { roles, faults, ..Config::default() }).unwrap()
}

/// A server with a chain of three roles, each of which allows everything for the one before it.
pub(crate) fn chain() -> LocalSts {
    server(
        vec![
            Role::new(WORKLOAD, &trust("123456789012", r#""sts:*""#, "{}")),
            Role::new(DATA, &trust(WORKLOAD, r#""sts:*""#, "{}")),
        ],
        Vec::new(),
    )
}

/// An AssumeRole request without optional parameters.
pub(crate) fn hop<T>(role: &str, change: impl FnOnce(AssumeRole<'_>) -> T) -> T {
    change(AssumeRole {
        role: &role.parse().unwrap(),
        session_name: &"hop".parse().unwrap(),
        duration: "15m".parse().unwrap(),
        external_id: None,
        tags: &SessionTags::default(),
        source_identity: None,
        policies: &SessionPolicies::default(),
    })
}

/// The credentials of [`ROLE`], for a token.
pub(crate) fn first(server: &LocalSts) -> Credentials {
    let answer = post(server, &form(server, &[])).unwrap();
    read(&answer, |answer| answer.granted(Operation::AssumeRoleWithWebIdentity)).unwrap().credentials
}

/// Posts a form, signed at `time`.
pub(crate) fn post_signed(
    server: &LocalSts,
    credentials: &Credentials,
    form: &str,
    time: Timestamp,
) -> Response {
    let host = server.endpoint().strip_prefix("https://").unwrap();
    let region = "eu-west-1".parse().unwrap();
    let signed = signed_headers(SigningKeys::from(credentials), &region, host, form, time);
    let mut headers = vec![("Content-Type", FORM_CONTENT_TYPE)];
    headers.extend(signed.iter().map(|(name, value)| (*name, value.expose())));
    send(server, "POST", "/", &headers, form.as_bytes()).unwrap()
}

/// This machine's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(unix_time_now().cast_signed()).unwrap()
}

/// AssumeRole as the product sends it.
pub(crate) fn assume(
    server: &LocalSts,
    credentials: &Credentials,
    request: &AssumeRole<'_>,
) -> Result<Granted, StsError> {
    let answer = post_signed(server, credentials, &request.to_form(), now());
    read(&answer, |answer| answer.granted(Operation::AssumeRole))
}

/// The response as the product reads it.
pub(crate) fn read<T>(response: &Response, reader: impl FnOnce(sts::Response<'_>) -> T) -> T {
    reader(sts::Response {
        status: response.status,
        content_type: response.header("content-type"),
        request_id: response.header("x-amzn-requestid"),
        date: response.header("date"),
        body: &response.body,
    })
}

fn identity(server: &LocalSts, credentials: &Credentials) -> Result<CallerIdentity, StsError> {
    let answer = post_signed(server, credentials, &GetCallerIdentity.to_form(), now());
    read(&answer, |answer| answer.caller_identity())
}

#[test]
fn a_chain_goes_from_account_to_account() {
    let server = chain();
    let credentials = first(&server);
    assert_eq!(identity(&server, &credentials).unwrap().arn, CALLER);
    let workload = hop(WORKLOAD, |request| assume(&server, &credentials, &request)).unwrap();
    assert_eq!(workload.role_session_arn.as_str(), "arn:aws:sts::210987654321:assumed-role/workload/hop");
    let data = hop(DATA, |request| assume(&server, &workload.credentials, &request)).unwrap();
    let caller = identity(&server, &data.credentials).unwrap();
    assert_eq!(caller.arn, "arn:aws:sts::210987654321:assumed-role/data/hop");
    assert_eq!(caller.arn, data.role_session_arn.as_str());
    assert_eq!(caller.account.as_str(), "210987654321");
    assert!(caller.user_id.starts_with("AROA") && caller.user_id.ends_with(":hop"));
    let actions: Vec<String> = server.requests().into_iter().filter_map(|request| request.action).collect();
    let expected =
        ["AssumeRoleWithWebIdentity", "GetCallerIdentity", "AssumeRole", "AssumeRole", "GetCallerIdentity"];
    assert_eq!(actions, expected);
    assert_eq!(server.granted().len(), 3);
}

#[test]
fn success_has_awss_shape() {
    let server = chain();
    let credentials = first(&server);
    let tags = SessionTags::new(vec![SessionTag::new("team", "shop").unwrap()], &[]).unwrap();
    let source_identity = "somebody".parse().unwrap();
    let policies = SessionPolicies::new(Some("{}".parse().unwrap()), Vec::new()).unwrap();
    let all = hop(WORKLOAD, |request| {
        AssumeRole { tags: &tags, source_identity: Some(&source_identity), policies: &policies, ..request }
            .to_form()
    });
    let bare = hop(WORKLOAD, |request| request.to_form());
    let further =
        "    <PackedPolicySize>1</PackedPolicySize>\n    <SourceIdentity>somebody</SourceIdentity>\n";
    for (form, further) in [(all, further), (bare, "")] {
        let answer = post_signed(&server, &credentials, &form, now());
        let granted = server.granted().pop().unwrap();
        let role_id = answer.element("AssumedRoleId");
        assert!(role_id.starts_with("AROA") && role_id.ends_with(":hop"));
        let expected = format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>{role_id}</AssumedRoleId>
      <Arn>arn:aws:sts::210987654321:assumed-role/workload/hop</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>{}</AccessKeyId>
      <SecretAccessKey>{}</SecretAccessKey>
      <SessionToken>{}</SessionToken>
      <Expiration>{}</Expiration>
    </Credentials>
{further}  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>{}</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>
",
            granted.access_key_id,
            granted.secret_access_key,
            granted.session_token,
            Timestamp::from_unix_seconds(granted.expires_at).unwrap(),
            answer.header("x-amzn-requestid").unwrap(),
        );
        assert_eq!((answer.status, answer.text()), (200, expected));
    }
}

#[test]
fn a_trust_policy_lets_in_whom_it_names() {
    let role = |name: &str| format!("arn:aws:iam::123456789012:role/{name}");
    let cases = [
        ("the account's id", role("a"), "123456789012".to_owned(), true),
        ("the account's root", role("b"), "arn:aws:iam::123456789012:root".to_owned(), true),
        ("the caller's role", role("c"), ROLE.to_owned(), true),
        ("the caller's session", role("d"), CALLER.to_owned(), true),
        ("everybody", role("e"), "*".to_owned(), true),
        ("the same account is not enough", role("f"), role("other"), false),
        ("another account", WORKLOAD.to_owned(), "210987654321".to_owned(), false),
        ("another partition", "arn:aws-cn:iam::123456789012:role/g".to_owned(), "*".to_owned(), false),
    ];
    let roles = cases
        .iter()
        .map(|(_, arn, principal, _)| Role::new(arn, &trust(principal, r#""sts:AssumeRole""#, "{}")))
        .collect();
    let server = server(roles, Vec::new());
    let credentials = first(&server);
    for (name, arn, _, let_in) in &cases {
        let outcome = hop(arn, |request| assume(&server, &credentials, &request));
        assert_eq!(outcome.is_ok(), *let_in, "{name}: {outcome:?}");
    }
}

#[test]
fn faults_strike_chained_roles_too() {
    let faults = ["throttling*1", "delay:10*1", "hostile-credentials*1"];
    let faults = faults.map(|fault| format!("{WORKLOAD}={fault}").parse().unwrap());
    let server = server(vec![Role::new(WORKLOAD, &trust("*", r#""sts:*""#, "{}"))], faults.to_vec());
    let credentials = first(&server);
    let struck: Vec<_> =
        (0..4).map(|_| hop(WORKLOAD, |request| assume(&server, &credentials, &request))).collect();
    let Err(StsError::Refused(refusal)) = &struck[0] else { panic!("{struck:?}") };
    assert_eq!(refusal.code, "Throttling");
    assert!(struck[1].is_ok() && struck[3].is_ok(), "{struck:?}");
    let hostile = &struck[2].as_ref().unwrap().credentials.session_token;
    assert_eq!(hostile, &Secret::new(local_sts::HOSTILE_SESSION_TOKEN.to_owned()));
}
