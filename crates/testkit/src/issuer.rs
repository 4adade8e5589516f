//! An OIDC issuer of CircleCI's form with its own key. Separate from the tokens' content: it signs any claims, so that
//! tests can make invalid tokens too.
//!
//! The key is ES256. CircleCI signs with RS256, but ring cannot make RSA keys; AWS accepts both, and no part of the
//! product verifies the signature.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

/// GitHub's issuer, the same for all repositories.
const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// The audience of AWS's OIDC providers for GitHub by convention.
const GITHUB_AUDIENCE: &str = "sts.amazonaws.com";

/// An organization's issuer: its URL, its key and the key ID.
pub struct TestIssuer {
    url: String,
    organization_id: String,
    pkcs8: Vec<u8>,
    key: EcdsaKeyPair,
    kid: String,
}

/// Why an issuer or a signature could not be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// The stored text is not such a key, or it is damaged.
    #[error("the issuer's key is not a P-256 key in PKCS#8 form")]
    InvalidKey,
    /// The system returned no random bytes.
    #[error("the system returned no random bytes")]
    NoRandomBytes,
}

impl TestIssuer {
    /// An issuer with a new key.
    pub fn new(organization_id: &str) -> Result<Self, IssuerError> {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| IssuerError::NoRandomBytes)?;
        Self::from_pkcs8(organization_id, pkcs8.as_ref())
    }

    /// GitHub's, with a new key. The audience of AWS's convention is in place of the organization.
    pub fn github() -> Result<Self, IssuerError> {
        Ok(Self { url: GITHUB.to_owned(), ..Self::new(GITHUB_AUDIENCE)? })
    }

    /// The issuer whose key was stored with [`TestIssuer::pkcs8`].
    pub fn from_pkcs8(organization_id: &str, pkcs8: &[u8]) -> Result<Self, IssuerError> {
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new())
            .map_err(|_| IssuerError::InvalidKey)?;
        let thumbprint = digest::digest(&digest::SHA256, key.public_key().as_ref());
        let kid = URL_SAFE_NO_PAD.encode(thumbprint);
        let url = format!("https://oidc.circleci.com/org/{organization_id}");
        Ok(Self { url, organization_id: organization_id.to_owned(), pkcs8: pkcs8.to_vec(), key, kid })
    }

    /// The private key, to be stored between processes.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The organization's UUID, which is also the default audience.
    pub fn organization_id(&self) -> &str {
        &self.organization_id
    }

    /// The value of `iss`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key ID, made from the public key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key as an uncompressed point, for verification.
    pub fn public_key(&self) -> &[u8] {
        self.key.public_key().as_ref()
    }

    /// A token with these claims and a valid header.
    pub fn sign(&self, claims: &Value) -> Result<String, IssuerError> {
        self.sign_as(&self.kid, claims)
    }

    /// A token whose header names the key `kid`: with another issuer's `kid` it is a forgery.
    pub fn sign_as(&self, kid: &str, claims: &Value) -> Result<String, IssuerError> {
        self.sign_with_header(&json!({"alg": "ES256", "typ": "JWT", "kid": kid}), claims)
    }

    /// A token with any header, for tests of invalid headers.
    pub fn sign_with_header(&self, header: &Value, claims: &Value) -> Result<String, IssuerError> {
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature =
            self.key.sign(&SystemRandom::new(), signed.as_bytes()).map_err(|_| IssuerError::NoRandomBytes)?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;
    use crate::example_ids::ORGANIZATION_ID;

    fn verifies(token: &str, issuer: &TestIssuer) -> bool {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, issuer.public_key())
            .verify(signed.as_bytes(), &signature)
            .is_ok()
    }

    #[test]
    fn a_token_verifies_with_its_issuers_key_only() {
        let (issuer, stranger) =
            (TestIssuer::new(ORGANIZATION_ID).unwrap(), TestIssuer::new(ORGANIZATION_ID).unwrap());
        let token = issuer.sign(&json!({"sub": "a"})).unwrap();
        assert!(verifies(&token, &issuer));
        assert!(!verifies(&token, &stranger));
    }

    #[test]
    fn a_stored_key_gives_the_same_issuer() {
        let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
        let again = TestIssuer::from_pkcs8(ORGANIZATION_ID, issuer.pkcs8()).unwrap();
        assert_eq!(again.kid(), issuer.kid());
        assert_eq!(again.public_key(), issuer.public_key());
    }

    #[test]
    fn a_damaged_key_is_refused() {
        let refused = TestIssuer::from_pkcs8(ORGANIZATION_ID, b"no key").err();
        assert_eq!(refused, Some(IssuerError::InvalidKey));
    }
}
