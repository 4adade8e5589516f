//! The job's token: what is accepted has three readable parts, is sent unchanged, and is never shown.
//! The input is tried as a whole token and as the claims of one, because a fuzzer does not guess valid base64.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use oidc::{Audience, InvalidToken, Token};
use serde_json::Value;

/// The seconds of the years 0 to 9999: an `exp` outside of them is not readable.
const SECONDS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

fuzz_target!(|input: &[u8]| {
    if let Ok(text) = std::str::from_utf8(input) {
        check(text);
    }
    let as_claims = |json: &[u8]| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(json));
    if let Some(token) = check(&as_claims(input)) {
        agree(&token, input);
    }
    // Written again it has no name twice, so both parsers must agree on what is readable.
    if let Ok(value) = serde_json::from_slice::<Value>(input) {
        let outcome = Token::parse(&as_claims(value.to_string().as_bytes()));
        assert!(
            outcome.is_ok() == is_readable(&value) || matches!(outcome, Err(InvalidToken::TooLong(_))),
            "{:?} for {value}",
            outcome.err()
        );
    }
});

fn check(text: &str) -> Option<Token> {
    let token = Token::parse(text).ok()?;
    assert_eq!(token.expose(), text.trim(), "the token changed");
    assert_eq!(token.expose().split('.').count(), 3, "it has three parts");
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    assert!(token.expose().bytes().all(is_legal), "a header could not carry it");
    let padded = Token::parse(&format!("\t{text}\r\n")).expect("white space around a token is dropped");
    assert_eq!(padded.claims(), token.claims());
    let shown = format!("{token:?}");
    assert!(shown.contains("<redacted>"), "the debug form has to hide the token");
    assert!(!shown.contains(token.expose()), "the debug form shows the token");
    Some(token)
}

/// The token's claims are those of its JSON.
fn agree(token: &Token, json: &[u8]) {
    // Numbers and texts in other claims may exceed what a `Value` holds.
    let Ok(value) = serde_json::from_slice::<Value>(json) else { return };
    let claims = token.claims();
    assert_eq!(value["iss"], claims.issuer.as_str());
    assert_eq!(value["sub"], claims.subject);
    assert_eq!(value["exp"], claims.expires_at.unix_seconds());
    match &claims.audience {
        Audience::One(audience) => assert_eq!(value["aud"], *audience),
        Audience::Many(audiences) => assert_eq!(value["aud"], Value::from(audiences.clone())),
    }
}

fn is_readable(value: &Value) -> bool {
    let is_list_of_texts = |list: &Vec<Value>| list.iter().all(Value::is_string);
    value["iss"].is_string()
        && value["sub"].is_string()
        && (value["aud"].is_string() || value["aud"].as_array().is_some_and(is_list_of_texts))
        && value["exp"].as_i64().is_some_and(|seconds| SECONDS.contains(&seconds))
}
