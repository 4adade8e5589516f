//! The way through a proxy: which variable counts, which hosts go past it, and that its password stays hidden.

use local_sts::{CertificateKind, Config};

use crate::support::proxy::Proxy;
use crate::support::{Job, ROLE};

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
fn a_proxy_that_denies_is_asked_once_and_its_words_are_told() {
    for (answer, login, words) in [
        ("407 Proxy Authentication Required", "", "it requires a user and a password in its URL (407)"),
        (
            "407 Proxy Authentication Required",
            "u:hunter2@",
            "it refuses the user and the password in its URL (407)",
        ),
        ("401 Unauthorized", "", "it requires a user and a password in its URL (401)"),
        ("403 Forbidden", "", "ask the proxy's owner to allow CONNECT to `sts.example.test:443`"),
        ("404 Not Found", "", "the proxy responded with `HTTP/1.1 404 Not Found`"),
    ] {
        let mut job = job();
        let proxy = Proxy::start(answer, &loopback(&job));
        job.set("HTTPS_PROXY", &format!("http://{login}{}", proxy.address));
        let run = job.assume(&[]);
        run.expect(5, &format!("the proxy responded with `HTTP/1.1 {answer}`")).expect(5, words);
        assert_eq!(proxy.heads().len(), 1, "{answer}: {}", run.stderr);
        let roles = (0..100).map(|at| format!("[profile p{at}]\nrole_arn = {ROLE}\n"));
        job.write("roles.ini", &roles.collect::<String>());
        job.run(&["profiles", "--config-file", "roles.ini"]).expect(5, words);
        assert_eq!(proxy.heads().len(), 2, "one more for 100 profiles");
    }
}

#[test]
fn a_proxy_that_cannot_connect_for_now_is_asked_again() {
    let mut job = job();
    let proxy = Proxy::start("503 Service Unavailable", &loopback(&job));
    job.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    job.assume(&["--max-attempts", "2"])
        .expect(5, "HTTP/1.1 503 Service Unavailable")
        .expect(5, "2 attempts");
    assert_eq!(proxy.heads().len(), 2);
}

#[test]
fn assume_and_preflight_send_the_same_connect() {
    let mut job = job();
    job.set("AWS_REGION", "eu-west-1");
    let proxy = Proxy::start("200 OK", &loopback(&job));
    job.set("HTTPS_PROXY", &format!("http://someone:hunter2hunter2@{}", proxy.address));
    job.assume(&[]).succeeds();
    job.run(&["preflight", "--with-network"]).succeeds();
    let connect = format!(
        "CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\nProxy-Authorization: Basic \
         c29tZW9uZTpodW50ZXIyaHVudGVyMg==\r\n\r\n"
    );
    for head in proxy.heads() {
        assert_eq!(head, connect);
    }
}

#[test]
fn a_proxy_that_is_asked_for_and_cannot_be_used_ends_the_run() {
    for url in
        ["socks5://127.0.0.1:1080", "socks5h://127.0.0.1:1080", "http://127.0.0.1:99999", "http://:3128"]
    {
        let mut job = job();
        job.set("HTTPS_PROXY", url);
        job.assume(&[])
            .expect(2, "error: the proxy in `HTTPS_PROXY` is not a URL like `http://proxy.example:3128`");
        job.set("AWS_REGION", "eu-west-1");
        let run = job.run(&["preflight"]);
        assert!(run.stdout.contains("problem proxy"), "{url}: {}", run.stdout);
    }
}

#[test]
fn a_socks_proxy_for_all_programs_is_not_used_and_that_is_said() {
    for name in ["ALL_PROXY", "all_proxy"] {
        let mut job = job();
        job.set(name, "socks5h://127.0.0.1:1080").set("AWS_REGION", "eu-west-1");
        let note = format!("{name} names a SOCKS proxy, which AWS tools do not use: STS is called directly");
        job.assume(&["--max-attempts", "1"]).expect(5, &format!("note: {note}\n"));
        let run = job.run(&["preflight"]);
        assert!(run.stdout.contains(&format!("note    proxy           {note}\n")), "{}", run.stdout);
    }
}

#[test]
fn a_star_in_no_proxy_covers_addresses_too() {
    let mut job = job();
    let proxy = Proxy::start("403 Forbidden", "127.0.0.1:9");
    job.set("HTTPS_PROXY", &format!("http://{}", proxy.address)).set("NO_PROXY", "*");
    for endpoint in ["https://192.0.2.1", "https://[2001:db8::1]", "https://sts.invalid"] {
        job.set("AWS_ENDPOINT_URL_STS", endpoint);
        job.assume(&["--max-attempts", "1", "--connect-timeout", "1s", "--deadline", "2s"]).expect(5, "");
    }
    assert_eq!(proxy.heads(), Vec::<String>::new());
}

