//! Answers that STS would not give, servers that it is not: each ends in its exit code, says what came, and
//! leaves every destination as it was.

mod support;

use local_sts::{CertificateKind, Config, Fault, HOSTILE_SESSION_TOKEN};
use support::{Job, next_step};

/// Runs once, with a `BASH_ENV` that other orbs have written to.
#[track_caller]
fn fails(job: &Job, requests: usize, said: &[&str]) {
    let before = "export OTHER=1\n";
    job.write("bash_env", before);
    let run = job.assume(&["--max-attempts", "1"]);
    for part in said {
        run.expect(5, part);
    }
    assert_eq!(job.sts.requests().len(), requests, "{}", run.stderr);
    assert_eq!(job.read("bash_env"), before);
}

#[test]
fn truncated_xml() {
    fails(
        &Job::with_fault(Fault::TruncatedXml, None),
        1,
        &["the response stops in the middle of its XML (HTTP 200, "],
    );
}

#[test]
fn html() {
    let job = Job::with_fault(Fault::Html, None);
    fails(
        &job,
        1,
        &["the response is not from STS (HTTP 200, text/html", "hint: ask who answers at `https://127.0.0.1:"],
    );
}

#[test]
fn a_proxys_error_page() {
    fails(
        &Job::with_fault(Fault::BadGatewayHtml, None),
        1,
        &["the response is not from STS (HTTP 502, text/html"],
    );
}

#[test]
fn ten_megabytes() {
    fails(&Job::with_fault(Fault::Huge, None), 1, &["the answer is larger than 1048576 bytes"]);
}

#[test]
fn an_empty_redirect_is_not_followed() {
    fails(
        &Job::with_fault(Fault::Redirect, None),
        1,
        &["responded with a redirect (HTTP 302), which is not followed"],
    );
}

#[test]
fn an_empty_answer() {
    fails(&Job::with_fault(Fault::Empty, None), 1, &["the response is not from STS (HTTP 200, empty)"]);
}

#[test]
fn a_reset_in_the_body() {
    fails(&Job::with_fault(Fault::ResetInBody, None), 1, &["the connection broke: "]);
}

#[test]
fn a_certificate_for_another_host() {
    let job = Job::with(Config { certificate: CertificateKind::WrongName, ..Config::default() });
    fails(
        &job,
        0,
        &["its certificate is not trusted: ", "not valid for name", "`--ca-bundle` or AWS_CA_BUNDLE"],
    );
}

#[test]
fn an_expired_certificate() {
    let job = Job::with(Config { certificate: CertificateKind::Expired, ..Config::default() });
    fails(&job, 0, &["its certificate is not trusted: ", "expired"]);
}

#[test]
fn a_certificate_of_an_unknown_authority() {
    let job = Job::with(Config { certificate: CertificateKind::OtherAuthority, ..Config::default() });
    fails(&job, 0, &["its certificate is not trusted: "]);
}

#[test]
fn certificate_faults_are_not_asked_again() {
    let job = Job::with(Config { certificate: CertificateKind::Expired, ..Config::default() });
    let run = job.assume(&["--max-attempts", "5"]);
    run.expect(5, "its certificate is not trusted");
    assert!(!run.stderr.contains("attempt 1"), "{}", run.stderr);
}

#[test]
fn something_that_does_not_speak_tls() {
    let mut job = Job::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        use std::io::Write;
        for stream in listener.incoming() {
            let _ = stream.and_then(|mut stream| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
        }
    });
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://127.0.0.1:{port}"));
    fails(&job, 0, &["no TLS connection: "]);
}

#[test]
fn nobody_there() {
    let mut job = Job::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://127.0.0.1:{port}"));
    fails(&job, 0, &["no connection: ", "refused", "hint: check that this job may reach"]);
}

#[test]
fn credentials_that_could_run_code_are_refused_by_every_destination() {
    for destination in ["bash-env", "profile:prod", "dotenv:out.env", "json", "shell"] {
        let job = Job::with_fault(Fault::HostileCredentials, None);
        let run = job.assume(&["--to", destination]);
        run.expect(6, "the value for `AWS_SESSION_TOKEN` holds a line break or another control character");
        assert!(!run.stderr.contains(HOSTILE_SESSION_TOKEN), "{}", run.stderr);
        assert_eq!(run.stdout, "");
        assert_eq!(job.read("bash_env") + &job.read("out.env") + &job.read("home/.aws/credentials"), "");
        assert_eq!(next_step(&job, &[], "ls"), "ca.pem\nhome\n", "{destination}");
    }
}
