//! When no new credentials can be had: how often STS is called, who waits, and what each of many calls prints.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use local_sts::{Config, Fault, PlannedFault, Role, unix_time_now};
use serde_json::Value;
use testkit::JobToken;

use super::cache::{cached, entry, seed, write_entry};
use super::{LINE, assert_logged, logged, on_circleci};
use crate::support::files::{mode, set_mode};
use crate::support::{Job, ROLE, Run, policy};

/// A job with old credentials of this line, of an hour, with so many seconds left, and a fault of STS.
fn job_with_left(seconds: i64, fault: Fault) -> Job {
    let faults = vec![PlannedFault { role_arn: ROLE.to_owned(), fault, uses: None }];
    let job = Job::with(Config { faults, ..Config::default() });
    seed(&job, &LINE, &entry(seconds - 3600, seconds));
    job
}

#[track_caller]
fn assert_old(run: &Run) {
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("\"ASIAOLD\""), "{}", run.stdout);
}

fn memory(job: &Job) -> Option<PathBuf> {
    let paths = fs::read_dir(job.path(super::DIRECTORY)).unwrap().map(|entry| entry.unwrap().path());
    paths.into_iter().find(|path| path.extension().is_some_and(|it| it == "failure"))
}

/// As if the last failure had been so long ago.
fn age(job: &Job, seconds: i64) {
    let path = memory(job).unwrap();
    let mut failure: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    failure["at"] = (failure["at"].as_i64().unwrap() - seconds).into();
    write_entry(&path, &failure.to_string());
}

/// So many calls at the same time.
fn at_once(job: &Job, line: &[&str], count: usize) -> Vec<Run> {
    let spawn = || job.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let children: Vec<_> = (0..count).map(|_| spawn()).collect();
    children.into_iter().map(|child| Run::from(&child.wait_with_output().unwrap())).collect()
}

#[test]
fn thirty_calls_with_old_credentials_call_sts_once_while_it_is_away() {
    for (fault, why) in [
        (Fault::ServiceUnavailable, "`ServiceUnavailable`"),
        (Fault::Close, "STS was not reached"),
        (Fault::Throttling, "`Throttling`"),
    ] {
        let job = job_with_left(14 * 60, fault);
        let begun = Instant::now();
        (0..30).for_each(|_| assert_old(&job.run(&LINE)));
        // After the first pause of 5 s a slow machine has a second attempt.
        let most = 1 + usize::from(begun.elapsed() > Duration::from_secs(5));
        assert!((1..=most).contains(&job.sts.requests().len()), "{}", job.sts.requests().len());
        assert_logged(&job, "note: the previous credentials are used again, until 20", why);
        assert_logged(&job, "note: the previous", "; the next attempt is in 5 s: ");
        let path = memory(&job).unwrap();
        assert_eq!(mode(&path), 0o600);
        job.assert_no_secret_in(&[("memory", &fs::read(path).unwrap())]);
    }
}

#[test]
fn pauses_grow_while_it_stays_away_and_end_with_new_credentials() {
    let faults =
        vec![PlannedFault { role_arn: ROLE.to_owned(), fault: Fault::ServiceUnavailable, uses: Some(3) }];
    let job = Job::with(Config { faults, ..Config::default() });
    seed(&job, &LINE, &entry(420 - 3600, 420));
    for (requests, pause) in [(1, 5), (2, 10), (3, 20)] {
        assert_old(&job.run(&LINE));
        assert_old(&job.run(&LINE));
        assert_eq!(job.sts.requests().len(), requests);
        assert_logged(&job, "note: ", &format!("; the next attempt is in {pause} s: "));
        age(&job, pause);
    }
    let run = job.run(&LINE);
    assert!(run.succeeds().stdout.contains(&job.sts.granted()[0].access_key_id));
    assert_logged(&job, "note: there are new credentials after failures, until 20", "");
    assert!(memory(&job).is_none());
}

