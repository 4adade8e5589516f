//! An HTTP proxy on loopback, as much of one as CONNECT needs.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A proxy that leads every CONNECT to one place, or refuses it.
pub(crate) struct Proxy {
    pub(crate) address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(crate) fn start(answer: &str, target: &str) -> Self {
        Self::start_raw(&format!("HTTP/1.1 {answer}\r\n\r\n"), target)
    }

    /// The same with all bytes of the answer.
    pub(crate) fn start_raw(answer: &str, target: &str) -> Self {
        let answer = answer.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, target) = (Arc::clone(&heads), target.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut client = stream.unwrap();
                seen.lock().unwrap().push(read_head(&mut client));
                client.write_all(answer.as_bytes()).unwrap();
                if answer.starts_with("HTTP/1.1 200") {
                    join(client, TcpStream::connect(&target).unwrap());
                }
            }
        });
        Self { address, heads }
    }

    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn read_head(client: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
        if !head[0].is_ascii_alphabetic() {
            // TLS, which a proxy that speaks none calls a bad request.
            break;
        }
    }
    String::from_utf8(head).unwrap()
}

fn join(client: TcpStream, server: TcpStream) {
    let pairs = [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)];
    for (mut from, mut to) in pairs {
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        });
    }
}
