//! The way to STS, looked at and walked: which route it is, how far it leads, and that nothing is posted on it.

use std::io::{Read, Write};
use std::net::TcpListener;

use local_sts::{CertificateKind, Config};

use crate::support::proxy::Proxy;
use crate::support::{Job, Run};

/// The name in the certificate. It resolves nowhere: only a proxy knows the way.
const HOST: &str = "sts.example.test";

fn preflight(job: &Job) -> Run {
    let run = job.run(&["preflight", "--with-network", "--connect-timeout", "1s"]);
    assert_eq!(job.sts.requests().len(), 0);
    run
}

fn job() -> Job {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    job
}

/// A job whose STS has a name that only the proxy can reach.
fn behind_a_proxy() -> Job {
    let mut job = Job::with(Config { certificate: CertificateKind::WrongName, ..Config::default() });
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://{HOST}/")).set("AWS_REGION", "eu-west-1");
    job
}

fn loopback(job: &Job) -> String {
    job.sts.endpoint().trim_start_matches("https://").trim_end_matches('/').to_owned()
}

/// The stretches that were walked: level and name, in order.
fn stretches(run: &Run) -> Vec<(&str, &str)> {
    const NAMES: [&str; 5] = ["dns", "tcp", "proxy-tls", "proxy", "tls"];
    let timed = run.stdout.lines().filter(|line| line.contains(" ms"));
    timed
        .map(|line| {
            let (level, rest) = line.split_at(8);
            let name = NAMES.into_iter().find(|name| rest.starts_with(&format!("{name:16}")));
            (level.trim_end(), name.unwrap_or("another"))
        })
        .collect()
}

#[track_caller]
fn assert_says(run: &Run, words: &str) {
    assert!(run.stdout.contains(words), "`{words}` is not in:\n{}", run.stdout);
}

#[test]
fn straight_to_sts_each_stretch_is_timed() {
    let job = job();
    let run = preflight(&job);
    assert_eq!(stretches(&run), [("ok", "dns"), ("ok", "tcp"), ("ok", "tls")], "{}", run.stdout);
    assert_says(&run, &format!("connected to {} (", loopback(&job)));
    assert_says(&run, "TLS 1.3, the certificate is valid for 127.0.0.1 (");
    run.expect(0, "no problems, 3 notes, 18 ok\n");
}

#[test]
fn the_variable_of_the_switch_counts_too() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_WITH_NETWORK", "0");
    assert_eq!(stretches(&job.run(&["preflight"])), []);
    job.set("CIRCLECI_AWS_OIDC_WITH_NETWORK", "1");
    assert_eq!(stretches(&job.run(&["preflight"])).len(), 3);
}

#[test]
fn an_authority_that_nobody_knows_is_a_problem_of_tls() {
    let mut job = job();
    job.unset("AWS_CA_BUNDLE");
    let run = preflight(&job);
    assert_eq!(stretches(&run), [("ok", "dns"), ("ok", "tcp"), ("problem", "tls")], "{}", run.stdout);
    assert_says(
        &run,
        "its certificate is not trusted: its issuer is not a known certificate authority; if a proxy",
    );
    assert_says(&run, "name the CA's PEM file with `--ca-bundle`");
    run.expect(8, "result: 1 problem, ");
}

#[test]
fn a_port_that_nobody_listens_on_is_a_problem_of_tcp() {
    let mut job = job();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://{closed}"));
    let run = preflight(&job);
    assert_eq!(stretches(&run), [("ok", "dns"), ("problem", "tcp")], "{}", run.stdout);
    assert_says(&run, "requests go there directly, because no proxy is set");
}

