//! CA bundles: what surrounds a certificate decides neither whether it is found nor which bytes it has.

#![no_main]

// The binary has no library; these files do not depend on the rest of it.
#[path = "../../cli/src/io/http/ca_bundle/contents.rs"]
mod contents;
#[expect(dead_code, reason = "the readers of the certificate's fields use the rest")]
#[path = "../../cli/src/io/http/ca_bundle/der.rs"]
mod der;
#[expect(dead_code, reason = "the search for indented lines is not about certificates")]
#[path = "../../cli/src/io/http/ca_bundle/pem.rs"]
mod pem;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contents::Contents;
use der::Element;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let contents = Contents::of(file);
    let begins = file.windows(b"-----BEGIN ".len()).filter(|window| window == b"-----BEGIN ").count();
    let found = contents.certificates.len()
        + contents.rejected.len()
        + contents.damaged.len()
        + contents.others.len();
    assert!(found <= begins, "{found} blocks of {begins} lines");
    // Labels are printed, and what is between them may be a private key.
    assert!(contents.others.iter().all(|label| label.len() <= 64 && !label.contains("--")));
    for certificate in contents.certificates.iter().chain(&contents.rejected) {
        let (element, rest) = Element::first(&certificate.der).expect("a certificate is an element");
        assert_eq!(
            (element.whole, rest),
            (&certificate.der[..], &[][..]),
            "a certificate is exactly one element"
        );
        assert!(certificate.line > 0);
    }

    // Written anew, under the label without settings, the same certificates are found.
    let mut written = String::from("\u{feff}");
    for certificate in &contents.certificates {
        let text = STANDARD.encode(&certificate.der);
        written.push_str(&format!(
            "# text\r\n-----BEGIN X509 CERTIFICATE-----\r\n{text}\r\n-----END X509 CERTIFICATE-----\r\n"
        ));
    }
    let again = Contents::of(written.as_bytes());
    let ders =
        |contents: &Contents| contents.certificates.iter().map(|it| it.der.clone()).collect::<Vec<_>>();
    assert_eq!(ders(&again), ders(&contents));

    // The input as the bytes of a block: never trusted where the settings beside it say no.
    let block = |label: &str, content: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(content)).into_bytes()
    };
    let plain = Contents::of(&block("CERTIFICATE", file));
    if let [certificate] = &plain.certificates[..] {
        assert_eq!(certificate.der, file, "a certificate has nothing behind it");
        let rejecting = [file, REJECT_SERVERS].concat();
        let trusted = Contents::of(&block("TRUSTED CERTIFICATE", &rejecting));
        assert_eq!(
            (trusted.certificates.len(), trusted.rejected.len()),
            (0, 1),
            "a rejected certificate is trusted"
        );
    }
});

/// Trust settings that reject TLS servers.
const REJECT_SERVERS: &[u8] = &[0x30, 12, 0xa0, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1];
