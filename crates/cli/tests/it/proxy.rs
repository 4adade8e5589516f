//! The way through a proxy: which variable counts, which hosts go past it, and that its password stays hidden.

use local_sts::{CertificateKind, Config};

use crate::support::Job;
use crate::support::proxy::Proxy;

/// The name in the certificate. It resolves nowhere: only a proxy knows the way.
const HOST: &str = "sts.example.test";

/// A job whose STS has a name that only the proxy can reach.
fn job() -> Job {
    let mut job = Job::with(Config { certificate: CertificateKind::WrongName, ..Config::default() });
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://{HOST}/"));
    job
}

fn loopback(job: &Job) -> String {
    job.sts.endpoint().trim_start_matches("https://").to_owned()
}

#[test]
fn the_exchange_goes_through_the_proxy_of_either_spelling() {
    for variable in ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        let mut job = job();
        let proxy = Proxy::start("200 OK", &loopback(&job));
        job.set(variable, &format!("http://{}", proxy.address));
        job.assume(&[]).succeeds();
        assert!(
            proxy.heads()[0].starts_with(&format!("CONNECT {HOST}:443 HTTP/1.1\r\n")),
            "{:?}",
            proxy.heads()
        );
        assert_eq!(job.sts.requests().len(), 1);
    }
}

#[test]
fn a_proxy_without_a_scheme_is_an_http_one() {
    let mut job = job();
    let proxy = Proxy::start("200 OK", &loopback(&job));
    job.set("HTTPS_PROXY", &proxy.address);
    job.assume(&[]).succeeds();
}

#[test]
fn a_proxys_password_is_sent_to_it_and_shown_to_nobody() {
    for answer in ["200 OK", "407 Proxy Authentication Required"] {
        let mut job = job();
        let proxy = Proxy::start(answer, &loopback(&job));
        job.set("HTTPS_PROXY", &format!("http://someone:hunter2hunter2@{}", proxy.address));
        let run = job.assume(&["--max-attempts", "1"]);
        run.expect(if answer.starts_with("200") { 0 } else { 5 }, "");
        // RFC 7617: someone:hunter2hunter2.
        assert!(proxy.heads()[0].contains("c29tZW9uZTpodW50ZXIyaHVudGVyMg=="), "{:?}", proxy.heads());
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn a_proxy_that_refuses_is_named_by_its_variable() {
    let mut job = job();
    let proxy = Proxy::start("403 Forbidden", &loopback(&job));
    job.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    job.assume(&["--max-attempts", "1"])
        .expect(5, &format!("STS was not reached at `{HOST}` through the proxy in HTTPS_PROXY"))
        .expect(5, "requests go through the proxy in HTTPS_PROXY");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn hosts_of_no_proxy_go_past_it() {
    for list in [HOST, "example.test", ".example.test", "other, sts.example.test", "*"] {
        let mut job = job();
        let proxy = Proxy::start("200 OK", &loopback(&job));
        job.set("HTTPS_PROXY", &format!("http://{}", proxy.address)).set("NO_PROXY", list);
        job.assume(&["--max-attempts", "1"]).expect(5, "no connection: ");
        assert_eq!(proxy.heads(), Vec::<String>::new(), "{list}");
    }
}

#[test]
fn this_machine_is_never_asked_through_a_proxy() {
    let mut job = Job::new();
    let proxy = Proxy::start("200 OK", "127.0.0.1:9");
    job.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    job.assume(&[]).succeeds();
    assert_eq!(proxy.heads(), Vec::<String>::new());
}
