//! The certificates of a CA bundle, as OpenSSL takes them from it: under three labels, with OpenSSL's own trust
//! settings after a `TRUSTED CERTIFICATE`.

use super::der::{self, Element, OBJECT_IDENTIFIER, SEQUENCE};
use super::pem;

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    /// The line with its `BEGIN`.
    pub(super) line: usize,
    /// One DER element.
    pub(super) der: Vec<u8>,
}

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// The trusted certificates.
    pub(super) certificates: Vec<Certificate>,
    /// Certificates that their own settings exclude for TLS servers.
    pub(super) rejected: Vec<Certificate>,
    /// The lines of the certificates that cannot be decoded.
    pub(super) damaged: Vec<usize>,
    /// The labels of the other blocks.
    pub(super) others: Vec<String>,
}

impl Contents {
    /// Reads a file.
    pub(super) fn of(file: &[u8]) -> Self {
        let mut contents = Self::default();
        for block in pem::blocks(file) {
            let line = block.line;
            let (has_settings, content) = match (block.label.as_str(), block.content) {
                ("CERTIFICATE" | "X509 CERTIFICATE", content) => (false, content),
                ("TRUSTED CERTIFICATE", content) => (true, content),
                _ => {
                    contents.others.push(block.label);
                    continue;
                }
            };
            match content.as_deref().and_then(|content| split(content, has_settings)) {
                Some((der, settings)) if allows_servers(settings) => {
                    contents.certificates.push(Certificate { line, der: der.to_vec() });
                }
                Some((der, _)) => contents.rejected.push(Certificate { line, der: der.to_vec() }),
                None => contents.damaged.push(line),
            }
        }
        contents
    }
}

/// The certificate, and the trust settings that follow it.
fn split(content: &[u8], has_settings: bool) -> Option<(&[u8], Option<Element<'_>>)> {
    let (certificate, rest) = Element::first(content).filter(|(element, _)| element.tag == SEQUENCE)?;
    if rest.is_empty() {
        return Some((certificate.whole, None));
    }
    let (settings, rest) = Element::first(rest).filter(|(element, _)| element.tag == SEQUENCE)?;
    (has_settings && rest.is_empty()).then_some((certificate.whole, Some(settings)))
}

/// `reject`, the first context-specific element of the settings.
const REJECT: u8 = 0xa0;

/// Key usages in DER: serverAuth, and any.
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const ANY_USAGE: &[u8] = &[0x55, 0x1d, 0x25, 0];

/// Whether the settings trust the certificate for TLS servers, as OpenSSL decides: a rejected usage counts first, then
/// a list of trusted ones is complete. Settings without lists trust all usages.
fn allows_servers(settings: Option<Element<'_>>) -> bool {
    let Some(settings) = settings else { return true };
    let names_servers = |list: Element<'_>| {
        list.inside()
            .any(|usage| usage.tag == OBJECT_IDENTIFIER && [SERVER_AUTH, ANY_USAGE].contains(&usage.content))
    };
    let lists: Vec<Element<'_>> = settings.inside().collect();
    let is_rejected = lists.iter().any(|list| list.tag == REJECT && names_servers(*list));
    let trusted = lists.iter().find(|list| list.tag == SEQUENCE);
    // Settings that cannot be read to their end trust nothing.
    let length: usize = der::elements(settings.content).map(|element| element.whole.len()).sum();
    length == settings.content.len() && !is_rejected && trusted.is_none_or(|list| names_servers(*list))
}
