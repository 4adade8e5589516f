//! Start and stop of the server: it listens on a free port of loopback, serves from a thread of its own, and stops when
//! the handle is dropped.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
};

use rustls::{
    ServerConfig,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use testkit::{CertificateError, ServerCertificate, TestCa, TestIssuer, Validity};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::{
    config::{CertificateKind, Config},
    connection,
    judgement::{self, Judgement},
    recording::RecordedRequest,
    session::GrantedCredentials,
    start_error::StartError,
    state::{ServerState, locked},
};

/// A running server. It stops when this is dropped, also while connections are open.
pub struct LocalSts {
    endpoint: String,
    ca_pem: String,
    state: Arc<ServerState>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LocalSts {
    /// Starts a server and returns when it listens.
    pub fn start(mut config: Config) -> Result<Self, StartError> {
        let ca = TestCa::new().map_err(StartError::Certificate)?;
        let certificate = match config.made_certificate.take() {
            Some(made) => made,
            None => certificate(&ca, config.certificate).map_err(StartError::Certificate)?,
        };
        let tls = TlsAcceptor::from(Arc::new(tls_config(&certificate)?));
        let failed = |source| StartError::Listen { port: config.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let state = Arc::new(ServerState::new(config)?);
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            runtime.spawn(accept(listener, tls, shared));
            // Either message, "stop" or the handle's end, drops the runtime with all its connections.
            let _ = runtime.block_on(stopped);
        });
        let endpoint = format!("https://127.0.0.1:{port}");
        Ok(Self { endpoint, ca_pem: ca.pem(), state, stop: Some(stop), thread: Some(thread) })
    }

    /// `https://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The CA's certificate as PEM, as in a CA bundle.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The issuer whose tokens are valid here.
    pub fn issuer(&self) -> &TestIssuer {
        &self.state.issuer
    }

    /// What the role's trust policy says of a token. Sends nothing and records no call.
    pub fn judge(&self, role_arn: &str, session_name: &str, token: &str) -> Judgement {
        judgement::judge(&self.state, role_arn, session_name, token, self.state.now())
    }

    /// Every call so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        locked(&self.state.requests).clone()
    }

    /// All credentials issued so far.
    pub fn granted(&self) -> Vec<GrantedCredentials> {
        locked(&self.state.sessions).iter().map(|session| session.credentials.clone()).collect()
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

async fn accept(listener: TcpListener, tls: TlsAcceptor, state: Arc<ServerState>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        if let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(connection::serve(tls.clone(), tcp, Arc::clone(&state)));
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
