//! GitHub's token endpoint on loopback, over TLS with an authority of its own: it answers what the test planned,
//! in order, the last answer for ever, and keeps what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use testkit::{TestCa, Validity};

/// A status and a body.
pub(crate) type Planned = (u16, String);

/// The server. It lives as long as the test's process.
pub(crate) struct TokenEndpoint {
    /// What stands in `ACTIONS_ID_TOKEN_REQUEST_URL`.
    pub(crate) url: String,
    /// Its authority.
    pub(crate) ca_pem: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl TokenEndpoint {
    pub(crate) fn start(answers: Vec<Planned>) -> Self {
        let ca = TestCa::new().unwrap();
        let config = Arc::new(tls(&ca));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/idtoken/1/2?api-version=2.0", listener.local_addr().unwrap());
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&heads);
        std::thread::spawn(move || {
            for (at, tcp) in listener.incoming().enumerate() {
                let (status, body) = answers.get(at).or(answers.last()).unwrap();
                serve(tcp.unwrap(), &config, *status, body, &seen);
            }
        });
        Self { url, ca_pem: ca.pem(), heads }
    }

    /// The request line and headers of each request.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// GitHub's answer around a token.
pub(crate) fn value(token: &str) -> String {
    serde_json::json!({"count": 1, "value": token}).to_string()
}

fn tls(ca: &TestCa) -> ServerConfig {
    let certificate = ca.issue(&["127.0.0.1"], Validity::Current).unwrap();
    let chain =
        CertificateDer::pem_slice_iter(certificate.chain_pem.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(certificate.key_pem.as_bytes()).unwrap();
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap()
}

/// A client that does not trust us leaves in the handshake: that is no request.
fn serve(
    mut tcp: TcpStream,
    config: &Arc<ServerConfig>,
    status: u16,
    body: &str,
    heads: &Mutex<Vec<String>>,
) {
    let mut connection = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut stream = Stream::new(&mut connection, &mut tcp);
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    heads.lock().unwrap().push(String::from_utf8(head).unwrap());
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status} x\r\nlocation: https://127.0.0.1:1/\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    let _ = stream.write_all(text.as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}
