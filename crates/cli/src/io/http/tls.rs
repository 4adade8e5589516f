//! Trusted certificates: Mozilla's roots, built in, and the user's CA bundle. TLS 1.2 and 1.3 with ring.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::io::environment::vars;
use crate::io::files::text_file::{self, ReadError};

/// A PEM file of root certificates.
#[derive(Debug, Clone)]
pub(crate) struct CaBundle {
    /// The file.
    pub(crate) path: PathBuf,
    /// The flag or variable that names it.
    pub(crate) name: &'static str,
}

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// The file cannot be read.
    #[error("the CA bundle `{}` ({name}) cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The flag or variable that names it.
        name: &'static str,
        /// The system's own reason.
        #[source]
        source: ReadError,
    },
    /// The file holds no usable certificate.
    #[error("the CA bundle `{}` ({name}) holds no usable PEM certificate", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
        /// The flag or variable that names it.
        name: &'static str,
    },
    /// rustls supports none of the protocol versions: a bug of this program.
    #[error("TLS cannot be set up")]
    SetUp(#[source] rustls::Error),
}

/// The client configuration of every TLS connection.
pub(crate) fn client_config(
    bundle: Option<&CaBundle>,
    notes: &mut Vec<String>,
) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(bundle) = bundle {
        add_bundle(bundle, &mut roots, notes)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::SetUp)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// Cryptographically secure random bytes; `None` if the system has none.
pub(crate) fn random_bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    ring::default_provider().secure_random.fill(&mut bytes).ok().map(|()| bytes)
}

/// A random value in 0..1 for jitter, from the source that TLS uses.
pub(crate) fn random_fraction() -> f64 {
    let mut bytes = [0_u8; 4];
    match ring::default_provider().secure_random.fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_be_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        // Without randomness TLS fails too; the whole pause is the safe choice.
        Err(_) => 1.0,
    }
}

fn add_bundle(bundle: &CaBundle, roots: &mut RootCertStore, notes: &mut Vec<String>) -> Result<(), TlsError> {
    let unreadable = |source| TlsError::Unreadable { path: bundle.path.clone(), name: bundle.name, source };
    let text = match text_file::read_named(&bundle.path) {
        Ok(Some(text)) => text,
        // OpenSSL ignores a missing file, and images set this variable for OpenSSL.
        Ok(None) if bundle.name == vars::SSL_CERT_FILE => {
            notes.push(format!("SSL_CERT_FILE names `{}`, which does not exist", bundle.path.display()));
            return Ok(());
        }
        Ok(None) => return Err(unreadable(ReadError::Missing)),
        Err(source) => return Err(unreadable(source)),
    };
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes()).filter_map(Result::ok);
    // System bundles hold certificates that rustls does not accept; they are ignored, as in OpenSSL.
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(TlsError::NoCertificate { path: bundle.path.clone(), name: bundle.name });
    }
    Ok(())
}
