//! What is retried, for how long, and what the last error says.

use std::thread;
use std::time::{Duration, Instant};

use local_sts::{Config, Fault, PlannedFault};

use crate::support::many_roles::opened_by_token;
use crate::support::outage::{self, Away};
use crate::support::{Job, ROLE};

#[test]
fn no_job_is_lost_while_sts_is_away_for_some_seconds() {
    let rows = [(Away::Refuses, 2), (Away::Closes, 5), (Away::Refuses, 10), (Away::Closes, 10)];
    thread::scope(|scope| {
        for (away, seconds) in rows {
            for _ in 0..5 {
                scope.spawn(move || {
                    let mut job = Job::new();
                    let endpoint = outage::endpoint(&job, away, Duration::from_secs(seconds));
                    job.set("AWS_ENDPOINT_URL_STS", &endpoint);
                    job.assume(&[]).expect(0, "attempt 1 failed: no connection: ");
                });
            }
        }
    });
}

#[test]
fn each_fault_of_the_server_is_retried_whatever_its_body() {
    for status in [408, 429, 500, 502, 503, 504, 529] {
        let job = Job::with_fault(Fault::Status(status), Some(2));
        job.assume(&[]).expect(0, &format!("(HTTP {status}, text/plain)"));
        assert_eq!(job.sts.requests().len(), 3, "{status}");
    }
    for status in [400, 403, 404, 413] {
        let job = Job::with_fault(Fault::Status(status), None);
        job.assume(&[]).expect(5, &format!("(HTTP {status}, text/plain)"));
        assert_eq!(job.sts.requests().len(), 1, "{status}");
    }
}

#[test]
fn the_deadline_limits_the_attempts_unless_a_number_does() {
    let job = Job::with_fault(Fault::ServiceUnavailable, None);
    let begun = Instant::now();
    let run = job.assume(&["--deadline", "5s"]);
    run.expect(5, "STS refused the request with `ServiceUnavailable`").expect(5, " attempts (within 5 s)\n");
    let taken = begun.elapsed().as_millis();
    assert!((3900..6000).contains(&taken), "{taken} ms");
    assert!(job.sts.requests().len() > 3, "{}", run.stderr);
    let before = job.sts.requests().len();
    job.assume(&["--max-attempts", "2"]).expect(5, "gave up after 2 attempts (at most 2, within 60 s)\n");
    assert_eq!(job.sts.requests().len(), before + 2);
}

#[test]
fn a_pause_that_the_server_asks_for_is_made() {
    let job = Job::with_fault(Fault::RetryAfter(2), Some(1));
    let begun = Instant::now();
    job.assume(&[]).expect(0, "STS responded with `ServiceUnavailable`; the next attempt is in 2.0 s");
    assert!(begun.elapsed() >= Duration::from_secs(2));
}

#[test]
fn a_pause_that_is_longer_than_the_deadline_is_not_made() {
    let job = Job::with_fault(Fault::RetryAfter(120), None);
    let begun = Instant::now();
    job.assume(&[])
        .expect(5, "caused by: STS refused the request with `ServiceUnavailable`")
        .expect(
            5,
            "caused by: gave up after 1 attempt: the server asks for a pause of 120 s (`Retry-After`), and 59 s are \
             left of the deadline\n",
        );
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_host_that_refuses_connections_is_given_up_at_a_short_deadline() {
    let mut job = Job::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://127.0.0.1:{port}"));
    let begun = Instant::now();
    job.assume(&["--deadline", "3s"])
        .expect(5, "caused by: no connection: ")
        .expect(5, " attempts (within 3 s)\n");
    assert!(begun.elapsed() < Duration::from_secs(4));
}

#[test]
fn an_attempt_that_the_deadline_cuts_off_does_not_hide_the_cause() {
    let faults = [(Fault::Status(503), Some(1)), (Fault::Hang, None)].map(|(fault, uses)| PlannedFault {
        role_arn: ROLE.to_owned(),
        fault,
        uses,
    });
    let roles = vec![opened_by_token(ROLE)];
    let job = Job::with(Config { roles, faults: faults.into(), ..Config::default() });
    let run = job.assume(&["--deadline", "3s"]);
    run.expect(5, "caused by: the response is not from STS (HTTP 503, text/plain)")
        .expect(5, "caused by: gave up after 2 attempts (within 3 s)\n");
    assert!(!run.stderr.contains("no response within"), "{}", run.stderr);
}
