//! A server's certificate that is in the CA bundle itself: a self-signed one, as OpenSSL makes it, says that it is a CA,
//! and one that a CA issued stands there without its CA. The user trusts exactly this certificate, so no chain is
//! needed; its dates, its usage and its name are checked all the same.

use std::sync::Arc;

use aws::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::fields::Fields;

/// Verifies a chain up to a root, or a certificate that the user's bundle holds.
#[derive(Debug)]
pub(in crate::io::http) struct ServerVerifier {
    /// Verifies chains, and every signature of a handshake.
    pub(in crate::io::http) chains: Arc<WebPkiServerVerifier>,
    /// The bundle's certificates.
    pub(in crate::io::http) own: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for ServerVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let of_chain =
            self.chains.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match of_chain {
            Err(error) if lacks_an_issuer(&error) && self.own.contains(end_entity) => {
                verify_own(end_entity, server_name, now)
            }
            of_chain => of_chain,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chains.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chains.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chains.supported_verify_schemes()
    }
}

/// Whether the chain has no other flaw than that nothing issued the server's certificate.
fn lacks_an_issuer(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => true,
        Error::InvalidCertificate(CertificateError::Other(other)) => other.to_string() == "CaUsedAsEndEntity",
        _ => false,
    }
}

fn verify_own(
    certificate: &CertificateDer<'_>,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let fields = Fields::of(certificate).ok_or(CertificateError::BadEncoding)?;
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let now = Timestamp::from_unix_seconds(seconds).map_err(|_| CertificateError::Expired)?;
    if !fields.is_valid_at(&now.to_basic().replace('T', "")) {
        return Err(CertificateError::Expired.into());
    }
    if !fields.is_for_servers() {
        return Err(CertificateError::InvalidPurpose.into());
    }
    verify_server_name(&ParsedCertificate::try_from(certificate)?, server_name)?;
    Ok(ServerCertVerified::assertion())
}
