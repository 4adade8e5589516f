//! A web server on loopback that hands out one file and remembers what it was asked for.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The server; it ends with the test program.
pub(crate) struct FileServer {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl FileServer {
    /// Serves `file` at `path`, after refusing the first `unavailable` requests with 503.
    pub(crate) fn start(path: &str, file: &[u8], unavailable: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (path, file, seen) = (path.to_owned(), file.to_owned(), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let asked = read_request(&stream);
                let mut seen = seen.lock().unwrap();
                seen.push(asked.clone());
                let (status, body) = if seen.len() <= unavailable {
                    ("503 Service Unavailable", &b"busy"[..])
                } else if asked == path {
                    ("200 OK", &*file)
                } else {
                    ("404 Not Found", &b"nothing here"[..])
                };
                answer(&stream, status, body);
            }
        });
        Self { address, requests }
    }

    /// The base of its addresses, without a slash at the end.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The paths asked for so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn read_request(stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    // The rest of the head has to be read, or closing the connection resets it.
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    first.split(' ').nth(1).unwrap_or_default().to_owned()
}

fn answer(mut stream: &TcpStream, status: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // A client that has gone away is its own test's concern.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}