#[test]
fn a_name_that_is_none_is_a_problem_of_dns() {
    let mut job = job();
    job.set("AWS_ENDPOINT_URL_STS", "https://nowhere.invalid");
    let run = preflight(&job);
    assert_eq!(stretches(&run), [("problem", "dns")], "{}", run.stdout);
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_beyond_the_limit() {
    let mut job = job();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://{}", silent.local_addr().unwrap()));
    let run = preflight(&job);
    assert_eq!(stretches(&run), [("ok", "dns"), ("ok", "tcp"), ("problem", "tls")], "{}", run.stdout);
    assert_says(&run, " ms: no response within 1 s; check that this job may reach");
}

#[test]
fn through_a_proxy_its_password_is_sent_and_not_shown() {
    let mut job = behind_a_proxy();
    let proxy = Proxy::start("200 OK", &loopback(&job));
    job.set("HTTPS_PROXY", &format!("http://someone:hunter2hunter2@{}", proxy.address));
    let run = preflight(&job);
    let walked = [("ok", "dns"), ("ok", "tcp"), ("ok", "proxy"), ("ok", "tls")];
    assert_eq!(stretches(&run), walked, "{}", run.stdout);
    assert_says(&run, &format!("through http://{} (HTTPS_PROXY)", proxy.address));
    assert!(proxy.heads()[0].starts_with(&format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n")));
    // RFC 7617: someone:hunter2hunter2.
    assert!(proxy.heads()[0].contains("Proxy-Authorization: Basic c29tZW9uZTpodW50ZXIyaHVudGVyMg==\r\n"));
    assert!(!run.stdout.contains("hunter2") && !run.stdout.contains("c29tZW9u"), "{}", run.stdout);
}

#[test]
fn a_proxy_that_refuses_says_why() {
    for (answer, words) in [
        ("403 Forbidden", "the proxy responded with `HTTP/1.1 403 Forbidden`"),
        ("407 Proxy Authentication Required", "requires a user and a password in its URL (407)"),
    ] {
        let mut job = behind_a_proxy();
        let proxy = Proxy::start(answer, &loopback(&job));
        job.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
        let run = preflight(&job);
        assert_eq!(stretches(&run), [("ok", "dns"), ("ok", "tcp"), ("problem", "proxy")], "{}", run.stdout);
        assert_says(&run, words);
        assert_says(&run, "requests go through the proxy in HTTPS_PROXY");
    }
}

#[test]
fn a_proxy_that_talks_without_end_is_left() {
    let mut job = behind_a_proxy();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    job.set("HTTPS_PROXY", &listener.local_addr().unwrap().to_string());
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let _ = client.read(&mut [0; 512]);
        while client.write_all(&[b'x'; 4096]).is_ok() {}
    });
    assert_says(&preflight(&job), "the head of the proxy's response has no end");
}

#[test]
fn a_proxy_of_https_is_spoken_to_over_tls() {
    // Another STS plays the proxy: it speaks TLS, and takes no CONNECT.
    let (mut job, other) = (behind_a_proxy(), Job::new());
    let both = [job.read("ca.pem"), other.read("ca.pem")].concat();
    job.write("ca.pem", &both);
    job.set("HTTPS_PROXY", other.sts.endpoint());
    let run = preflight(&job);
    let walked = [("ok", "dns"), ("ok", "tcp"), ("ok", "proxy-tls"), ("problem", "proxy")];
    assert_eq!(stretches(&run), walked, "{}", run.stdout);
}

#[test]
fn the_route_is_told_without_walking_it() {
    for (proxy, except, level, words) in [
        (
            "http://proxy.test:3128",
            "",
            "note",
            "the token goes through http://proxy.test:3128 (HTTPS_PROXY), encrypted",
        ),
        ("proxy.test", "", "note", "the token goes through http://proxy.test:80 (HTTPS_PROXY), encrypted"),
        (
            "https://u:p@[::1]",
            "",
            "note",
            "the token goes through https://[::1]:443 (HTTPS_PROXY), encrypted",
        ),
        (
            "http://proxy.test",
            "amazonaws.com",
            "ok",
            "not that of HTTPS_PROXY: NO_PROXY names the endpoint's host",
        ),
        (
            "http://proxy.test",
            "other.test",
            "note",
            "the token goes through http://proxy.test:80 (HTTPS_PROXY), encrypted",
        ),
        (
            "socks5://hunter2@proxy.test",
            "",
            "problem",
            "HTTPS_PROXY is not the URL of an http or https proxy",
        ),
        ("http://a b:hunter2", "", "problem", "HTTPS_PROXY is not the URL of an http or https proxy"),
    ] {
        let mut job = job();
        job.unset("AWS_ENDPOINT_URL_STS").set("HTTPS_PROXY", proxy).set("NO_PROXY", except);
        let run = job.run(&["preflight"]);
        assert_says(&run, &format!("{level:8}{:16}{words}", "proxy"));
        assert!(!run.stdout.contains("hunter2"), "{}", run.stdout);
    }
}