#[test]
fn the_pause_that_sts_asks_for_is_kept_to_unless_it_costs_the_credentials() {
    for (left, asked, pause) in [(14 * 60, 120, 120), (14 * 60, 86_400, 300), (200, 120, 99)] {
        let job = job_with_left(left, Fault::RetryAfter(asked));
        assert_old(&job.run(&LINE));
        let logged = logged(&job).join("\n");
        let next = logged.split("; the next attempt is in ").nth(1).unwrap().split(' ').next().unwrap();
        // A second may have passed.
        let next: i64 = next.parse().unwrap();
        assert!((pause - 1..=pause + 1).contains(&next), "{logged}");
        age(&job, next - 20);
        assert_old(&job.run(&LINE));
        assert_eq!(job.sts.requests().len(), 1);
        age(&job, 20);
        assert_old(&job.run(&LINE));
        assert_eq!(job.sts.requests().len(), 2);
    }
}

#[test]
fn without_credentials_calls_keep_to_the_pause_that_sts_asks_for_up_to_the_deadline() {
    let job = Job::with_fault(Fault::RetryAfter(120), None);
    let line = [&LINE[..], &["--deadline", "30s"]].concat();
    job.run(&line).expect(5, "the server asks for a pause of 120 s (`Retry-After`)");
    age(&job, 15);
    job.run(&line).expect(5, "makes new attempts");
    assert_eq!(job.sts.requests().len(), 1);
    age(&job, 15);
    job.run(&line).expect(5, "the server asks for a pause of 120 s (`Retry-After`)");
    assert_eq!(job.sts.requests().len(), 2);
}

#[test]
fn with_seven_minutes_left_nothing_fails_whatever_sts_does() {
    for fault in [
        Fault::ServiceUnavailable,
        Fault::InternalFailure,
        Fault::Throttling,
        Fault::Close,
        Fault::TruncatedXml,
        Fault::BadGatewayHtml,
        Fault::RegionDisabled,
        Fault::Empty,
    ] {
        let job = job_with_left(7 * 60, fault);
        at_once(&job, &LINE, 8).iter().for_each(assert_old);
        assert_eq!(job.sts.requests().len(), 1);
    }
}

