//! `serve`: who gets credentials of it, and how it comes to its end.

#[cfg(unix)]
mod clients;
#[cfg(unix)]
mod mode;
mod renewal;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use local_sts::{Config, Fault, Role};
#[cfg(unix)]
use rustix::process::Signal;
use serde_json::json;

use crate::support::serving::{Serving, announcements};
use crate::support::{Job, ROLE};

type Headers<'a> = &'a [(&'a str, &'a str)];

#[test]
fn an_aws_tool_gets_the_session_in_the_shape_that_it_reads() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    let reply = serving.ask();
    let granted = &job.sts.granted()[0];
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.body,
        json!({
            "AccessKeyId": granted.access_key_id,
            "SecretAccessKey": granted.secret_access_key,
            "Token": granted.session_token,
            "Expiration": reply.body["Expiration"],
            "AccountId": "123456789012",
        })
    );
    assert!(reply.body["Expiration"].as_str().unwrap().ends_with('Z'));
    assert!(reply.head.contains("content-type: application/json"), "{}", reply.head);
    assert!(reply.head.contains("cache-control: no-store"), "{}", reply.head);
    for _ in 0..5 {
        assert_eq!(serving.ask().body, reply.body);
    }
    assert_eq!(job.sts.requests().len(), 1, "answers come from memory");
    let printed = serving.stop(&job);
    assert!(printed.contains("; these credentials are valid until 2"), "{printed}");
    let note = "note: there is no other token than that from CIRCLE_OIDC_TOKEN_V2: after it expires";
    assert!(printed.contains(note), "{printed}");
}

#[test]
fn whoever_asks_in_another_way_gets_a_reason_and_nothing_else() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    let good = ("Authorization", serving.authorization.as_str());
    let cases: [(&str, &str, Headers<'_>, u16, &str); 9] = [
        ("GET", "/credentials", &[], 401, "Unauthorized"),
        ("GET", "/credentials", &[("Authorization", "x")], 401, "Unauthorized"),
        ("GET", "/credentials", &[good, ("Origin", "https://a.example")], 403, "Forbidden"),
        ("GET", "/credentials", &[good, ("X-Forwarded-For", "10.0.0.1")], 403, "Forbidden"),
        ("GET", "/credentials", &[good, ("Host", "a.example")], 403, "Forbidden"),
        ("GET", "/", &[good], 404, "NotFound"),
        ("POST", "/credentials", &[good, ("Content-Length", "0")], 405, "MethodNotAllowed"),
        ("PUT", "/latest/api/token", &[], 401, "Unauthorized"),
        ("GET", "http://127.0.0.1:1/credentials", &[], 401, "Unauthorized"),
    ];
    for (method, path, headers, status, code) in cases {
        let reply = serving.ask_with(method, path, headers).unwrap();
        assert_eq!(
            (reply.status, &reply.body["code"]),
            (status, &json!(code)),
            "{method} {path} {headers:?}"
        );
        assert!(reply.body["message"].as_str().is_some_and(|text| !text.is_empty()), "{}", reply.body);
        job.assert_no_secret_in(&[("an answer", reply.body.to_string().as_bytes())]);
    }
    let long = "a".repeat(20_000);
    for headers in [&[good, ("X-Long", long.as_str())][..], &[("X-Many", "1"); 70][..]] {
        assert_eq!(serving.ask_with("GET", "/credentials", headers).unwrap().status, 431);
    }
    assert_eq!(serving.ask().status, 200);
    serving.stop(&job);
}

#[test]
fn a_refused_request_leaves_one_line_in_the_log() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    let good = ("Authorization", serving.authorization.as_str());
    let agent = ("User-Agent", "tool/1");
    let host_alone = ("Host", "127.0.0.1");
    assert_eq!(serving.ask_of("127.0.0.1", &[good]).unwrap().status, 200, "as AWS's C runtime asks");
    assert_eq!(
        serving.ask_with("GET", "/credentials", &[good, host_alone]).unwrap().status,
        403,
        "two names"
    );
    assert_eq!(serving.ask_of("a.example", &[good, agent]).unwrap().status, 403);
    assert_eq!(serving.ask_of("127.0.0.1", &[agent]).unwrap().status, 401);
    let named = "note: refused a request with HTTP status 403: the Host header must be 127.0.0.1:";
    serving.wait_for(named);
    assert!(serving.wait_for(named).ends_with(" or 127.0.0.1 (Host `a.example`, User-Agent `tool/1`)"));
    serving.wait_for(
        "note: refused a request with HTTP status 401: the Authorization header is missing or wrong",
    );
    serving.stop(&job);
}

