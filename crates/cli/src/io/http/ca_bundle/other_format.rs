//! What a file without a PEM certificate is, and the command that makes a CA bundle of it.

use std::path::Path;

use super::contents::Contents;
use super::der::{Element, INTEGER, OBJECT_IDENTIFIER, SEQUENCE};
use super::pem;
use super::single_line::SingleLine;

/// A file that is not a CA bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OtherFormat {
    /// One certificate without PEM.
    #[error("it is a certificate in DER form")]
    Der,
    /// Certificates in PKCS#7, with or without PEM.
    #[error("it is PKCS#7")]
    Pkcs7 {
        /// Whether it is PEM.
        pem: bool,
    },
    /// A key store of OpenSSL, Windows or Java.
    #[error("it is a PKCS#12 key store")]
    Pkcs12,
    /// A key store of Java.
    #[error("it is a Java key store")]
    JavaKeyStore,
    /// Text of PowerShell, for example.
    #[error("it is UTF-16")]
    Utf16,
    /// PEM with spaces before its lines.
    #[error("its lines are indented, and PEM lines start in the first column")]
    Indented,
    /// PEM without its line breaks.
    #[error("{0}")]
    SingleLine(SingleLine),
    /// PEM blocks, none of which is a certificate.
    #[error("it holds {0}")]
    OtherBlocks(String),
    /// A file with nothing in it.
    #[error("it is empty")]
    Empty,
    /// None of these.
    #[error("it has no line `-----BEGIN CERTIFICATE-----`")]
    Unknown,
}

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

impl OtherFormat {
    /// Finds out what the file is.
    pub(super) fn of(file: &[u8], contents: &Contents) -> Self {
        if file.trim_ascii().is_empty() {
            return Self::Empty;
        }
        if let Some(format) = binary(file) {
            return format;
        }
        let is_pkcs7 = |label: &String| matches!(label.as_str(), "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS");
        if contents.others.iter().any(is_pkcs7) {
            return Self::Pkcs7 { pem: true };
        }
        if contents.others.is_empty()
            && let Some(found) = SingleLine::of(file)
        {
            return Self::SingleLine(found);
        }
        if let Some(first) = contents.others.first() {
            let more = contents.others.len() - 1;
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            return Self::OtherBlocks(format!("`{first}`{more}, and no certificate"));
        }
        if pem::is_indented(file) { Self::Indented } else { Self::Unknown }
    }

    /// The command that makes a CA bundle of the file.
    pub(crate) fn conversion(&self, path: &Path) -> Option<String> {
        let file = format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
        Some(match self {
            Self::Der => format!("openssl x509 -inform DER -in {file} -out ca.pem"),
            Self::Pkcs7 { pem: true } => format!("openssl pkcs7 -print_certs -in {file} -out ca.pem"),
            Self::Pkcs7 { pem: false } => {
                format!("openssl pkcs7 -inform DER -print_certs -in {file} -out ca.pem")
            }
            Self::Pkcs12 => format!("openssl pkcs12 -nokeys -in {file} -out ca.pem"),
            Self::JavaKeyStore => format!("keytool -list -rfc -keystore {file} > ca.pem"),
            Self::Utf16 => format!("iconv -f UTF-16 -t UTF-8 {file} > ca.pem"),
            Self::Indented => format!("sed 's/^[[:space:]]*//' {file} > ca.pem"),
            Self::SingleLine(_) | Self::OtherBlocks(_) | Self::Empty | Self::Unknown => return None,
        })
    }
}

fn binary(file: &[u8]) -> Option<OtherFormat> {
    match file {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Some(OtherFormat::Utf16),
        [0xfe, 0xed, 0xfe, 0xed, ..] => return Some(OtherFormat::JavaKeyStore),
        _ => {}
    }
    let (outer, _) = Element::first(file)?;
    let first = outer.first_inside(SEQUENCE)?;
    match first.tag {
        SEQUENCE => Some(OtherFormat::Der),
        INTEGER => Some(OtherFormat::Pkcs12),
        OBJECT_IDENTIFIER if first.content == SIGNED_DATA => Some(OtherFormat::Pkcs7 { pem: false }),
        _ => None,
    }
}