#[test]
fn an_entry_of_no_proxy_that_matches_nothing_is_said() {
    for (list, entry) in [
        ("*.example.test", "*.example.test"),
        ("a, sts.example.test:443", "sts.example.test:443"),
        ("localhost example.test", "localhost example.test"),
        ("https://sts.example.test", "https://sts.example.test"),
        ("10.0.0.0/8, 10.0.0.0/33", "10.0.0.0/33"),
        ("example.test/", "example.test/"),
        ("[::1], fd00::/8", "[::1]"),
        ("sts.example.test.", "sts.example.test."),
    ] {
        let mut job = job();
        let proxy = Proxy::start("200 OK", &loopback(&job));
        job.set("HTTPS_PROXY", &format!("http://{}", proxy.address)).set("NO_PROXY", list);
        let run = job.assume(&[]);
        run.expect(0, &format!("note: `{entry}` in NO_PROXY matches no host; "));
        assert_eq!(run.stderr.matches("matches no host").count(), 1, "{}", run.stderr);
        job.unset("HTTPS_PROXY");
        assert!(!job.assume(&["--max-attempts", "1"]).stderr.contains("in NO_PROXY"));
    }
}

#[test]
fn a_proxy_that_ends_lines_with_lf_alone_is_understood() {
    for answer in ["HTTP/1.1 200 OK\n\n", "HTTP/1.1 403 Forbidden\nX: y\n\n"] {
        let mut job = job();
        job.set("AWS_REGION", "eu-west-1");
        let proxy = Proxy::start_raw(answer, &loopback(&job));
        job.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
        let (status, problems) = if answer.contains("200") { (0, 0) } else { (5, 8) };
        job.assume(&[]).expect(status, "");
        job.run(&["preflight", "--with-network"]).expect(problems, "");
    }
}

#[test]
fn tls_to_a_proxy_that_speaks_none_names_the_proxy_and_the_scheme() {
    let mut job = job();
    job.set("AWS_REGION", "eu-west-1");
    for answer in ["HTTP/1.1 400 Bad Request\r\n\r\n", ""] {
        let proxy = Proxy::start_raw(answer, &loopback(&job));
        job.set("HTTPS_PROXY", &format!("https://{}", proxy.address));
        let run = job.assume(&[]);
        run.expect(5, "no TLS connection to the proxy: ")
            .expect(5, "write `http://` in HTTPS_PROXY if the proxy itself speaks no TLS");
        assert_eq!(proxy.heads().len(), 1, "{}", run.stderr);
        let run = job.run(&["preflight", "--with-network"]);
        assert!(run.stdout.contains(" ms: no TLS connection to the proxy: "), "{}", run.stdout);
    }
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    job.set("HTTPS_PROXY", &format!("https://{}", silent.local_addr().unwrap()));
    job.assume(&["--connect-timeout", "1s"])
        .expect(5, "no TLS connection to the proxy: no response within 1 s");
    let other = Job::new();
    job.set("HTTPS_PROXY", other.sts.endpoint());
    job.assume(&[]).expect(5, "no TLS connection to the proxy: its certificate is not trusted: ");
}

#[test]
fn a_proxys_certificate_that_a_ca_bundle_cannot_mend_has_another_hint() {
    for (certificate, words, hint) in [
        (
            CertificateKind::WrongName,
            "for `127.0.0.1`: it is trusted, but for `sts.example.test` only",
            "write the proxy's host in HTTPS_PROXY as its certificate names it",
        ),
        (
            CertificateKind::Expired,
            "at 20",
            "check this machine's clock; if it is right, the certificate of the proxy in HTTPS_PROXY has to be replaced",
        ),
    ] {
        let mut job = job();
        let other = Job::with(Config { certificate, ..Config::default() });
        job.set("HTTPS_PROXY", other.sts.endpoint()).set("AWS_CA_BUNDLE", &other.text("ca.pem"));
        job.assume(&[])
            .expect(5, &format!("no TLS connection to the proxy: its certificate is not valid {words}"))
            .expect(5, &format!("\n  hint: {hint}\n"));
    }
}

#[test]
fn a_proxy_that_speaks_tls_only_is_named_with_the_scheme_that_it_needs() {
    let mut job = job();
    job.set("AWS_REGION", "eu-west-1");
    let hint = "hint: write `https://` in HTTPS_PROXY if the proxy itself speaks TLS";
    // Servers of TLS respond to HTTP with an alert, with HTTP, or not at all.
    let other = Job::new();
    job.set("HTTPS_PROXY", &other.sts.endpoint().replace("https://", "http://"));
    job.assume(&[]).expect(5, "the proxy responded with TLS, not with HTTP").expect(5, hint);
    let run = job.run(&["preflight", "--with-network"]);
    assert!(run.stdout.contains("the proxy responded with TLS, not with HTTP"), "{}", run.stdout);
    for (answer, words, requests) in [
        ("HTTP/1.0 400 Bad Request\r\n\r\n", "the proxy responded with `HTTP/1.0 400 Bad Request`", 1),
        ("", "the proxy closed the connection without a complete response", 2),
    ] {
        let proxy = Proxy::start_raw(answer, &loopback(&job));
        job.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
        job.assume(&["--max-attempts", "2"]).expect(5, words).expect(5, hint);
        assert_eq!(proxy.heads().len(), requests, "{answer}");
    }
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
