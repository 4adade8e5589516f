//! The identity token as AWS reads and verifies it: form, claims, signature, times. Separate from the operation, which
//! knows accounts, OIDC providers and roles.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Map, Value};
use testkit::TestIssuer;

use crate::refusal::{Refusal, TokenError};

/// How much clocks may differ, in seconds.
const TOLERANCE: i64 = 300;

/// A token whose claims have the right form. They are not verified yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IdentityToken {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
    pub(crate) authorized_party: Option<String>,
    pub(crate) project_id: Option<String>,
    issued_at: i64,
    expires_at: i64,
    not_before: Option<i64>,
    header: Map<String, Value>,
    signed: String,
    signature: Vec<u8>,
}

impl IdentityToken {
    /// Reads a compact JWT. A trailing line break is ignored: CircleCI's own guide writes one.
    pub(crate) fn read(text: &str) -> Result<Self, Refusal> {
        let invalid = |error| Refusal::InvalidIdentityToken(error);
        let segments: Vec<&str> = text.trim_end_matches(['\r', '\n']).split('.').collect();
        let [header, claims, signature] = segments[..] else { return Err(invalid(TokenError::NotAJwt)) };
        let decode =
            |segment: &str| URL_SAFE_NO_PAD.decode(segment).map_err(|_| invalid(TokenError::NotAJwt));
        let object = |segment: &str| {
            serde_json::from_slice::<Map<String, Value>>(&decode(segment)?)
                .map_err(|_| invalid(TokenError::NotAJwt))
        };
        let (header_fields, claim_fields) = (object(header)?, object(claims)?);
        let claim = |name: &'static str| match claim_fields.get(name) {
            None | Some(Value::Null) => Err(invalid(TokenError::MissingClaim(name))),
            Some(value) => Ok(value),
        };
        let text_of = |name: &str| claim_fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let issuer = claim("iss")?.as_str().ok_or(invalid(TokenError::MissingClaim("iss")))?.to_owned();
        if claim_fields.get("sub") == Some(&Value::Null) {
            return Err(Refusal::UnknownTokenError);
        }
        let subject = match claim("sub")? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let authorized_party = text_of("azp");
        let audience = audience(claim("aud")?, authorized_party.is_some()).map_err(invalid)?;
        let seconds = |value: &Value| seconds(value).ok_or(invalid(TokenError::InvalidTimestamp));
        Ok(Self {
            issuer,
            subject,
            audience,
            authorized_party,
            project_id: text_of("oidc.circleci.com/project-id"),
            issued_at: seconds(claim("iat")?)?,
            expires_at: seconds(claim("exp")?)?,
            not_before: claim_fields.get("nbf").map(seconds).transpose()?,
            header: header_fields,
            signed: format!("{header}.{claims}"),
            signature: decode(signature)?,
        })
    }

    /// The value of the condition key `aud`: the authorized party (`azp`) where there is one.
    pub(crate) fn client_id(&self) -> &str {
        self.authorized_party.as_deref().unwrap_or(&self.audience)
    }

    /// Verifies the signature with the one key of the issuer.
    pub(crate) fn check_signature(&self, issuer: &TestIssuer) -> Result<(), Refusal> {
        let invalid = Err(Refusal::InvalidIdentityToken(TokenError::NotValidated));
        // The header is not verified: it may name no other algorithm than the key's.
        if self.header.contains_key("crit") || self.header.get("alg") != Some(&Value::from("ES256")) {
            return invalid;
        }
        // Without `kid` the issuer's only key is used; a `kid` that the issuer does not publish is a key not found.
        if self.header.get("kid").is_some_and(|kid| kid != issuer.kid()) {
            return Err(Refusal::InvalidIdentityToken(TokenError::NoKey));
        }
        match UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, issuer.public_key())
            .verify(self.signed.as_bytes(), &self.signature)
        {
            Ok(()) => Ok(()),
            Err(_) => invalid,
        }
    }

    /// Checks `iat`, `nbf` and `exp`.
    pub(crate) fn check_times(&self, now: i64) -> Result<(), Refusal> {
        let (early, late) = (now.saturating_sub(TOLERANCE), now.saturating_add(TOLERANCE));
        if self.issued_at > late {
            return Err(Refusal::InvalidIdentityToken(TokenError::IssuedInTheFuture(self.issued_at)));
        }
        if let Some(not_before) = self.not_before.filter(|not_before| *not_before > late) {
            return Err(Refusal::InvalidIdentityToken(TokenError::NotYetValid { now: late, not_before }));
        }
        if early >= self.expires_at {
            return Err(Refusal::IdentityTokenExpired { now: early, expires: self.expires_at });
        }
        Ok(())
    }
}

fn audience(value: &Value, has_authorized_party: bool) -> Result<String, TokenError> {
    let audiences: Vec<&str> = match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    match audiences[..] {
        [] | [""] => Err(TokenError::EmptyAudience),
        [_, _, ..] if !has_authorized_party => Err(TokenError::SeveralAudiences),
        [first, ..] => Ok(first.to_owned()),
    }
}

/// An integer, or a string with one; no fraction.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
#[path = "identity_token_tests.rs"]
mod tests;
