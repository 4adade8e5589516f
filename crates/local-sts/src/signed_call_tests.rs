//! Signed calls: valid ones, and ones with one thing wrong. Separate from `signed_call` because of the length.

use super::*;
use crate::session::{CallerIdentity, ChainAttributes, GrantedCredentials, ResponseDetails};

const NOW: i64 = 1_440_938_160;
const BODY: &[u8] = b"Action=GetCallerIdentity&Version=2011-06-15";

fn session() -> GrantedSession {
    let role = "arn:aws:iam::123456789012:role/deploy".parse().unwrap();
    GrantedSession {
        credentials: GrantedCredentials::new(&role, "ci", NOW + 3600),
        identity: CallerIdentity::of_session(&role, "AROAEXAMPLE", "ci"),
        chain_attributes: ChainAttributes::default(),
        scope_policies: Vec::new(),
        details: ResponseDetails::AssumeRole { packed_policy_size: None },
    }
}

/// What a signer chooses.
struct Signer {
    key_id: String,
    secret: String,
    token: Option<String>,
    region: &'static str,
    service: &'static str,
    time: i64,
    signed_headers: &'static str,
    extra: Option<(&'static str, &'static str)>,
}

impl Signer {
    fn of(session: &GrantedSession) -> Self {
        Self {
            key_id: session.credentials.access_key_id.clone(),
            secret: session.credentials.secret_access_key.clone(),
            token: Some(session.credentials.session_token.clone()),
            region: "eu-west-1",
            service: "sts",
            time: NOW,
            signed_headers: "host;x-amz-date;x-amz-security-token",
            extra: None,
        }
    }

    fn headers(&self) -> Vec<(String, String)> {
        let timestamp = compact(self.time);
        let mut headers =
            vec![("host".to_owned(), "127.0.0.1:1".to_owned()), ("x-amz-date".to_owned(), timestamp.clone())];
        headers.extend(self.token.clone().map(|token| ("x-amz-security-token".to_owned(), token)));
        headers.extend(self.extra.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let value =
            |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let signed =
            self.signed_headers.split(';').map(|name| (name, value(name).unwrap_or_default())).collect();
        let request = CanonicalRequest { method: "POST", path: "/", query: "", headers: signed, body: BODY };
        let scope = Scope { date: &timestamp[..8], region: self.region, service: self.service };
        let signature = sign(&request, &self.secret, scope, &timestamp);
        let Self { key_id, region, service, signed_headers, .. } = self;
        let date = scope.date;
        headers.push((
            "authorization".to_owned(),
            format!("AWS4-HMAC-SHA256 Credential={key_id}/{date}/{region}/{service}/aws4_request, SignedHeaders={signed_headers}, Signature={signature}"),
        ));
        headers
    }
}

fn verified(
    session: &GrantedSession,
    headers: &[(String, String)],
    now: i64,
) -> Result<GrantedSession, Refusal> {
    let call = SignedCall { method: "POST", path: "/", query: "", headers, body: BODY };
    verify(&call, |id| (id == session.credentials.access_key_id).then(|| session.clone()), now)
}

#[test]
fn calls_are_judged_in_awss_order() {
    let session = session();
    let signature = |text: &str| Err(Refusal::Signature(text.to_owned()));
    let good = || Signer::of(&session);
    let late = "Signature expired: 20150830T122000Z is now earlier than 20150830T122100Z (20150830T123600Z - 15 min.)";
    let early = "Signature not yet current: 20150830T125200Z is still later than 20150830T125100Z (20150830T123600Z + 15 min.)";
    let cases = [
        ("good", good(), Ok(())),
        ("another region", Signer { region: "us-gov-west-1", ..good() }, Ok(())),
        (
            "no region",
            Signer { region: "aws-global", ..good() },
            signature("Credential should be scoped to a valid region. "),
        ),
        (
            "another service",
            Signer { service: "s3", ..good() },
            signature("Credential should be scoped to correct service: 'sts'. "),
        ),
        (
            "scope before key",
            Signer { service: "s3", key_id: "ASIAX".to_owned(), ..good() },
            signature("Credential should be scoped to correct service: 'sts'. "),
        ),
        ("old", Signer { time: NOW - 960, ..good() }, signature(late)),
        ("early", Signer { time: NOW + 960, ..good() }, signature(early)),
        ("within tolerance", Signer { time: NOW - 900, ..good() }, Ok(())),
        ("unknown key", Signer { key_id: "ASIAX".to_owned(), ..good() }, Err(Refusal::UnknownKey)),
        ("no token", Signer { token: None, ..good() }, Err(Refusal::UnknownKey)),
        ("another token", Signer { token: Some("x".to_owned()), ..good() }, Err(Refusal::UnknownKey)),
        ("another secret", Signer { secret: "x".to_owned(), ..good() }, signature(SIGNATURE_MISMATCH)),
        (
            "token not signed",
            Signer { signed_headers: "host;x-amz-date", ..good() },
            signature(SIGNATURE_MISMATCH),
        ),
        (
            "content not hashed",
            Signer { extra: Some(("x-amz-content-sha256", "UNSIGNED-PAYLOAD")), ..good() },
            signature(SIGNATURE_MISMATCH),
        ),
    ];
    for (name, signer, expected) in cases {
        assert_eq!(verified(&session, &signer.headers(), NOW).map(|_| ()), expected, "{name}");
    }
}

#[test]
fn credentials_run_out() {
    let session = session();
    let signer = Signer { time: NOW + 3600, ..Signer::of(&session) };
    assert_eq!(verified(&session, &signer.headers(), NOW + 3599).map(|_| ()), Ok(()));
    assert_eq!(verified(&session, &signer.headers(), NOW + 3600), Err(Refusal::CredentialsExpired));
}

#[test]
fn a_changed_body_breaks_the_signature() {
    let session = session();
    let headers = Signer::of(&session).headers();
    let call =
        SignedCall { method: "POST", path: "/", query: "", headers: &headers, body: b"Action=AssumeRole" };
    assert_eq!(
        verify(&call, |_| Some(session.clone()), NOW),
        Err(Refusal::Signature(SIGNATURE_MISMATCH.to_owned()))
    );
}

#[test]
fn a_header_that_is_no_signature_is_incomplete() {
    let session = session();
    assert_eq!(verified(&session, &[], NOW), Err(Refusal::NotSigned));
    for value in
        ["Bearer x", "AWS4-HMAC-SHA256 x", "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c"]
    {
        let headers = [("authorization".to_owned(), value.to_owned())];
        let refused = verified(&session, &headers, NOW);
        assert!(matches!(refused, Err(Refusal::IncompleteSignature(_))), "{value}: {refused:?}");
    }
}
