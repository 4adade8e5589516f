//! Signatures by a P-521 key, which ring does not verify: private CAs have such keys. Only used with a CA bundle, so that
//! nothing changes for the connections that need none.

use std::sync::LazyLock;

use p521::ecdsa::signature::hazmat::PrehashVerifier;
use p521::ecdsa::{DerSignature, Signature, VerifyingKey};
use ring::digest::{self, digest};
use rustls::SignatureScheme;
use rustls::crypto::{WebPkiSupportedAlgorithms, ring as provider};
use rustls::pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

/// ECDSA on P-521 with one of the hashes.
#[derive(Debug)]
struct P521 {
    hash: &'static digest::Algorithm,
    signature: AlgorithmIdentifier,
}

static SHA256: P521 = P521 { hash: &digest::SHA256, signature: alg_id::ECDSA_SHA256 };
static SHA384: P521 = P521 { hash: &digest::SHA384, signature: alg_id::ECDSA_SHA384 };
static SHA512: P521 = P521 { hash: &digest::SHA512, signature: alg_id::ECDSA_SHA512 };

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

static ALL: LazyLock<Vec<Algorithm>> = LazyLock::new(|| {
    let known = provider::default_provider().signature_verification_algorithms.all;
    known.iter().copied().chain([&SHA256 as Algorithm, &SHA384, &SHA512]).collect()
});

static OF_HANDSHAKE: LazyLock<Vec<(SignatureScheme, &'static [Algorithm])>> = LazyLock::new(|| {
    static P521_SHA512: [Algorithm; 1] = [&SHA512];
    let known = provider::default_provider().signature_verification_algorithms.mapping;
    known.iter().copied().chain([(SignatureScheme::ECDSA_NISTP521_SHA512, &P521_SHA512[..])]).collect()
});

/// What ring verifies, and P-521.
pub(super) fn algorithms() -> WebPkiSupportedAlgorithms {
    WebPkiSupportedAlgorithms { all: &ALL, mapping: &OF_HANDSHAKE }
}

/// The bytes of a number on the curve.
const FIELD: usize = 66;

impl SignatureVerificationAlgorithm for P521 {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(key).map_err(|_| InvalidSignature)?;
        let signature: Signature =
            DerSignature::try_from(signature).and_then(TryInto::try_into).map_err(|_| InvalidSignature)?;
        // The hash as a number of the curve's size, which is the same number.
        let hash = digest(self.hash, message);
        let mut number = [0; FIELD];
        let at = FIELD.checked_sub(hash.as_ref().len()).ok_or(InvalidSignature)?;
        number.get_mut(at..).ok_or(InvalidSignature)?.copy_from_slice(hash.as_ref());
        key.verify_prehash(&number, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}
