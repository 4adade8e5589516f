//! What is wrong with a server's certificate, in words: the TLS library shows many flaws as Rust's names.

use aws::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use crate::io::http::ca_bundle::algorithm_names::{VERIFIED, name};

/// The words, if the certificate needs an algorithm that this program does not verify.
pub(super) fn unsupported(flaw: &CertificateError) -> Option<String> {
    let needed = match flaw {
        CertificateError::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. } => {
            format!("a signature is {}", name(signature_algorithm_id))
        }
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id,
            public_key_algorithm_id,
        } => format!(
            "a signature is {} by a key on {}",
            name(signature_algorithm_id),
            name(public_key_algorithm_id)
        ),
        _ => return None,
    };
    Some(format!("{needed}; this program verifies {VERIFIED}"))
}

/// Every other flaw.
pub(super) fn words(flaw: &CertificateError) -> String {
    match flaw {
        CertificateError::UnknownIssuer => "its issuer is not a known certificate authority".to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => format!("it expired at {}", shown(*not_after)),
        CertificateError::Expired => "it is not valid at this time".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("it is not valid before {}; check this machine's clock", shown(*not_before))
        }
        CertificateError::BadEncoding => "it is malformed".to_owned(),
        CertificateError::BadSignature => {
            "a signature is not by its issuer's key, or that key is RSA of fewer than 2048 bits".to_owned()
        }
        CertificateError::InvalidPurpose => "its extended key usage does not allow TLS servers".to_owned(),
        CertificateError::Other(other) => of_chain(&other.to_string()),
        // These have words of their own.
        CertificateError::NotValidForNameContext { .. } | CertificateError::InvalidPurposeContext { .. } => {
            flaw.to_string()
        }
        other => spelled_out(&format!("{other:?}")),
    }
}

/// A flaw that the library passes on by its name alone.
fn of_chain(flaw: &str) -> String {
    match flaw {
        "CaUsedAsEndEntity" => "it is the certificate of a CA, and the CA bundle does not hold it".to_owned(),
        "UnsupportedCertVersion" => {
            "it is X.509 version 1 or 2, which cannot hold a server's name".to_owned()
        }
        other => spelled_out(other),
    }
}

/// `NameConstraintViolation` as `name constraint violation`, without what follows the name.
fn spelled_out(name: &str) -> String {
    let mut words = String::new();
    for character in name.chars().take_while(char::is_ascii_alphanumeric) {
        if character.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(character.to_ascii_lowercase());
    }
    words
}

fn shown(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_unix_seconds(seconds).map_or_else(|error| error.to_string(), |time| time.to_string())
}
