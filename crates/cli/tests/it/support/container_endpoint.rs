//! A container-credentials endpoint on loopback, in plain http: it answers what the test planned, in order, the last
//! answer for ever, and keeps what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use local_sts::GrantedCredentials;

/// What becomes of a request.
#[derive(Clone)]
pub(crate) enum Planned {
    /// A status and a body.
    Answer(u16, String),
    /// No answer, until the client goes.
    Silence,
    /// A body that is longer than this.
    Flood(usize),
}

/// The server. It lives as long as the test's process.
pub(crate) struct ContainerEndpoint {
    /// Its port on 127.0.0.1.
    pub(crate) port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl ContainerEndpoint {
    pub(crate) fn start(answers: Vec<Planned>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&heads);
        std::thread::spawn(move || {
            for (at, tcp) in listener.incoming().enumerate() {
                serve(tcp.unwrap(), answers.get(at).or(answers.last()).unwrap(), &seen);
            }
        });
        Self { port, heads }
    }

    /// What stands in `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/credentials?a=b", self.port)
    }

    /// The request line and headers of each request.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// The endpoint's answer with these keys.
pub(crate) fn with_keys(keys: &GrantedCredentials) -> Planned {
    let body = serde_json::json!({
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret_access_key,
        "Token": keys.session_token,
        "Expiration": "2100-01-01T00:00:00Z",
    });
    Planned::Answer(200, body.to_string())
}

fn serve(mut tcp: TcpStream, planned: &Planned, heads: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match tcp.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    heads.lock().unwrap().push(String::from_utf8(head).unwrap());
    let (status, body) = match planned {
        Planned::Answer(status, body) => (*status, body.clone()),
        Planned::Flood(size) => (200, " ".repeat(size + 1)),
        Planned::Silence => {
            let _ = tcp.read(&mut byte);
            return;
        }
    };
    let text = format!(
        "HTTP/1.1 {status} x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = tcp.write_all(text.as_bytes());
}
