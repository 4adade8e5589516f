//! The claims of a token whose signature was not verified: for explanations and early errors, never to allow
//! anything.

use aws::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroize;

use crate::{Audience, Issuer};

/// The claims that STS requires, unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedClaims {
    /// `iss`.
    pub issuer: Issuer,
    /// `sub`.
    pub subject: String,
    /// `aud`.
    pub audience: Audience,
    /// `exp`.
    pub expires_at: Timestamp,
    /// `iat`: when the token was issued.
    pub issued_at: Option<Timestamp>,
    /// `azp`, which IAM uses instead of `aud`. CircleCI's tokens do not have it.
    pub authorized_party: Option<String>,
}

impl UnverifiedClaims {
    /// Reads the JSON of the token's second segment; `None` where a claim that STS requires is missing or of
    /// another type. Other claims are ignored: CircleCI adds claims over time.
    pub(crate) fn read(json: &[u8]) -> Option<Self> {
        let claims: wire::Claims = serde_json::from_slice(json).ok()?;
        Some(Self {
            issuer: Issuer::new(claims.iss),
            subject: claims.sub,
            audience: claims.aud,
            expires_at: Timestamp::from_unix_seconds(claims.exp).ok()?,
            issued_at: claims
                .iat
                .as_ref()
                .and_then(Value::as_i64)
                .and_then(|iat| Timestamp::from_unix_seconds(iat).ok()),
            authorized_party: text(claims.azp),
        })
    }

    /// Whether the token has expired. STS allows five minutes more (facts/aws.md 2.5); this program allows none,
    /// because the request takes time.
    pub fn expired_at(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }
}

/// Claims name people and projects: they are cleared when the token is.
impl Drop for UnverifiedClaims {
    fn drop(&mut self) {
        self.issuer.zeroize();
        self.subject.zeroize();
        self.audience.zeroize();
        self.authorized_party.zeroize();
    }
}

/// An optional claim: of another type it counts as absent, and the token stays readable.
fn text(claim: Option<Value>) -> Option<String> {
    if let Some(Value::String(text)) = claim { Some(text) } else { None }
}

mod wire {
    use super::{Audience, Deserialize, Value};

    #[derive(Deserialize)]
    pub(super) struct Claims {
        pub(super) iss: String,
        pub(super) sub: String,
        pub(super) aud: Audience,
        pub(super) exp: i64,
        pub(super) iat: Option<Value>,
        pub(super) azp: Option<Value>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_may_be_a_list() {
        let claims =
            UnverifiedClaims::read(br#"{"iss":"https://i","sub":"s","aud":["a","b"],"exp":1,"x":[{}]}"#)
                .unwrap();
        assert_eq!(claims.audience.to_string(), "a, b");
        assert_eq!(["a", "b", "a, b"].map(|wanted| claims.audience.is(wanted)), [true, true, false]);
        let one = Audience::One("a".to_owned());
        assert_eq!((one.to_string().as_str(), one.is("a"), one.is("b")), ("a", true, false));
    }

    #[test]
    fn a_claim_that_is_not_required_may_be_of_any_type() {
        let read = |value: &str| {
            let json = format!(r#"{{"iss":"i","sub":"s","aud":"a","exp":1,"azp":{value}}}"#);
            UnverifiedClaims::read(json.as_bytes()).unwrap().authorized_party.clone()
        };
        assert_eq!(read(r#""z""#).as_deref(), Some("z"));
        assert_eq!([read("1"), read("null"), read("[{}]")], [None, None, None]);
    }

    #[test]
    fn what_is_cleared_is_empty() {
        let json = br#"{"iss":"i","sub":"s","aud":"a","exp":1}"#;
        let mut claims = UnverifiedClaims::read(json).unwrap();
        let mut many = Audience::Many(vec!["a".to_owned()]);
        claims.issuer.zeroize();
        claims.audience.zeroize();
        many.zeroize();
        assert_eq!(
            (claims.issuer.as_str(), claims.audience.to_string(), many),
            ("", String::new(), Audience::Many(vec![]))
        );
    }

    #[test]
    fn claims_that_sts_requires_are_required_here() {
        for json in [
            r#"{"sub":"s","aud":"a","exp":1}"#,
            r#"{"iss":"i","aud":"a","exp":1}"#,
            r#"{"iss":"i","sub":"s","exp":1}"#,
            r#"{"iss":"i","sub":"s","aud":"a"}"#,
            r#"{"iss":"i","sub":"s","aud":"a","exp":1.5}"#,
            r#"{"iss":"i","sub":"s","aud":"a","exp":99999999999999}"#,
            r#"{"iss":1,"sub":"s","aud":"a","exp":1}"#,
            "[]",
            "",
        ] {
            assert_eq!(UnverifiedClaims::read(json.as_bytes()), None, "{json}");
        }
    }

    #[test]
    fn a_token_is_expired_from_its_exp_on() {
        let claims = UnverifiedClaims::read(br#"{"iss":"i","sub":"s","aud":"a","exp":100}"#).unwrap();
        let at = |seconds| Timestamp::from_unix_seconds(seconds).unwrap();
        assert!(!claims.expired_at(at(99)));
        assert!(claims.expired_at(at(100)));
    }
}
