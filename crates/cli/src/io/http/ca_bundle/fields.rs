//! The fields of a certificate that the TLS library keeps for itself.

use super::algorithm_names;
use super::der::{BIT_STRING, Element, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

/// The fields of one certificate, in DER.
pub(super) struct Fields<'a> {
    /// Whether it names its version; X.509 version 1 is the default, and has no extensions.
    has_version: bool,
    /// Who issued it, and whom it is for.
    names: [Element<'a>; 2],
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

const BOOLEAN: u8 = 0x01;

const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// The sixth bit of `keyUsage`: signing certificates.
const KEY_CERT_SIGN: u8 = 0b0000_0100;
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];

impl<'a> Fields<'a> {
    /// Reads a certificate.
    pub(super) fn of(certificate: &'a [u8]) -> Option<Self> {
        let (certificate, _) = Element::first(certificate)?;
        let mut fields = certificate.first_inside(SEQUENCE)?.inside();
        let first = fields.next()?;
        // The serial number comes after the version, which old certificates do not have.
        let has_version = first.tag == VERSION;
        if has_version {
            fields.next()?;
        }
        let (_algorithm, issuer) = (fields.next()?, fields.next()?);
        let validity = fields.next()?;
        let subject = fields.next()?;
        let key = fields.next()?;
        let extensions = fields.find(|field| field.tag == EXTENSIONS);
        Some(Self { has_version, names: [issuer, subject], validity, key, extensions })
    }

    /// Whether OpenSSL takes it for the certificate of a CA of TLS servers. The TLS library does not ask this of a root, so
    /// the owner of a server's certificate could issue one for every other name.
    pub(super) fn may_issue(&self) -> bool {
        let key_usage = self.extension(KEY_USAGE);
        let signs = key_usage.is_none_or(|bits| {
            // In front of the bits stands how many of the last byte do not count.
            bits.tag == BIT_STRING && bits.content.get(1).is_some_and(|bits| bits & KEY_CERT_SIGN != 0)
        });
        let is_ca = match self.extension(BASIC_CONSTRAINTS) {
            Some(constraints) => {
                let first = constraints.first_inside(SEQUENCE);
                first.is_some_and(|first| first.tag == BOOLEAN && first.content.iter().any(|byte| *byte != 0))
            }
            None if self.has_version => key_usage.is_some(),
            None => self.names[0] == self.names[1],
        };
        signs && is_ca && self.is_for_servers()
    }

    /// Whether it is valid at a time, written as `YYYYMMDDHHMMSSZ`.
    pub(super) fn is_valid_at(&self, time: &str) -> bool {
        let mut limits = self.validity.inside().map(full_year);
        let (Some(Some(from)), Some(Some(to))) = (limits.next(), limits.next()) else { return false };
        from.as_str() <= time && time <= to.as_str()
    }

    /// Whether its extended key usage, if it has one, allows TLS servers.
    pub(super) fn is_for_servers(&self) -> bool {
        let Some(usages) = self.extension(EXTENDED_KEY_USAGE) else { return true };
        usages.inside().any(|usage| usage.tag == OBJECT_IDENTIFIER && usage.content == SERVER_AUTH)
    }

    /// The value of an extension. One that cannot be read is an empty one, which allows nothing.
    fn extension(&self, id: &[u8]) -> Option<Element<'a>> {
        let list = self.extensions?.first_inside(EXTENSIONS)?;
        let has_id =
            |extension: &Element<'a>| extension.first_inside(SEQUENCE).is_some_and(|name| name.content == id);
        let found = list.inside().find(has_id)?;
        let value = found.inside().find(|part| part.tag == OCTET_STRING);
        let read = value.and_then(|value| Element::first(value.content)).map(|(element, _)| element);
        Some(read.unwrap_or(Element { tag: 0, content: &[], whole: &[] }))
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
