//! STS is not reached: the first cause and the hint are those of what keeps the connection from being made.

use std::net::TcpListener;

use super::{Cause, Words, assert_first};
use crate::support::Job;
use crate::support::proxy::Proxy;

const ONCE: [&str; 4] = ["--max-attempts", "1", "--region", "eu-west-1"];

/// An address at which nothing listens.
fn closed() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn an_endpoint_that_is_not_reached_has_the_cause_that_the_route_shows() {
    // A proxy that finds no such host: what it says when there is none.
    let mut proxied = Job::new();
    let proxy = Proxy::start("502 Bad Gateway", "127.0.0.1:9");
    proxied.unset("AWS_ENDPOINT_URL_STS").set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    assert_first(&proxied, &ONCE, 5, Cause("proxy-blocks"));
    proxied.set("AWS_USE_FIPS_ENDPOINT", "true");
    assert_first(&proxied, &ONCE, 5, Cause("fips-host-missing"));
    proxied.assume(&["--max-attempts", "1", "--region", "us-east-1"]).expect(5, "(proxy-blocks)");
    let china = Job::new();
    let words = "the role is in partition `aws`, the Region `cn-north-1`";
    assert_first(&china, &["--region", "cn-north-1"], 2, Words(words));
}

#[test]
fn a_host_that_is_not_reached_has_the_hint_of_its_obstacle() {
    let closed = closed();
    let directly = "requests go there directly, because no proxy is set";
    for (endpoint, flags, cause, hint) in [
        (
            format!("https://{closed}"),
            &[][..],
            "connection-refused",
            "check the host and the port in AWS_ENDPOINT_URL_STS, and whether a firewall rejects",
        ),
        (
            "https://sts.invalid".to_owned(),
            &[],
            "name-not-found",
            "check the spelling of AWS_ENDPOINT_URL_STS, and that this job's DNS knows `sts.invalid`: ",
        ),
        (
            "https://ignored.invalid".to_owned(),
            &["--sts-endpoint", "https://sts.invalid"],
            "name-not-found",
            "check the spelling of `--sts-endpoint`, and ",
        ),
    ] {
        let mut job = Job::new();
        job.set("AWS_ENDPOINT_URL_STS", &endpoint);
        let flags = [&ONCE, flags].concat();
        assert_first(&job, &flags, 5, Cause(cause));
        job.assume(&flags).expect(5, hint).expect(5, directly);
    }
}

#[test]
fn a_proxy_that_is_not_reached_is_shown_with_its_variable_and_without_its_password() {
    let closed = closed();
    for (host, cause, hint) in [
        (&*closed, "proxy-refuses", "check that the proxy in HTTPS_PROXY, `http://HOST`, runs, and its port"),
        (
            "proxy.invalid:3128",
            "proxy-not-found",
            "check the spelling of the proxy in HTTPS_PROXY, `http://HOST`, and that this job's DNS knows its host",
        ),
    ] {
        let mut job = Job::new();
        job.unset("AWS_ENDPOINT_URL_STS").set("HTTPS_PROXY", &format!("http://user:hunter2@{host}"));
        assert_first(&job, &ONCE, 5, Cause(cause));
        let run = job.assume(&ONCE);
        run.expect(5, &hint.replace("HOST", host));
        assert!(!run.stderr.contains("hunter2") && !run.stderr.contains("user:"), "{}", run.stderr);
    }
}

#[test]
fn a_host_of_no_proxy_is_not_said_to_be_behind_the_proxy() {
    let mut job = Job::new();
    job.set("AWS_ENDPOINT_URL_STS", "https://sts.invalid")
        .set("HTTPS_PROXY", "http://127.0.0.1:9")
        .set("NO_PROXY", ".invalid");
    job.assume(&ONCE)
        .expect(5, "(name-not-found)")
        .expect(5, "directly, because NO_PROXY names the host, not through the proxy in HTTPS_PROXY");
}

/// Without a file descriptor for a socket, nothing is known about the network.
#[cfg(unix)]
#[test]
fn too_many_open_files_are_not_a_network_without_a_route() {
    let job = Job::new();
    let mut full = 0;
    for limit in 4..24 {
        let run = job.bash(&format!(
            "ulimit -n {limit}; exec {} assume --to json --max-attempts 1 >/dev/null",
            env!("CARGO_BIN_EXE_circleci-aws-oidc")
        ));
        if run.stderr.contains("no connection: ") {
            full += 1;
            run.expect(5, "hint: raise `ulimit -n` in the shell that starts this process");
            assert!(!run.stderr.contains("likely: "), "{limit}: {}", run.stderr);
        }
    }
    assert!(full > 0, "no limit has stopped the run at its socket");
}
