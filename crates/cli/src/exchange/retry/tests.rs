//! Whether there is a further attempt, after which pause, and which failure is reported.

use super::*;

struct Failed {
    class: Class,
    reach: Reach,
    retry_after: Option<u64>,
}

impl FailedAttempt for Failed {
    fn class(&self) -> Class {
        self.class
    }

    fn reason(&self) -> String {
        String::new()
    }

    fn reach(&self) -> Reach {
        self.reach
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after.map(Duration::from_secs)
    }
}

fn failed(class: Class) -> Failed {
    Failed { class, reach: Reach::Host, retry_after: None }
}

fn jittered(seconds: u64) -> RetryPolicy {
    RetryPolicy {
        retries: Retries::Transient,
        max_attempts: None,
        pauses: Pauses::Jittered,
        deadline: Deadline::after(Duration::from_secs(seconds)),
        unreached: Some(UNREACHED),
    }
}

#[test]
fn a_fixed_pause_is_made_while_attempts_and_time_are_left() {
    let second = Duration::from_secs(1);
    let policy = |retries, time| RetryPolicy {
        retries,
        max_attempts: Some(3),
        pauses: Pauses::Fixed(second),
        ..jittered(time)
    };
    for (retries, class, made, time, pause) in [
        (Retries::Transient, Class::Transient, 1, 5, Ok(second)),
        (Retries::Transient, Class::Throttled, 2, 4, Ok(second)),
        (Retries::Transient, Class::Transient, 3, 5, Err(End::Limit)),
        (Retries::Transient, Class::Transient, 1, 1, Err(End::Deadline)),
        (Retries::Transient, Class::Permanent, 1, 5, Err(End::Permanent)),
        (Retries::All, Class::Permanent, 1, 5, Ok(second)),
        (Retries::All, Class::Permanent, 3, 5, Err(End::Limit)),
    ] {
        let made_pause = policy(retries, time).pause_after(&failed(class), made, None);
        assert_eq!(made_pause, pause, "{retries:?} {class:?} {made} {time}");
    }
    let at_once = RetryPolicy { pauses: Pauses::Fixed(Duration::ZERO), ..jittered(0) };
    assert_eq!(at_once.pause_after(&failed(Class::Transient), 1, None), Err(End::Deadline));
}

#[test]
fn how_far_a_request_came_is_told_by_its_error() {
    let proxy = |code| TransportError::ProxyRefused { code, has_login: false, status: String::new() };
    for (error, reach) in [
        (TransportError::CutOff(UNREACHED), Reach::CutOff),
        (TransportError::Timeout(Duration::from_secs(1)), Reach::NoConnection),
        (proxy(502), Reach::NoConnection),
        (proxy(407), Reach::Host),
        (TransportError::Broken(String::new()), Reach::Host),
    ] {
        assert_eq!(Reach::of_transport(&error), reach, "{error}");
    }
}

#[test]
fn without_a_limit_only_time_ends_the_attempts() {
    let transient = failed(Class::Transient);
    assert!(jittered(60).pause_after(&transient, 1000, None).is_ok());
    assert_eq!(jittered(0).pause_after(&transient, 1, None), Err(End::Deadline));
    let none = Some(Duration::ZERO);
    assert_eq!(jittered(60).pause_after(&transient, 1, none), Err(End::Unreached(UNREACHED)));
    for unreached in [Some(UNREACHED), none] {
        assert_eq!(jittered(0).pause_after(&transient, 1, unreached), Err(End::Deadline));
    }
}

#[test]
fn a_pause_is_what_the_server_asks_for_and_a_longer_one_than_is_left_is_the_end() {
    let asking = |seconds| Failed { retry_after: Some(seconds), ..failed(Class::Transient) };
    let pause = jittered(60).pause_after(&asking(30), 1, None).unwrap();
    assert_eq!(pause, Duration::from_secs(30));
    assert!(jittered(60).pause_after(&asking(0), 1, None).unwrap() <= Duration::from_millis(500));
    let end = jittered(60).pause_after(&asking(61), 1, None).unwrap_err();
    assert!(matches!(end, End::RetryAfter { asked, .. } if asked == Duration::from_secs(61)), "{end:?}");
}

/// What these attempts end with, each of which takes no time.
fn outcome(policy: RetryPolicy, failures: Vec<Failed>) -> (Failed, Attempts) {
    let mut failures = failures.into_iter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let attempt = async |_: Duration| Err::<(), _>(failures.next().unwrap());
    runtime.block_on(retry(|_| policy, &|_| {}, attempt)).unwrap_err()
}

#[test]
fn an_attempt_that_is_cut_off_does_not_hide_the_cause_before_it() {
    let policy = RetryPolicy {
        max_attempts: Some(2),
        pauses: Pauses::Fixed(Duration::from_millis(1)),
        ..jittered(60)
    };
    let cut_off = || Failed { reach: Reach::CutOff, ..failed(Class::Transient) };
    let (error, attempts) = outcome(policy, vec![failed(Class::Throttled), cut_off()]);
    assert_eq!((error.class, attempts.made), (Class::Throttled, 2));
    let one = RetryPolicy { max_attempts: Some(1), ..policy };
    assert_eq!(outcome(one, vec![cut_off()]).0.reach, Reach::CutOff);
}

#[test]
fn a_host_that_was_reached_once_is_given_the_whole_deadline() {
    let policy = RetryPolicy {
        max_attempts: Some(3),
        pauses: Pauses::Fixed(Duration::from_millis(20)),
        unreached: Some(Duration::from_millis(10)),
        ..jittered(60)
    };
    let unreached = || Failed { reach: Reach::NoConnection, ..failed(Class::Transient) };
    let (_, attempts) = outcome(policy, vec![unreached()]);
    assert!(matches!(attempts, Attempts { made: 1, end: End::Unreached(_), .. }), "{attempts:?}");
    let (_, attempts) = outcome(policy, vec![failed(Class::Transient), unreached(), unreached()]);
    assert_eq!(attempts, Attempts { made: 3, end: End::Limit, asked: None });
}