#[test]
fn a_response_that_does_not_come_costs_one_call_and_not_each() {
    let job = job_with_left(600, Fault::Hang);
    let begun = Instant::now();
    at_once(&job, &LINE, 10).iter().for_each(assert_old);
    assert!((8..25).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    assert_logged(&job, "note: the previous credentials", "; the next attempt is in 90 s: ");
    assert_logged(&job, "note: the previous credentials", "no response within ");
    let begun = Instant::now();
    (0..10).for_each(|_| assert_old(&job.run(&LINE)));
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_token_that_is_gone_does_not_start_the_circleci_cli_for_each_call() {
    let now = unix_time_now();
    let expired = {
        let job = Job::new();
        JobToken { issued_at: now - 3700, expires_at: now - 100, ..job.fresh() }
    };
    let job = on_circleci(&expired);
    job.write_program("image/circleci", "#!/bin/sh\necho >>starts\necho no such job >&2\nexit 1\n");
    job.run(&LINE).expect(3, "`circleci run oidc get` returned no token");
    let starts = || job.read("starts").lines().count();
    let of_one = starts();
    // A call that follows at once has the same reason, without another start.
    job.run(&LINE)
        .expect(3, "`circleci run oidc get` returned no token")
        .expect(3, "  shared: with another call");
    assert_eq!(starts(), of_one);
    age(&job, 60);
    write_entry(&memory(&job).unwrap().with_extension("json"), &entry(-3000, 600));
    (0..18).for_each(|_| assert_old(&job.run(&LINE)));
    assert_eq!(starts(), 2 * of_one);
}

#[test]
fn sixty_calls_at_once_have_one_refusal_and_each_its_reason() {
    let roles = vec![Role::new(ROLE, &policy("org/somebody/else"))];
    let mut job = Job::with(Config { roles, ..Config::default() });
    job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN");
    let runs = at_once(&job, &LINE, 60);
    for run in &runs {
        run.expect(4, &format!("error: cannot assume `{ROLE}`\n")).expect(4, "`AccessDenied`: ");
        run.expect(4, "`; V2 token\n").expect(4, "\n  hint: run `aws iam get-role ");
        assert_eq!(run.stdout, "");
        assert!(!run.stderr.contains("another `credential-process`"), "{}", run.stderr);
    }
    let shared = runs.iter().filter(|run| run.stderr.contains("  shared: with another call of ")).count();
    let requests = job.sts.requests().len();
    assert!((1..=4).contains(&requests) && shared == 60 - requests, "{requests} requests, {shared} shared");
    assert!(
        logged(&job).iter().filter(|line| line.starts_with("error: ")).count() <= 4,
        "{:#?}",
        logged(&job)
    );
    // A person who comes later has attempts of his own.
    age(&job, 5);
    job.run(&LINE).expect(4, "`AccessDenied`: ");
    assert_eq!(job.sts.requests().len(), requests + 1);
}

#[test]
fn calls_that_wait_for_one_that_hangs_print_its_reason() {
    let job = Job::with_fault(Fault::Hang, None);
    let line = [&LINE[..], &["--deadline", "3s", "--max-attempts", "1"]].concat();
    let begun = Instant::now();
    for run in at_once(&job, &line, 20) {
        run.expect(5, "STS was not reached at `").expect(5, "no response within ");
    }
    assert!(begun.elapsed().as_secs() < 9, "{:?}", begun.elapsed());
    assert_eq!(job.sts.requests().len(), 1);
}

/// As a debugger or a suspended container leaves it.
#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::disallowed_methods, reason = "a test waits for another process")]
fn a_stopped_process_that_has_the_lock_is_named_with_what_continues_it() {
    use rustix::process::{Pid, Signal, kill_process};
    let job = Job::with_fault(Fault::Hang, None);
    let mut first = job.command(&LINE).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while job.sts.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let pid = Pid::from_child(&first);
    let line = [&LINE[..], &["--deadline", "1s"]].concat();
    for (signal, state, hint) in [
        (Signal::CONT, "", "if it hangs, end it with `kill PID`; its lock ends with it"),
        (
            Signal::STOP,
            ", which is stopped",
            "continue it with `kill -CONT PID`: its lock ends with its work",
        ),
    ] {
        kill_process(pid, signal).unwrap();
        let run = job.run(&line);
        run.expect(1, &format!("`credential-process`, process {pid} (`circleci-aws-oi`){state}, has been"))
            .expect(1, &format!("  hint: {}\n", hint.replace("PID", &pid.to_string())));
    }
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn a_refusal_is_forgotten_where_settings_or_token_differ_and_with_clear() {
    let roles = vec![Role::new(ROLE, &policy("org/somebody/else"))];
    let mut job = Job::with(Config { roles, ..Config::default() });
    job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN");
    let mut requests = 0;
    let mut is_new = |job: &Job, line: &[&str]| {
        let run = job.run(line);
        run.expect(4, "`AccessDenied`: ");
        let before = std::mem::replace(&mut requests, job.sts.requests().len());
        requests > before
    };
    assert!(is_new(&job, &LINE));
    assert!(!is_new(&job, &LINE));
    assert!(is_new(&job, &[&LINE[..], &["--session-name", "other"]].concat()));
    let token = JobToken { issued_at: unix_time_now() - 7, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &token);
    assert!(is_new(&job, &LINE));
    assert!(!is_new(&job, &LINE));
    job.write("home/.aws/config", "");
    job.run(&["clear", "--to", "profile:default"]).succeeds();
    assert!(memory(&job).is_none());
    assert!(is_new(&job, &LINE));
}

#[test]
fn a_damaged_memory_and_one_of_another_user_count_as_none() {
    let job = job_with_left(600, Fault::ServiceUnavailable);
    assert_old(&job.run(&LINE));
    let path = memory(&job).unwrap();
    for (requests, spoil) in [
        (2, &(|| write_entry(&path, "{")) as &dyn Fn()),
        (3, &|| set_mode(&path, 0o644)),
        (4, &|| age(&job, -600)),
    ] {
        spoil();
        assert_old(&job.run(&LINE));
        assert_eq!(job.sts.requests().len(), requests);
    }
    assert!(cached(&job).exists());
}
