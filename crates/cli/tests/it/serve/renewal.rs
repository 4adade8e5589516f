//! `serve` over time: credentials that are renewed, ones that can't be, and what clients get meanwhile. Here they last
//! for seconds.

use std::time::{Duration, Instant};

use local_sts::{Config, Fault, PlannedFault};

use testkit::Shape;

use crate::support::serving::Serving;
use crate::support::{Job, ROLE};

/// A job whose STS does this in order, for one call each, and the last of it for ever.
fn job(faults: &[Fault]) -> Job {
    let planned = |(at, fault): (usize, &Fault)| PlannedFault {
        role_arn: ROLE.to_owned(),
        fault: *fault,
        uses: (at + 1 < faults.len()).then_some(1),
    };
    Job::with(Config { faults: faults.iter().enumerate().map(planned).collect(), ..Config::default() })
}

#[test]
fn credentials_are_renewed_before_they_expire_and_never_missing() {
    let job = job(&[Fault::Expiring(6), Fault::Expiring(6), Fault::Delay(Duration::ZERO)]);
    let serving = Serving::start(&job, &[]);
    let mut keys = Vec::new();
    let last = serving.ask_until(|reply| {
        assert_eq!(reply.status, 200, "{}", reply.body);
        keys.push(reply.body["AccessKeyId"].as_str().unwrap().to_owned());
        job.sts.granted().len() == 3 && *keys.last().unwrap() == job.sts.granted()[2].access_key_id
    });
    keys.dedup();
    let granted: Vec<String> = job.sts.granted().iter().map(|one| one.access_key_id.clone()).collect();
    assert_eq!(keys, granted);
    assert_eq!(last.body["Token"].as_str().unwrap(), job.sts.granted()[2].session_token);
    serving.wait_for("renewed: these credentials are valid until 2");
    serving.wait_for("renewed: these credentials are valid until 2");
    serving.stop(&job);
}

#[test]
fn a_note_is_printed_once_however_many_renewals_have_it() {
    let mut job = job(&[Fault::Expiring(6), Fault::Expiring(6), Fault::Delay(Duration::ZERO)]);
    let token = job.token(Shape::V1);
    job.unset("CIRCLE_OIDC_TOKEN_V2").set("CIRCLE_OIDC_TOKEN", &token);
    let serving = Serving::start(&job, &[]);
    serving.wait_for("renewed: these credentials are valid until 2");
    serving.wait_for("renewed: these credentials are valid until 2");
    let printed = serving.printed();
    assert_eq!(printed.matches("the token from CIRCLE_OIDC_TOKEN is V1").count(), 1, "{printed}");
    serving.stop(&job);
}

#[test]
fn answers_come_at_once_while_sts_hangs() {
    let job = job(&[Fault::Expiring(6), Fault::Hang]);
    let serving = Serving::start(&job, &[]);
    let mut good = 0;
    let reply = serving.ask_until(|reply| {
        good += u32::from(reply.status == 200 && job.sts.requests().len() > 1);
        reply.status == 503
    });
    assert!(good > 0, "credentials were there while STS hung");
    assert!(reply.body["message"].as_str().unwrap().ends_with("; new ones are being requested"));
    for _ in 0..10 {
        let start = Instant::now();
        assert_eq!(serving.ask().status, 503);
        assert!(start.elapsed() < Duration::from_secs(2));
    }
    serving.stop(&job);
}

#[test]
fn a_renewal_that_fails_is_told_and_tried_again() {
    let job = job(&[
        Fault::Expiring(8),
        Fault::ServiceUnavailable,
        Fault::InternalFailure,
        Fault::Delay(Duration::ZERO),
    ]);
    let serving = Serving::start(&job, &["--max-attempts", "1"]);
    serving.wait_for("error: ");
    serving.wait_for("ServiceUnavailable");
    serving.wait_for("the previous credentials are served until 2");
    assert_eq!(serving.ask().status, 200);
    serving.wait_for("InternalFailure");
    serving.wait_for("renewed: these credentials are valid until 2");
    let granted = job.sts.granted();
    assert_eq!(serving.ask().body["AccessKeyId"].as_str(), Some(granted[1].access_key_id.as_str()));
    serving.stop(&job);
}

#[test]
fn the_pause_that_sts_asks_for_is_that_until_the_next_renewal() {
    // Without it the pause is a tenth of 16 s, plus or minus a quarter.
    let job = job(&[Fault::Expiring(16), Fault::RetryAfter(3), Fault::Delay(Duration::ZERO)]);
    let serving = Serving::start(&job, &[]);
    serving.wait_for("; the next renewal is in 3 s");
    assert_eq!(job.sts.requests().len(), 2);
    serving.wait_for("renewed: these credentials are valid until 2");
    serving.stop(&job);
}

#[test]
fn expired_credentials_are_not_handed_out_but_the_reason_is_and_a_recovery_is_seen() {
    let job = job(&[
        Fault::Expiring(2),
        Fault::ServiceUnavailable,
        Fault::ServiceUnavailable,
        Fault::Hang,
        Fault::Delay(Duration::ZERO),
    ]);
    let serving = Serving::start(&job, &["--max-attempts", "1", "--deadline", "3s"]);
    let reply = serving.ask_until(|reply| reply.status == 503 && reply.body.to_string().contains("since"));
    let message = reply.body["message"].as_str().unwrap();
    assert_eq!(reply.body["code"], "CredentialsExpired");
    assert!(message.starts_with("the credentials expired at 2"), "{message}");
    assert!(
        message.contains("; renewal has failed since 2") && message.contains("ServiceUnavailable"),
        "{message}"
    );
    job.assert_no_secret_in(&[("an answer", reply.body.to_string().as_bytes())]);
    serving.wait_for("there are no credentials to serve; the next renewal is in");
    let reply = serving.ask_until(|reply| reply.status == 200);
    assert_eq!(reply.body["AccessKeyId"].as_str(), Some(job.sts.granted()[1].access_key_id.as_str()));
    serving.stop(&job);
}

#[test]
#[cfg(target_os = "linux")]
fn renewals_leave_nothing_open_however_many_there_are() {
    let job = job(&[Fault::Expiring(1), Fault::ServiceUnavailable]);
    let serving = Serving::start(&job, &["--max-attempts", "1"]);
    let after = |failures: usize| {
        (0..failures).for_each(|_| drop(serving.wait_for("the next renewal is in")));
        serving.open_files()
    };
    // The next one may be under way; it has a socket and what belongs to a client.
    let (few, many) = (after(3), after(20));
    assert!(many <= few + 8, "{few} open files have become {many}");
    serving.stop(&job);
}
