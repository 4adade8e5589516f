//! The server's life: start on a free port of loopback, serve from a thread of its own, stop when the
//! handle is dropped.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
};

use rustls::{
    ServerConfig,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use testkit::{CertificateError, IssuerError, ServerCertificate, TestCa, TestIssuer, Validity};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use trust_policy::InvalidTrustPolicy;

use crate::{
    arn::InvalidRoleArn,
    config::{CertificateKind, Config},
    connection,
    grant::GrantedCredentials,
    recording::RecordedRequest,
    world::{World, locked},
};

/// A running server. It stops when this is dropped, whatever its connections wait for.
pub struct LocalSts {
    endpoint: String,
    ca_pem: String,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why the server didn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A role's ARN is none.
    #[error("cannot know the role `{arn}`")]
    Role {
        /// The ARN of the configuration.
        arn: String,
        /// What is wrong with it.
        source: InvalidRoleArn,
    },
    /// A trust policy can't be read.
    #[error("cannot read the trust policy of `{arn}`")]
    Policy {
        /// Whose policy.
        arn: String,
        /// What is wrong with it.
        source: InvalidTrustPolicy,
    },
    /// No issuer could be made.
    #[error("cannot make an issuer")]
    Issuer(#[source] IssuerError),
    /// No certificate could be made.
    #[error("cannot make the server's certificate")]
    Certificate(#[source] CertificateError),
    /// The certificate made isn't one that a server can show.
    #[error("cannot use the server's certificate")]
    Tls(#[source] rustls::Error),
    /// The certificate made isn't in PEM form.
    #[error("cannot read the server's certificate")]
    Pem(#[source] rustls::pki_types::pem::Error),
    /// The port is taken, or the system refuses.
    #[error("cannot listen on port `{port}` of 127.0.0.1")]
    Listen {
        /// 0 for any.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
}

impl LocalSts {
    /// Starts a server and returns when it listens.
    pub fn start(config: Config) -> Result<Self, StartError> {
        let ca = TestCa::new().map_err(StartError::Certificate)?;
        let certificate = certificate(&ca, config.certificate).map_err(StartError::Certificate)?;
        let tls = TlsAcceptor::from(Arc::new(tls_config(&certificate)?));
        let failed = |source| StartError::Listen { port: config.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let world = Arc::new(World::new(config)?);
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&world);
        let thread = std::thread::spawn(move || {
            runtime.spawn(accept(listener, tls, shared));
            // Either message, "stop" or the handle's end, drops the runtime with all its connections.
            let _ = runtime.block_on(stopped);
        });
        let endpoint = format!("https://127.0.0.1:{port}");
        Ok(Self { endpoint, ca_pem: ca.pem(), world, stop: Some(stop), thread: Some(thread) })
    }

    /// `https://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The authority to trust, as a CA bundle holds it.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The issuer whose tokens are good here.
    pub fn issuer(&self) -> &TestIssuer {
        &self.world.issuer
    }

    /// Every call so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        locked(&self.world.requests).clone()
    }

    /// All credentials given out so far.
    pub fn granted(&self) -> Vec<GrantedCredentials> {
        locked(&self.world.grants).iter().map(|grant| grant.credentials.clone()).collect()
    }
}

impl Drop for LocalSts {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, world: Arc<World>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        if let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(connection::serve(tls.clone(), tcp, Arc::clone(&world)));
        }
    }
}

fn certificate(ca: &TestCa, kind: CertificateKind) -> Result<ServerCertificate, CertificateError> {
    const HERE: [&str; 2] = ["127.0.0.1", "localhost"];
    match kind {
        CertificateKind::Valid => ca.issue(&HERE, Validity::Current),
        CertificateKind::WrongName => ca.issue(&["sts.example.test"], Validity::Current),
        CertificateKind::Expired => ca.issue(&HERE, Validity::Expired),
        CertificateKind::OtherAuthority => TestCa::new()?.issue(&HERE, Validity::Current),
    }
}

fn tls_config(certificate: &ServerCertificate) -> Result<ServerConfig, StartError> {
    let chain = CertificateDer::pem_slice_iter(certificate.chain_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(StartError::Pem)?;
    let key = PrivateKeyDer::from_pem_slice(certificate.key_pem.as_bytes()).map_err(StartError::Pem)?;
    ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(StartError::Tls)
}
