//! Trusted certificates: Mozilla's roots, built in, and the user's CA bundle. TLS 1.2 and 1.3 with ring.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};

use crate::io::http::added_roots::AddedRoots;
use crate::io::http::ca_bundle::own_anchor::ServerVerifier;
use crate::io::http::ca_bundle::{CaBundle, CaBundleError, anchor_of};
use crate::io::http::p521;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// The CA bundle is not usable.
    #[error(transparent)]
    Bundle(#[from] CaBundleError),
    /// rustls supports none of the protocol versions, or has no roots: a bug of this program.
    #[error("TLS cannot be set up")]
    SetUp(#[source] rustls::Error),
}

/// Which certificates are trusted.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    /// With the roots of the bundle, if there is one.
    with_bundle: Option<ClientConfig>,
    /// The roots that are not Mozilla's.
    pub(crate) added_roots: AddedRoots,
}

impl Trust {
    /// The client configuration of every TLS connection. Mozilla's alone is made only here: cached credentials need none.
    pub(crate) fn config(&self) -> Result<ClientConfig, TlsError> {
        match &self.with_bundle {
            Some(config) => Ok(config.clone()),
            None => Ok(versions(ring::default_provider())?
                .with_root_certificates(mozilla())
                .with_no_client_auth()),
        }
    }
}

fn mozilla() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// Mozilla's roots, and those of the bundle.
pub(crate) fn trust(bundle: Option<&CaBundle>, notes: &mut Vec<String>) -> Result<Trust, TlsError> {
    let Some(bundle) = bundle else {
        return Ok(Trust { with_bundle: None, added_roots: AddedRoots::default() });
    };
    let mut roots = mozilla();
    let own = bundle.add_to(&mut roots, notes)?;
    // Servers' own certificates count: their owners can act as these servers.
    let anchors: Vec<_> = own.iter().filter_map(anchor_of).flatten().collect();
    let added_roots = AddedRoots::of(&anchors);
    let provider =
        CryptoProvider { signature_verification_algorithms: p521::algorithms(), ..ring::default_provider() };
    let builder = versions(provider)?;
    let chains =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(builder.crypto_provider()))
            .build()
            .map_err(|error| TlsError::SetUp(rustls::Error::General(error.to_string())))?;
    let verifier = ServerVerifier { chains, own };
    let config =
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
    Ok(Trust { with_bundle: Some(config), added_roots })
}

fn versions(provider: CryptoProvider) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, TlsError> {
    ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::SetUp)
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
