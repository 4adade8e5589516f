//! Answers that STS would not give, servers that it is not: each ends in its exit code, says what came, and
//! leaves every destination as it was.

use local_sts::{CertificateKind, Config, Fault, HOSTILE_SESSION_TOKEN};

use crate::support::{Job, next_step};

/// Runs once, with a `BASH_ENV` that other orbs have written to.
#[track_caller]
fn fails(name: &str, job: &Job, requests: usize, said: &[&str]) {
    let before = "export OTHER=1\n";
    job.write("bash_env", before);
    let run = job.assume(&["--max-attempts", "1"]);
    assert_eq!(run.status, 5, "{name}:\n{}", run.stderr);
    for part in said {
        assert!(run.stderr.contains(part), "{name}: `{part}` is not in:\n{}", run.stderr);
    }
    assert_eq!(job.sts.requests().len(), requests, "{name}:\n{}", run.stderr);
    assert_eq!(job.read("bash_env"), before, "{name}");
}

#[test]
fn an_answer_that_sts_would_not_give_ends_the_run() {
    let rows: [(&str, Fault, &[&str]); 7] = [
        ("truncated_xml", Fault::TruncatedXml, &["the response stops in the middle of its XML (HTTP 200, "]),
        (
            "html",
            Fault::Html,
            &[
                "the response is not from STS (HTTP 200, text/html",
                "hint: check which server responds at `https://127.0.0.1:",
            ],
        ),
        (
            "a_proxys_error_page",
            Fault::BadGatewayHtml,
            &["the response is not from STS (HTTP 502, text/html"],
        ),
        (
            "ten_megabytes",
            Fault::Huge,
            &["the response is larger than 1048576 bytes", "hint: check which server responds at `https://"],
        ),
        (
            "an_empty_redirect_is_not_followed",
            Fault::Redirect,
            &["responded with a redirect (HTTP 302), which is not followed"],
        ),
        ("an_empty_answer", Fault::Empty, &["the response is not from STS (HTTP 200, empty)"]),
        (
            "a_reset_in_the_body",
            Fault::ResetInBody,
            &["the connection broke: ", "hint: check which server responds at `https://"],
        ),
    ];
    for (name, fault, said) in rows {
        fails(name, &Job::with_fault(fault, None), 1, said);
    }
}

#[test]
fn a_certificate_that_does_not_verify_ends_the_run_before_a_request() {
    let rows: [(&str, CertificateKind, &[&str]); 3] = [
        (
            "a_certificate_for_another_host",
            CertificateKind::WrongName,
            &[
                "its certificate is not valid for `127.0.0.1`: it is trusted, but for `sts.example.test` only",
                "hint: check the host in AWS_ENDPOINT_URL_STS, and which server responds at `127.0.0.1:",
            ],
        ),
        (
            "an_expired_certificate",
            CertificateKind::Expired,
            &[
                "Z, this machine's time: it expired at 2020-01-31T00:00:00Z",
                "hint: check this machine's clock; if it is right, the certificate of the server at `127.0.0.1:",
            ],
        ),
        (
            "a_certificate_of_an_unknown_authority",
            CertificateKind::OtherAuthority,
            &["its certificate is not trusted: ", "`--ca-bundle` or AWS_CA_BUNDLE"],
        ),
    ];
    for (name, certificate, said) in rows {
        let job = Job::with(Config { certificate, ..Config::default() });
        fails(name, &job, 0, said);
        // A CA bundle helps only where trust is missing.
        let is_trust = certificate == CertificateKind::OtherAuthority;
        assert_eq!(job.assume(&[]).stderr.contains("`--ca-bundle`"), is_trust, "{name}");
    }
}

#[test]
fn certificate_faults_are_not_asked_again() {
    let job = Job::with(Config { certificate: CertificateKind::Expired, ..Config::default() });
    let run = job.assume(&["--max-attempts", "5"]);
    run.expect(5, "its certificate is not valid at ");
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
    fails("not TLS", &job, 0, &["no TLS connection: "]);
}

#[test]
fn nobody_there() {
    let mut job = Job::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://127.0.0.1:{port}"));
    fails("no server", &job, 0, &["no connection: ", "refused", "hint: check the host and the port in"]);
}

#[test]
fn credentials_that_could_run_code_are_refused_by_every_destination() {
    for destination in ["bash-env", "profile:prod", "dotenv:out.env", "json", "shell", "fish", "powershell"] {
        let job = Job::with_fault(Fault::HostileCredentials, None);
        let run = job.assume(&["--to", destination]);
        run.expect(6, "the value for `AWS_SESSION_TOKEN` holds a line break or another control character");
        assert!(!run.stderr.contains(HOSTILE_SESSION_TOKEN), "{}", run.stderr);
        assert_eq!(run.stdout, "");
        assert_eq!(job.read("bash_env") + &job.read("out.env") + &job.read("home/.aws/credentials"), "");
        assert_eq!(next_step(&job, &[], "ls"), "ca.pem\nhome\n", "{destination}");
    }
}

/// AWS asks that this part of a response is not logged. `Job` searches for it in what is printed.
#[test]
fn what_sts_tells_of_a_person_is_neither_printed_nor_written() {
    for flags in [&["--verify"][..], &["--details"], &["--to", "dotenv:out.env", "--to", "profile:prod"]] {
        let job = Job::with_fault(Fault::PropagatedIdentity, None);
        job.assume(flags).expect(0, "");
        let files = ["bash_env", "out.env", "home/.aws/credentials", "home/.aws/config"];
        let texts = files.map(|name| job.read(name));
        assert!(texts.iter().any(|text| text.contains("ASIA")), "{flags:?}");
        for person in [local_sts::PROPAGATED_SUBJECT, local_sts::PROPAGATED_CLAIM] {
            assert!(!texts.iter().any(|text| text.contains(person)), "{flags:?}");
        }
    }
    let job = Job::with_fault(Fault::PropagatedIdentity, None);
    let printed = job.assume(&["--to", "json"]);
    assert!(printed.stdout.contains("ASIA"), "{}", printed.stderr);
    assert!(!printed.stdout.contains(local_sts::PROPAGATED_SUBJECT), "{}", printed.stdout);
}
