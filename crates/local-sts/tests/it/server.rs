//! The server besides its responses: what it records, which certificate it presents, when it stops.

use std::{
    fs::File,
    io::{ErrorKind, Read as _},
    net::TcpStream,
    time::Duration,
};

use local_sts::{CertificateKind, Config, LocalSts, Role, StartError};

use crate::client::{ROLE, form, policy, post, send, server};

#[test]
fn every_call_is_recorded_as_it_came() {
    let server = server(&[]);
    let body = form(&server, &[("DurationSeconds", Some("900")), ("Extra", Some("a b&c"))]);
    post(&server, &body).unwrap();
    send(&server, "GET", "/elsewhere?Action=GetCallerIdentity", &[("X-Test", "1")], b"").unwrap();
    let requests = server.requests();
    let [exchange, other] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!((exchange.method.as_str(), exchange.path.as_str()), ("POST", "/"));
    assert_eq!(exchange.action.as_deref(), Some("AssumeRoleWithWebIdentity"));
    let names: Vec<&str> = exchange.form.iter().map(|(name, _)| name.as_str()).collect();
    let expected =
        ["Action", "Version", "RoleArn", "RoleSessionName", "WebIdentityToken", "DurationSeconds", "Extra"];
    assert_eq!(names, expected);
    assert_eq!(exchange.parameter("Extra"), Some("a b&c"));
    assert_eq!(exchange.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(
        (other.method.as_str(), other.path.as_str(), other.header("x-test")),
        ("GET", "/elsewhere", Some("1"))
    );
}

#[test]
fn the_log_has_a_line_per_call_and_no_token() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log");
    let log = Some(File::create(&path).unwrap());
    let roles = vec![Role::new(ROLE, &policy())];
    let server = LocalSts::start(Config { roles, request_log: log, ..Config::default() }).unwrap();
    for _ in 0..2 {
        post(&server, &form(&server, &[])).unwrap();
    }
    let lines = std::fs::read_to_string(&path).unwrap();
    assert_eq!(lines.lines().count(), 2);
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(line["action"], "AssumeRoleWithWebIdentity");
    let request = &server.requests()[0];
    let token = request.parameter("WebIdentityToken").unwrap();
    assert_eq!(testkit::find_leaks(&[("token", token)], &[("log", lines.as_bytes())]), []);
}

#[test]
fn a_client_that_trusts_the_authority_sees_bad_certificates() {
    let cases = [
        (CertificateKind::WrongName, "not valid for name"),
        (CertificateKind::Expired, "expired"),
        (CertificateKind::OtherAuthority, "BadSignature"),
    ];
    for (certificate, expected) in cases {
        let server = LocalSts::start(Config { certificate, ..Config::default() }).unwrap();
        let error = post(&server, "").unwrap_err().to_string();
        assert!(error.contains(expected), "{certificate:?}: {error}");
        assert!(server.requests().is_empty());
    }
}

#[test]
fn a_dropped_server_leaves_no_connection_open() {
    let server = server(&[]);
    // A successful call shows that the connection before it was accepted.
    let mut waiting = TcpStream::connect(server.endpoint().strip_prefix("https://").unwrap()).unwrap();
    post(&server, &form(&server, &[])).unwrap();
    drop(server);
    waiting.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let end = waiting.read(&mut [0]).map_err(|error| error.kind());
    assert!(matches!(end, Ok(0) | Err(ErrorKind::ConnectionReset)), "{end:?}");
}

#[test]
fn what_cannot_work_is_told_at_the_start() {
    let start = |role| LocalSts::start(Config { roles: vec![role], ..Config::default() }).err();
    let no_role = start(Role::new("arn:aws:iam::123456789012:user/a", &policy()));
    assert!(matches!(no_role, Some(StartError::Role { .. })));
    assert!(matches!(start(Role::new(ROLE, "{}")), Some(StartError::Policy { .. })));
    let running = server(&[]);
    let port = running.endpoint().rsplit(':').next().unwrap().parse().unwrap();
    let taken = LocalSts::start(Config { port, ..Config::default() }).err();
    assert!(matches!(taken, Some(StartError::Listen { .. })));
}
