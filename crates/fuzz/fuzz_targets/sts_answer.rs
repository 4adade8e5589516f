//! The response of STS, or of another server in its place: credentials only from a complete response with status 200, and
//! no error that spans several lines or shows the token.
//!
//! The first line is the status and the content type, the rest is the body. `@TOKEN@` is replaced by the token of the
//! request: an endpoint may send it back.

#![no_main]

use aws::Secret;
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;
use sts::{Granted, Operation, Response, StsError};

fuzz_target!(|input: &str| {
    // Of the same length, so that they differ only in their letters.
    let tokens = [token(["Head", "Claims", "Signature"]), token(["Foot", "Labels", "Autograph"])];
    let shown = tokens.map(|token| refusal(&input.replace("@TOKEN@", &token), &token));
    assert_eq!(shown[0], shown[1], "an error shows of which token it is");
});

/// As long as CircleCI's tokens are: longer than the texts that an error shows.
fn token([head, claims, signature]: [&str; 3]) -> String {
    let segment = |name: &str, pieces: u32| (0..pieces).map(|n| format!("{name}{n:x}")).collect::<String>();
    format!("{}.{}.{}", segment(head, 10), segment(claims, 100), segment(signature, 40))
}

/// What the user reads where the answer holds no credentials.
fn refusal(input: &str, token: &str) -> Option<String> {
    let (head, body) = input.split_once('\n').unwrap_or(("200", input));
    let (status, content_type) = head.split_once(' ').unwrap_or((head, ""));
    let status = status.parse().ok()?;
    let content_type = Some(content_type).filter(|text| !text.is_empty());
    let answer = Response { status, content_type, request_id: None, date: None, body: body.as_bytes() };
    let error = match answer.granted(Operation::AssumeRoleWithWebIdentity) {
        Ok(granted) => {
            assert_eq!(status, 200);
            check(&granted);
            return None;
        }
        Err(error) => error,
    };
    let class = error.class();
    let shown = match error {
        StsError::Refused(refusal) => {
            assert_eq!(refusal.class(), class);
            refusal.without(token).to_string()
        }
        unreadable @ StsError::Unreadable(_) => unreadable.to_string(),
    };
    assert!(is_printable(&shown), "{shown:?} breaks its line");
    Some(shown)
}

fn check(granted: &Granted) {
    let credentials = &granted.credentials;
    let id = &credentials.access_key_id;
    assert!((16..=128).contains(&id.len()), "`{id}` is not an access key id");
    assert!(
        id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
        "`{id}` is not an access key id"
    );
    for secret in [&credentials.secret_access_key, &credentials.session_token] {
        assert!(!secret.expose().trim().is_empty(), "a blank value counts as credentials");
    }
    for text in [Some(granted.role_session_arn.as_str()), granted.request_id.as_deref()].into_iter().flatten()
    {
        assert!(is_printable(text), "{text:?} can't be printed");
    }
    let mut others = granted.clone();
    others.credentials.secret_access_key = Secret::new("other".to_owned());
    others.credentials.session_token = Secret::new("other".to_owned());
    assert_eq!(format!("{granted:?}"), format!("{others:?}"), "the debug form depends on the secrets");
}
