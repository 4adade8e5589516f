//! `serve` in the background, as a runner starts it, and questions to it as AWS's tools put them. All that it has
//! printed is searched for secrets at its end, its authorization among them.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::container_endpoint::{ContainerEndpoint, Planned};
use super::{Job, find_leaks, write};
use serde_json::Value;

/// Nothing that is waited for takes this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server. It ends with the test.
pub(crate) struct Serving {
    child: Child,
    lines: Receiver<String>,
    seen: RefCell<Vec<String>>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What it asks for.
    pub(crate) authorization: String,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Serving {
    /// Starts it, and returns when it serves.
    pub(crate) fn start(job: &Job, flags: &[&str]) -> Self {
        let mut command = job.command(&[&["serve"], flags].concat());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let seen = RefCell::default();
        let mut serving = Self { child, lines, seen, address, authorization: String::new() };
        let line = serving.wait_for("serving arn:aws:sts::123456789012:assumed-role/");
        let address = line.split(" on ").nth(1).unwrap().split(';').next().unwrap();
        let texts = announcements(job);
        let (_, text) = texts.iter().find(|(_, text)| text.contains(address)).unwrap();
        let announcement: Value = serde_json::from_str(text).unwrap();
        assert_eq!(announcement["uri"], format!("http://{address}/credentials"));
        serving.address = address.parse().unwrap();
        announcement["authorization"].as_str().unwrap().clone_into(&mut serving.authorization);
        serving
    }

    /// Waits for a line with this part, and returns it.
    #[track_caller]
    pub(crate) fn wait_for(&self, part: &str) -> String {
        let start = Instant::now();
        loop {
            let line = self.lines.recv_timeout(PATIENCE.saturating_sub(start.elapsed()));
            assert!(line.is_ok(), "no `{part}` ({line:?}): {:#?}", self.seen.borrow());
            let line = line.unwrap();
            self.seen.borrow_mut().push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
    }

    /// What it has printed so far, as far as it was waited for.
    pub(crate) fn printed(&self) -> String {
        self.seen.borrow().join("\n")
    }

    /// How many files and connections it has open.
    #[cfg(target_os = "linux")]
    pub(crate) fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// Asks as AWS's tools do.
    pub(crate) fn ask(&self) -> Reply {
        let authorization = &self.authorization;
        self.ask_with("GET", "/credentials", &[("Authorization", authorization)]).unwrap()
    }

    /// Asks until the answer is one.
    #[track_caller]
    pub(crate) fn ask_until(&self, mut is_it: impl FnMut(&Reply) -> bool) -> Reply {
        let start = Instant::now();
        loop {
            let reply = self.ask();
            if is_it(&reply) {
                return reply;
            }
            assert!(start.elapsed() < PATIENCE, "{} {}", reply.head, reply.body);
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    /// Asks with these headers and `Host`; an error where nobody is there.
    pub(crate) fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> std::io::Result<Reply> {
        self.send(method, path, &self.address.to_string(), headers)
    }

    /// Asks with this `Host`.
    pub(crate) fn ask_of(&self, host: &str, headers: &[(&str, &str)]) -> std::io::Result<Reply> {
        self.send("GET", "/credentials", host, headers)
    }

    fn send(&self, method: &str, path: &str, host: &str, headers: &[(&str, &str)]) -> std::io::Result<Reply> {
        let mut stream = TcpStream::connect(self.address)?;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(format!("{request}\r\n").as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Ok(Reply { status, head: head.to_lowercase(), body: serde_json::from_str(body).unwrap_or_default() })
    }

    /// Announces another endpoint in its place, with the same authorization.
    pub(crate) fn replaced_by(&self, job: &Job, answer: Planned) -> ContainerEndpoint {
        let endpoint = ContainerEndpoint::start(vec![answer]);
        let port = |port: u16| format!(":{port}/");
        for (path, text) in announcements(job) {
            write(&path, &text.replace(&port(self.address.port()), &port(endpoint.port)));
        }
        endpoint
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ends_with(&mut self, status: i32) {
        let start = Instant::now();
        let ended = loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                break ended;
            }
            assert!(start.elapsed() < PATIENCE, "goes on: {}", self.printed());
            std::thread::park_timeout(Duration::from_millis(20));
        };
        let rest: Vec<String> = self.lines.iter().collect();
        self.seen.borrow_mut().extend(rest);
        assert_eq!(ended.code(), Some(status), "{}", self.printed());
    }

    /// Sends it this signal, and waits for its end by it.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn ends_by(&mut self, signal: rustix::process::Signal) {
        use std::os::unix::process::ExitStatusExt;
        let process = rustix::process::Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        rustix::process::kill_process(process, signal).unwrap();
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_secs(5), "goes on after {signal:?}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
        assert_eq!(self.child.wait().unwrap().signal(), Some(signal.as_raw()));
    }

    /// Ends it, and searches what it has printed.
    pub(crate) fn stop(mut self, job: &Job) -> String {
        let _ = self.child.kill();
        self.child.wait().unwrap();
        let rest: Vec<String> = self.lines.iter().collect();
        self.seen.borrow_mut().extend(rest);
        let printed = self.printed();
        job.assert_no_secret_in(&[("stderr", printed.as_bytes())]);
        let secrets = [("authorization", self.authorization.as_str())];
        assert!(find_leaks(&secrets, &[("stderr", printed.as_bytes())]).is_empty(), "{printed}");
        printed
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The announcements of the job's home: paths and texts.
pub(crate) fn announcements(job: &Job) -> Vec<(PathBuf, String)> {
    let Ok(entries) = std::fs::read_dir(job.path("home/.aws/circleci-aws-oidc")) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "endpoint"));
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}
