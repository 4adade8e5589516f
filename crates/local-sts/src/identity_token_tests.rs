//! Tokens that recorded responses of AWS refuse, and tokens that AWS takes. Separate from `identity_token` because of the
//! length.

use serde_json::json;
use testkit::{JobToken, example_ids::ORGANIZATION_ID};

use super::*;

const NOW: i64 = 1_700_000_000;

fn claims(name: &str, value: Value) -> Value {
    let mut claims = JobToken::new(ORGANIZATION_ID, NOW.cast_unsigned()).claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims("unused", Value::Null);
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// The first refusal of the form, the signature and the times.
fn checked(claims: &Value) -> Result<(), Refusal> {
    let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
    let token = IdentityToken::read(&issuer.sign(claims).unwrap())?;
    token.check_signature(&issuer)?;
    token.check_times(NOW)
}

#[test]
fn claims_are_judged_as_recorded_from_aws() {
    let flaw = |flaw| Err(Refusal::InvalidIdentityToken(flaw));
    let cases = [
        ("as it is", claims("unused", Value::Null), Ok(())),
        ("no issuer", without("iss"), flaw(TokenError::MissingClaim("iss"))),
        ("no subject", without("sub"), flaw(TokenError::MissingClaim("sub"))),
        ("no audience", without("aud"), flaw(TokenError::MissingClaim("aud"))),
        ("no issue time", without("iat"), flaw(TokenError::MissingClaim("iat"))),
        ("no expiry", without("exp"), flaw(TokenError::MissingClaim("exp"))),
        ("null subject", claims("sub", Value::Null), Err(Refusal::UnknownTokenError)),
        ("numeric subject", claims("sub", json!(7)), Ok(())),
        ("empty subject", claims("sub", json!("")), Ok(())),
        ("empty audience", claims("aud", json!("")), flaw(TokenError::EmptyAudience)),
        ("empty list", claims("aud", json!([])), flaw(TokenError::EmptyAudience)),
        ("list of one", claims("aud", json!(["a"])), Ok(())),
        ("list of two", claims("aud", json!(["a", "b"])), flaw(TokenError::SeveralAudiences)),
        ("fraction", claims("exp", json!(1.5)), flaw(TokenError::InvalidTimestamp)),
        ("text", claims("iat", json!("soon")), flaw(TokenError::InvalidTimestamp)),
        ("integer in a text", claims("exp", json!((NOW + 1).to_string())), Ok(())),
        ("issued within tolerance", claims("iat", json!(NOW + 300)), Ok(())),
        ("issued later", claims("iat", json!(NOW + 301)), flaw(TokenError::IssuedInTheFuture(NOW + 301))),
        ("valid within tolerance", claims("nbf", json!(NOW + 300)), Ok(())),
        (
            "not yet valid",
            claims("nbf", json!(NOW + 301)),
            flaw(TokenError::NotYetValid { now: NOW + 300, not_before: NOW + 301 }),
        ),
        ("expired within tolerance", claims("exp", json!(NOW - 299)), Ok(())),
        (
            "expired",
            claims("exp", json!(NOW - 300)),
            Err(Refusal::IdentityTokenExpired { now: NOW - 300, expires: NOW - 300 }),
        ),
    ];
    for (name, claims, expected) in cases {
        assert_eq!(checked(&claims), expected, "{name}");
    }
}

#[test]
fn an_authorized_party_settles_several_audiences() {
    let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
    let mut claims = claims("aud", json!(["a", "b"]));
    claims["azp"] = json!("party");
    let token = IdentityToken::read(&issuer.sign(&claims).unwrap()).unwrap();
    assert_eq!(token.client_id(), "party");
}

#[test]
fn only_a_jwt_is_a_token() {
    let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
    let token = issuer.sign(&claims("unused", Value::Null)).unwrap();
    assert!(IdentityToken::read(&format!("{token}\n")).is_ok(), "a trailing line break is ignored");
    let (start, _) = token.rsplit_once('.').unwrap();
    let array = format!("{}.W10.x", token.split('.').next().unwrap());
    for broken in ["abcd", "a.b", "....", start, &format!("{token}.x"), &format!(" {token}"), &array] {
        let refused = IdentityToken::read(broken).unwrap_err();
        assert_eq!(refused, Refusal::InvalidIdentityToken(TokenError::NotAJwt), "{broken}");
    }
}

#[test]
fn a_header_can_neither_choose_the_algorithm_nor_another_key() {
    let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
    let kid = issuer.kid();
    let flaw = |flaw| Err(Refusal::InvalidIdentityToken(flaw));
    let cases = [
        (json!({"alg": "ES256", "kid": kid}), Ok(())),
        (json!({"alg": "ES256"}), Ok(())),
        (json!({"alg": "none", "kid": kid}), flaw(TokenError::NotValidated)),
        (json!({"alg": "HS256", "kid": kid}), flaw(TokenError::NotValidated)),
        (json!({"alg": "ES256", "kid": kid, "crit": []}), flaw(TokenError::NotValidated)),
        (json!({"alg": "ES256", "kid": "other"}), flaw(TokenError::NoKey)),
        (json!({"alg": "ES256", "kid": ""}), flaw(TokenError::NoKey)),
    ];
    for (header, expected) in cases {
        let token = issuer.sign_with_header(&header, &claims("unused", Value::Null)).unwrap();
        assert_eq!(IdentityToken::read(&token).unwrap().check_signature(&issuer), expected, "{header}");
    }
}

#[test]
fn a_forgery_and_a_changed_token_are_not_validated() {
    let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
    let job = JobToken::new(ORGANIZATION_ID, NOW.cast_unsigned());
    let honest = job.mint(&issuer).unwrap();
    let changed = JobToken { project_id: "other".to_owned(), ..job.clone() }.mint(&issuer).unwrap();
    let mut segments: Vec<&str> = honest.split('.').collect();
    segments[1] = changed.split('.').nth(1).unwrap();
    for token in [job.forge(&issuer).unwrap(), segments.join(".")] {
        let refused = IdentityToken::read(&token).unwrap().check_signature(&issuer);
        assert_eq!(refused, Err(Refusal::InvalidIdentityToken(TokenError::NotValidated)));
    }
}
