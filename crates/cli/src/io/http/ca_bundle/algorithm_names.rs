//! Names of keys and signatures that this program does not verify.

use super::der::{self, OBJECT_IDENTIFIER};

/// What this program verifies, for the end of a sentence.
pub(crate) const VERIFIED: &str =
    "RSA of 2048 to 8192 bits, P-256, P-384 and Ed25519, with SHA-2; with a CA bundle P-521 too";

const RSA: &str = "1.2.840.113549.1.1.1";
const ELLIPTIC_CURVE: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";
const CURVES: [&str; 3] = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

static NAMES: [(&str, &str); 26] = [
    (RSA, "RSA"),
    (ELLIPTIC_CURVE, "an elliptic curve"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.113549.1.1.4", "MD5 with RSA"),
    ("1.2.840.113549.1.1.5", "SHA-1 with RSA"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "SHA-256 with RSA"),
    ("1.2.840.113549.1.1.14", "SHA-224 with RSA"),
    ("1.2.840.10045.4.1", "ECDSA with SHA-1"),
    ("1.2.840.10045.4.3.1", "ECDSA with SHA-224"),
    ("1.2.840.10045.4.3.2", "ECDSA with SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA with SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA with SHA-512"),
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
    (ED25519, "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
    ("1.2.840.113549.1.1.12", "SHA-384 with RSA"),
];

/// The name of an algorithm, from the content of its DER: the curve, where it has one.
pub(crate) fn name(algorithm: &[u8]) -> String {
    let ids = identifiers(algorithm);
    let named = |id: &String| NAMES.iter().find(|(known, _)| known == id).map(|(_, name)| (*name).to_owned());
    match ids.as_slice() {
        [key, curve, ..] if key == ELLIPTIC_CURVE => named(curve).unwrap_or_else(|| curve.clone()),
        [first, ..] => named(first).unwrap_or_else(|| first.clone()),
        [] => "an algorithm without a name".to_owned(),
    }
}

/// The name of a key's algorithm, if this program cannot verify with it.
pub(super) fn unsupported_key(algorithm: &[u8]) -> Option<String> {
    let ids = identifiers(algorithm);
    let known = match ids.as_slice() {
        [key, curve] => key == ELLIPTIC_CURVE && CURVES.contains(&curve.as_str()),
        [key] => key == RSA || key == ED25519,
        _ => false,
    };
    (!known).then(|| name(algorithm))
}

/// Whether this is the algorithm of an RSA key.
pub(super) fn is_rsa(algorithm: &[u8]) -> bool {
    identifiers(algorithm).first().is_some_and(|id| id == RSA)
}

fn identifiers(algorithm: &[u8]) -> Vec<String> {
    der::elements(algorithm)
        .filter(|element| element.tag == OBJECT_IDENTIFIER)
        .map(|element| dotted(element.content))
        .collect()
}

/// `1.2.840.…` of an object identifier's content.
fn dotted(content: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number: u64 = 0;
    for byte in content {
        number = number.saturating_mul(128).saturating_add(u64::from(byte & 0x7f));
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (number / 40).min(2);
                numbers.push(first);
                number -= first * 40;
            }
            numbers.push(number);
            number = 0;
        }
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_written_with_dots() {
        for (content, text) in [
            (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1][..], RSA),
            (&[0x2b, 0x65, 0x71], "1.3.101.113"),
            (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17], "2.16.840.1.101.3.4.3.17"),
            (&[0x88, 0x37, 3], "2.999.3"),
        ] {
            assert_eq!(dotted(content), text);
        }
    }

    #[test]
    fn a_key_on_a_curve_has_the_name_of_the_curve() {
        let curve = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x23];
        assert_eq!((name(&curve).as_str(), unsupported_key(&curve)), ("P-521", None));
        let ed448 = [6, 3, 0x2b, 0x65, 0x71];
        assert_eq!(unsupported_key(&ed448).as_deref(), Some("Ed448"));
    }
}
