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

/// In what a certificate does not fit, although more trust would not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// It is trusted, but for other names.
    Name,
    /// It has expired, or is not valid yet.
    Time,
}

/// The mismatch and its words, if it is one. The library checks the name last, and the time before the issuer.
pub(super) fn mismatch(flaw: &CertificateError) -> Option<(Mismatch, String)> {
    Some(match flaw {
        CertificateError::NotValidForNameContext { expected, presented } => {
            let expected = expected.to_str();
            (Mismatch::Name, format!("for `{expected}`: it is trusted, but {}", names(presented)))
        }
        CertificateError::ExpiredContext { not_after, time } => {
            (Mismatch::Time, format!("{}: it expired at {}", now(*time), shown(*not_after)))
        }
        CertificateError::NotValidYetContext { not_before, time } => {
            (Mismatch::Time, format!("{}: it is valid from {}", now(*time), shown(*not_before)))
        }
        CertificateError::Expired => (Mismatch::Time, "at this machine's time".to_owned()),
        _ => return None,
    })
}

fn now(time: UnixTime) -> String {
    format!("at {}, this machine's time", shown(time))
}

/// More names of a certificate are not shown.
const MOST_NAMES: usize = 5;

/// The names as the library shows them, such as `DnsName("sts.example")`.
fn names(presented: &[String]) -> String {
    let name = |shown: &String| {
        let inner = shown.split_once('(').and_then(|(_, inner)| inner.strip_suffix(')'));
        format!("`{}`", inner.unwrap_or(shown).trim_matches('"').escape_debug())
    };
    let all: Vec<String> = presented.iter().take(MOST_NAMES).map(name).collect();
    match presented.len() {
        0 => "for no name of a server".to_owned(),
        1..=MOST_NAMES => format!("for {} only", all.join(", ")),
        more => format!("for {} and {} more only", all.join(", "), more - MOST_NAMES),
    }
}

/// Every other flaw.
pub(super) fn words(flaw: &CertificateError) -> String {
    match flaw {
        CertificateError::UnknownIssuer => "its issuer is not a known certificate authority".to_owned(),
        CertificateError::BadEncoding => "it is malformed".to_owned(),
        CertificateError::BadSignature => {
            "a signature is not by its issuer's key, or that key is RSA of fewer than 2048 bits".to_owned()
        }
        CertificateError::InvalidPurpose => "its extended key usage does not allow TLS servers".to_owned(),
        CertificateError::Other(other) => of_chain(&other.to_string()),
        // It has words of its own.
        CertificateError::InvalidPurposeContext { .. } => flaw.to_string(),
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::pki_types::ServerName;

    use super::*;

    #[test]
    fn a_name_and_a_time_that_do_not_fit_are_told_from_lack_of_trust() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let of_names = |presented: &[&str]| CertificateError::NotValidForNameContext {
            expected: ServerName::try_from("sts.example").unwrap(),
            presented: presented.iter().map(|name| (*name).to_owned()).collect(),
        };
        for (flaw, expected, words) in [
            (of_names(&[]), Mismatch::Name, "for `sts.example`: it is trusted, but for no name of a server"),
            (
                of_names(&["DnsName(\"a.example\")", "IpAddress(127.0.0.1)", "\u{202e}"]),
                Mismatch::Name,
                r"for `sts.example`: it is trusted, but for `a.example`, `127.0.0.1`, `\u{202e}` only",
            ),
            (
                of_names(&["DnsName(\"a\")"; 7]),
                Mismatch::Name,
                "for `sts.example`: it is trusted, but for `a`, `a`, `a`, `a`, `a` and 2 more only",
            ),
            (
                CertificateError::ExpiredContext { time: at(86_400), not_after: at(0) },
                Mismatch::Time,
                "at 1970-01-02T00:00:00Z, this machine's time: it expired at 1970-01-01T00:00:00Z",
            ),
            (
                CertificateError::NotValidYetContext { time: at(0), not_before: at(86_400) },
                Mismatch::Time,
                "at 1970-01-01T00:00:00Z, this machine's time: it is valid from 1970-01-02T00:00:00Z",
            ),
            (CertificateError::Expired, Mismatch::Time, "at this machine's time"),
        ] {
            assert_eq!(mismatch(&flaw), Some((expected, words.to_owned())), "{flaw:?}");
        }
        assert_eq!(mismatch(&CertificateError::UnknownIssuer), None);
    }
}
