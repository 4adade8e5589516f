//! A certificate authority that is made in memory: none of its keys is in the repository, and no test depends on a
//! fixture that expires.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// A CA with a P-256 key. A client that trusts [`TestCa::pem`] trusts the certificates that it issues.
#[derive(Debug)]
pub struct TestCa {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// Why no certificate could be made.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A name is neither an address nor a host name.
    #[error("cannot put the names `{names}` into a certificate")]
    Names {
        /// All requested names.
        names: String,
        /// What is wrong with one of them.
        source: rcgen::Error,
    },
    /// Key generation or signing failed.
    #[error("cannot make a test certificate")]
    Signing(#[source] rcgen::Error),
}

/// When a certificate is valid. Both are fixed dates, so that no clock is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From 1975 to 4096.
    Current,
    /// January 2020.
    Expired,
}

/// What a TLS server loads.
pub struct ServerCertificate {
    /// The server's certificate, then the CA's.
    pub chain_pem: String,
    /// The server's private key, PKCS#8.
    pub key_pem: String,
}

impl TestCa {
    /// Makes a new CA.
    pub fn new() -> Result<Self, CertificateError> {
        let key = KeyPair::generate().map_err(CertificateError::Signing)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "testkit certificate authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, key).map_err(CertificateError::Signing)?;
        Ok(Self { issuer })
    }

    /// The CA's certificate as PEM, as in a CA bundle.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A server certificate for host names and addresses, with a key of its own.
    pub fn issue(&self, names: &[&str], validity: Validity) -> Result<ServerCertificate, CertificateError> {
        let owned: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(owned)
            .map_err(|source| CertificateError::Names { names: names.join(" "), source })?;
        params.distinguished_name.push(DnType::CommonName, "testkit server");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Python 3.13 and later refuse a certificate that does not name its CA's key.
        params.use_authority_key_identifier_extension = true;
        if validity == Validity::Expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 31);
        }
        let key = KeyPair::generate().map_err(CertificateError::Signing)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(CertificateError::Signing)?;
        Ok(ServerCertificate {
            chain_pem: format!("{}{}", certificate.pem(), self.pem()),
            key_pem: key.serialize_pem(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_the_server_then_the_authority() {
        let ca = TestCa::new().unwrap();
        let server = ca.issue(&["127.0.0.1", "localhost"], Validity::Current).unwrap();
        assert_eq!(server.chain_pem.matches("BEGIN CERTIFICATE").count(), 2);
        assert!(server.chain_pem.ends_with(&ca.pem()));
        assert!(server.key_pem.starts_with("-----BEGIN PRIVATE KEY-----"));
    }

    #[test]
    fn two_authorities_are_strangers() {
        assert_ne!(TestCa::new().unwrap().pem(), TestCa::new().unwrap().pem());
    }

    #[test]
    fn a_name_that_no_certificate_can_hold_is_an_error() {
        let refused = TestCa::new().unwrap().issue(&["schlüssel.test"], Validity::Current);
        assert!(matches!(refused, Err(CertificateError::Names { .. })));
    }
}