#[test]
fn slow_connections_hold_nobody_up() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    let mut slow: Vec<TcpStream> = (0..600).map(|_| TcpStream::connect(serving.address).unwrap()).collect();
    for stream in &mut slow {
        // The older ones are closed by then.
        let _ = stream.write_all(b"GET /credentials HTTP/1.1\r\nX: ");
    }
    let start = Instant::now();
    assert_eq!(serving.ask().status, 200);
    let waited = start.elapsed();
    assert!(waited < Duration::from_secs(2), "{waited:?}");
    serving.stop(&job);
}

#[test]
fn a_server_without_its_announcement_ends_within_seconds() {
    let job = Job::new();
    let mut serving = Serving::start(&job, &[]);
    std::fs::remove_file(&announcements(&job)[0].0).unwrap();
    let start = Instant::now();
    serving.ends_with(0);
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(
        serving.printed().contains("the endpoint has ended, because its descriptor was removed"),
        "{}",
        serving.printed()
    );
    assert!(serving.ask_with("GET", "/credentials", &[]).is_err());
}

#[test]
fn a_later_server_of_the_same_request_takes_the_place_of_the_earlier_one() {
    let job = Job::new();
    let mut earlier = Serving::start(&job, &[]);
    let other = Serving::start(&job, &["--duration", "900"]);
    let later = Serving::start(&job, &[]);
    earlier.ends_with(0);
    assert_eq!((other.ask_until(|_| true).status, announcements(&job).len()), (200, 2));
    assert_ne!(later.authorization, earlier.authorization);
    assert_eq!(later.ask().status, 200);
}

#[test]
fn a_later_server_of_a_known_job_leaves_it_to_the_earlier_one() {
    let mut job = Job::new();
    job.set("CIRCLE_WORKFLOW_JOB_ID", "this");
    let earlier = Serving::start(&job, &[]);
    let exchanges = job.sts.requests().len();
    let host = format!("serves these credentials on {}; this one ends", earlier.address);
    job.run(&["serve"]).expect(0, &host);
    assert_eq!(job.sts.requests().len(), exchanges, "one session for both");
    assert_eq!((earlier.ask().status, announcements(&job).len()), (200, 1));
    earlier.stop(&job);
    let _later = Serving::start(&job, &[]);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_and_takes_the_announcement_back() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let job = Job::new();
        let mut serving = Serving::start(&job, &[]);
        assert!(announcements(&job)[0].0.with_extension("authorization").exists());
        serving.ends_by(signal);
        let directory = job.path("home/.aws/circleci-aws-oidc");
        let left: Vec<_> = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(left.is_empty(), "{signal:?}: {left:?}");
    }
}

#[test]
fn two_hundred_requests_at_once_are_answered() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    let request = format!(
        "GET /credentials HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n\r\n",
        serving.address, serving.authorization
    );
    let connect = |_| {
        let mut stream = TcpStream::connect(serving.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let streams: Vec<TcpStream> = (0..200).map(connect).collect();
    for mut stream in streams {
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    }
    serving.stop(&job);
}

#[test]
fn what_stops_assume_stops_it_before_anything_is_announced() {
    let refusing = vec![Role::new(ROLE, &crate::support::policy("org/somebody/else"))];
    let denied = Job::with(Config { roles: refusing, ..Config::default() });
    let away = Job::with_fault(Fault::Close, None);
    let mut without_token = Job::new();
    without_token.unset("CIRCLE_OIDC_TOKEN_V2").set("CIRCLECI", "true");
    let mut without_home = Job::new();
    without_home.unset("HOME");
    for (job, flags, status, part) in [
        (&denied, &["--duration", "15h"][..], 2, "`--duration` cannot be used"),
        (&without_token, &["--token-source", "circleci-v2"], 3, "CIRCLE_OIDC_TOKEN_V2"),
        (&denied, &[], 4, "AccessDenied"),
        (&away, &["--max-attempts", "1"], 5, "error: "),
        (&without_home, &[], 6, "HOME is not set"),
        (&denied, &["--forbidden-account-id", "123456789012"], 7, "123456789012"),
    ] {
        job.run(&[&["serve"], flags].concat()).expect(status, part);
        assert_eq!(announcements(job).len(), 0, "{part}");
    }
    assert_eq!(without_home.sts.requests().len(), 0);
}
