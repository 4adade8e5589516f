//! The fields of a certificate that the TLS library keeps for itself.

use super::algorithm_names;
use super::der::{BIT_STRING, Element, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

/// The fields of one certificate, in DER.
pub(super) struct Fields<'a> {
    /// `notBefore` and `notAfter`.
    validity: Element<'a>,
    /// The public key with its algorithm.
    key: Element<'a>,
    /// The extensions, if it has any.
    extensions: Option<Element<'a>>,
}

/// The tag of `version` and of `extensions`, as numbered fields.
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;

const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];

impl<'a> Fields<'a> {
    /// Reads a certificate.
    pub(super) fn of(certificate: &'a [u8]) -> Option<Self> {
        let (certificate, _) = Element::first(certificate)?;
        let mut fields = certificate.first_inside(SEQUENCE)?.inside();
        let first = fields.next()?;
        // The serial number comes after the version, which old certificates do not have.
        if first.tag == VERSION {
            fields.next()?;
        }
        let (_algorithm, _issuer) = (fields.next()?, fields.next()?);
        let validity = fields.next()?;
        let _subject = fields.next()?;
        let key = fields.next()?;
        let extensions = fields.find(|field| field.tag == EXTENSIONS);
        Some(Self { validity, key, extensions })
    }

    /// Whether it is valid at a time, written as `YYYYMMDDHHMMSSZ`.
    pub(super) fn is_valid_at(&self, time: &str) -> bool {
        let mut limits = self.validity.inside().map(full_year);
        let (Some(Some(from)), Some(Some(to))) = (limits.next(), limits.next()) else { return false };
        from.as_str() <= time && time <= to.as_str()
    }

    /// Whether its extended key usage, if it has one, allows TLS servers.
    pub(super) fn is_for_servers(&self) -> bool {
        let Some(extensions) = self.extensions else { return true };
        let Some(list) = extensions.first_inside(EXTENSIONS) else { return false };
        let usage = list.inside().find(|extension| {
            extension.first_inside(SEQUENCE).is_some_and(|name| name.content == EXTENDED_KEY_USAGE)
        });
        let Some(usage) = usage else { return true };
        let value = usage.inside().find(|part| part.tag == OCTET_STRING);
        let Some((usages, _)) = value.and_then(|value| Element::first(value.content)) else { return false };
        usages.inside().any(|usage| usage.tag == OBJECT_IDENTIFIER && usage.content == SERVER_AUTH)
    }

    /// The algorithm of a key with which this program cannot verify.
    pub(super) fn unsupported_key(&self) -> Option<String> {
        let mut parts = self.key.inside();
        let algorithm = parts.next()?;
        if let Some(name) = algorithm_names::unsupported_key(algorithm.content) {
            return Some(name);
        }
        let bits = parts.next().filter(|bits| bits.tag == BIT_STRING)?;
        let (rsa, _) = Element::first(bits.content.get(1..)?)?;
        let modulus = algorithm_names::is_rsa(algorithm.content).then(|| rsa.first_inside(SEQUENCE))??;
        let zeros = modulus.content.iter().take_while(|byte| **byte == 0).count();
        let bits = (modulus.content.len() - zeros) * 8;
        (modulus.tag == INTEGER && !(2048..=8192).contains(&bits)).then(|| format!("RSA of {bits} bits"))
    }
}

/// A time with four digits of its year.
fn full_year(time: Element<'_>) -> Option<String> {
    let text = std::str::from_utf8(time.content).ok()?;
    match (time.tag, text.len()) {
        // Two digits are of 1950 to 2049 (RFC 5280, 4.1.2.5.1).
        (0x17, 13) => Some(format!("{}{text}", if text >= "50" { "19" } else { "20" })),
        (0x18, 15) => Some(text.to_owned()),
        _ => None,
    }
    .filter(|text| text.ends_with('Z'))
}
