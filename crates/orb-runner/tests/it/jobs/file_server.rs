//! An HTTP server on loopback that serves files, each correctly or with a fault, and records the requests.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The end of a compressed file's path.
pub(crate) const PACKED: &str = ".gz";

/// How a file is served.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manner {
    /// Correctly.
    Whole,
    /// After this number of 503 responses.
    BusyFor(usize),
    /// From another path, after a redirect, as releases are.
    Moved,
    /// Not at all: the response has this status.
    Refused(&'static str),
    /// Half of it, then the connection is closed.
    CutShort,
    /// Half of it, then nothing.
    Hanging,
}

/// The server; it ends with the test program.
pub(crate) struct FileServer {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// A file and its path.
pub(crate) struct Served {
    pub(crate) path: String,
    pub(crate) file: Vec<u8>,
    pub(crate) manner: Manner,
}

impl FileServer {
    /// Serves these files, and 404 elsewhere.
    pub(crate) fn start(files: Vec<Served>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            let mut hanging = Vec::new();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let asked = read_request(&stream);
                let mut seen = seen.lock().unwrap();
                seen.push(asked.clone());
                let Some(served) = files.iter().find(|served| served.is_at(&asked)) else {
                    not_found(&stream);
                    continue;
                };
                served.answer(&stream, &asked, seen.iter().filter(|path| **path == asked).count());
                if matches!(served.manner, Manner::Hanging) {
                    hanging.push(stream);
                }
            }
        });
        Self { address, requests }
    }

    /// The base URL, without a trailing slash.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The requested paths so far, without those of compressed files.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requested(|path| !path.ends_with(PACKED))
    }

    /// The requested paths of compressed files so far.
    pub(crate) fn packed_requests(&self) -> Vec<String> {
        self.requested(|path| path.ends_with(PACKED))
    }

    fn requested(&self, is_wanted: fn(&str) -> bool) -> Vec<String> {
        self.requests.lock().unwrap().iter().filter(|path| is_wanted(path)).cloned().collect()
    }
}

impl Served {
    fn moved(&self) -> String {
        format!("{}-moved", self.path)
    }

    fn is_at(&self, asked: &str) -> bool {
        asked == self.path || asked == self.moved()
    }

    fn answer(&self, stream: &TcpStream, asked: &str, count: usize) {
        let moved = self.moved();
        let (half, _) = self.file.split_at(self.file.len() / 2);
        let whole = |status: &str, body: &[u8]| send(stream, status, body.len(), body);
        match self.manner {
            Manner::BusyFor(first) if count <= first => whole("503 Service Unavailable", b"busy"),
            Manner::Moved if asked == moved => whole("200 OK", &self.file),
            _ if asked != self.path => not_found(stream),
            Manner::Moved => whole(&format!("302 Found\r\nLocation: {moved}"), b""),
            Manner::Refused(status) => whole(status, b"no"),
            Manner::Whole | Manner::BusyFor(_) => whole("200 OK", &self.file),
            Manner::CutShort | Manner::Hanging => send(stream, "200 OK", self.file.len(), half),
        }
    }
}

fn not_found(stream: &TcpStream) {
    let body = b"nothing here";
    send(stream, "404 Not Found", body.len(), body);
}

fn read_request(stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    // The rest of the head has to be read, or closing resets the connection.
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    first.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// Sends a `Content-Length` of `length`, and `body`.
fn send(mut stream: &TcpStream, status: &str, length: usize, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    // A client that has closed the connection is not an error.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}
