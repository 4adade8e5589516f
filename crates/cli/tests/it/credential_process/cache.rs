//! What `credential-process` keeps: who asks STS and how often, what is handed out when nobody answers, and what a file is
//! worth that it has not written. The format is that of `export::cache_entry`.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use aws::Timestamp;
use local_sts::{Config, Fault, PlannedFault, unix_time_now};
use serde_json::Value;
use testkit::JobToken;

use super::assert_logged;
use crate::support::files::{is_root, mode, set_mode, visibly};
use crate::support::{Job, ROLE, Run};

const LINE: [&str; 3] = ["credential-process", "--role-arn", ROLE];
pub(super) const DIRECTORY: &str = "home/.aws/circleci-aws-oidc";

/// A job in whose cache for this line are credentials of an hour, of which so many seconds are left.
fn job_with_left(line: &[&str], seconds: i64, faults: Vec<PlannedFault>) -> Job {
    let job = Job::with(Config { faults, ..Config::default() });
    seed(&job, line, &entry(seconds - 3600, seconds));
    job
}

/// Puts this text where the credentials of the line are kept. A call that can't succeed shows by its lock where that is.
pub(super) fn seed(job: &Job, line: &[&str], text: &str) -> PathBuf {
    let now = unix_time_now();
    let expired = JobToken { issued_at: now - 3700, expires_at: now - 100, ..job.fresh() };
    let token = expired.mint(job.sts.issuer()).unwrap();
    let output = job.command(line).env("CIRCLE_OIDC_TOKEN_V2", token).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let path = files(job, "lock").remove(0).with_extension("json");
    write_entry(&path, text);
    path
}

fn files(job: &Job, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(job.path(DIRECTORY)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|it| it == extension)).collect()
}

pub(super) fn cached(job: &Job) -> PathBuf {
    files(job, "json").remove(0)
}

/// Written as the format says, obtained and ending so many seconds from now.
pub(super) fn entry(obtained: i64, end: i64) -> String {
    let at = |seconds| Timestamp::from_unix_seconds(now() + seconds).unwrap();
    format!(
        r#"{{"Format":1,"Obtained":"{}","RoleSessionArn":"arn:aws:sts::123456789012:assumed-role/deploy/old","AccountId":"123456789012","AccessKeyId":"ASIAOLD","SecretAccessKey":"old","SessionToken":"old","Expiration":"{}"}}"#,
        at(obtained),
        at(end)
    )
}

fn now() -> i64 {
    unix_time_now().cast_signed()
}

pub(super) fn write_entry(path: &Path, text: &str) {
    crate::support::write(path, text);
    set_mode(path, 0o600);
}

fn access_key_id(run: &Run) -> String {
    let printed: Value = serde_json::from_str(&run.stdout).unwrap();
    printed["AccessKeyId"].as_str().unwrap().to_owned()
}

#[test]
fn the_second_call_asks_nobody_and_prints_the_same() {
    let mut job = Job::new();
    job.set("CIRCLE_WORKFLOW_JOB_ID", "7");
    let first = job.run(&LINE);
    assert_eq!((mode(&cached(&job)), mode(&job.path(DIRECTORY))), (0o600, 0o700));
    // Within the job not even a token is needed.
    job.unset("CIRCLE_OIDC_TOKEN_V2");
    let second = job.run(&LINE);
    assert_eq!((second.status, second.stderr.as_str()), (0, ""));
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn of_what_is_near_its_end_a_new_one_is_taken() {
    for (left, is_old) in [(1260, true), (1190, false), (61, false), (-1, false)] {
        let job = job_with_left(&LINE, left, Vec::new());
        let run = job.run(&LINE);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{left} s left");
        assert_eq!(access_key_id(&run) == "ASIAOLD", is_old, "{left} s left");
        assert_eq!(job.sts.requests().len(), usize::from(!is_old));
        // What was taken is kept.
        let again = job.run(&LINE);
        assert_eq!((again.stdout, job.sts.requests().len()), (run.stdout, usize::from(!is_old)));
    }
}

#[test]
fn a_session_of_fifteen_minutes_is_not_asked_for_at_each_call() {
    let job = Job::new();
    let line = [&LINE[..], &["--duration", "15m"]].concat();
    for _ in 0..3 {
        job.run(&line).succeeds();
    }
    assert_eq!(job.sts.requests().len(), 1);
    write_entry(&cached(&job), &entry(-460, 440));
    assert_ne!(access_key_id(&job.run(&line)), "ASIAOLD");
}

#[test]
fn twenty_at_once_ask_once() {
    let slow = || PlannedFault {
        role_arn: ROLE.to_owned(),
        fault: Fault::Delay(Duration::from_millis(700)),
        uses: None,
    };
    for (job, has_old) in
        [(Job::with_fault(slow().fault, None), false), (job_with_left(&LINE, 600, vec![slow()]), true)]
    {
        let spawn = || job.command(&LINE).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let children: Vec<_> = (0..20).map(|_| spawn()).collect();
        let runs: Vec<Run> =
            children.into_iter().map(|child| Run::from(&child.wait_with_output().unwrap())).collect();
        assert_eq!(job.sts.requests().len(), 1);
        let new = &job.sts.granted()[0].access_key_id;
        for run in &runs {
            assert_eq!((run.status, run.stderr.as_str()), (0, ""));
            // With old ones nobody waits for the one that calls STS.
            let key = access_key_id(run);
            assert!(key == *new || (has_old && key == "ASIAOLD"), "{key}");
        }
    }
}

#[test]
fn without_new_ones_the_old_ones_go_out_with_a_note_while_they_last() {
    let line = [&LINE[..], &["--max-attempts", "1"]].concat();
    let nowhere = [&line[..], &["--sts-endpoint", "https://127.0.0.1:1"]].concat();
    let cases = [
        (&nowhere, "STS was not reached at `127.0.0.1:1`: no connection", 5, 3600),
        (&line, "STS refused the request with `AccessDenied`", 4, 3600),
        (&line, "the token from CIRCLE_OIDC_TOKEN_V2 expired at ", 3, -100),
    ];
    for (line, why, status, token_ends_in) in cases {
        for (left, handed_out) in [(600, true), (75, true), (55, false), (-5, false)] {
            let roles = vec![local_sts::Role::new(ROLE, &crate::support::policy("org/somebody/else"))];
            let mut job = Job::with(Config { roles, ..Config::default() });
            let expires_at = unix_time_now().saturating_add_signed(token_ends_in);
            let token = JobToken { expires_at, ..job.fresh() };
            job.set_token("CIRCLE_OIDC_TOKEN_V2", &token);
            seed(&job, line, &entry(left - 3600, left));
            let run = job.run(line);
            if handed_out {
                assert_eq!((run.status, run.stderr.as_str()), (0, ""));
                assert_logged(&job, "note: the previous credentials are used again, until 20", why);
                assert_eq!(access_key_id(&run), "ASIAOLD");
            } else {
                run.expect(status, &why.replacen(": ", "\n  caused by: ", 1));
                assert_eq!(run.stdout, "");
            }
        }
    }
}

#[test]
fn old_ones_do_not_get_around_a_guard() {
    let line = [&LINE[..], &["--refuse-ssh-rerun"]].concat();
    let mut job = job_with_left(&line, 600, Vec::new());
    let token = JobToken { ssh_rerun: true, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &token);
    assert_eq!(job.run(&line).expect(7, "SSH").stdout, "");
}

#[test]
fn a_call_that_hangs_holds_nobody_back_for_longer_than_their_deadline() {
    let line = [&LINE[..], &["--deadline", "2s"]].concat();
    let job = job_with_left(&line, -5, Vec::new());
    let lock = File::options().append(true).open(&files(&job, "lock")[0]).unwrap();
    lock.lock().unwrap();
    let begun = Instant::now();
    let run = job.run(&line);
    run.expect(1, "error: another `credential-process`").expect(1, " the same credentials for 2 s\n  hint: ");
    if cfg!(target_os = "linux") {
        // The holder is this test, which nobody is told to end.
        let holder = std::process::id();
        run.expect(1, &format!("`credential-process`, process {holder} (`"))
            .expect(1, &format!("hint: look what process {holder} does"));
    }
    assert!((2..10).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    // What is usable needs no lock: another call has it.
    let begun = Instant::now();
    for (obtained, end) in [(-3000, 600), (-60, 3540)] {
        write_entry(&cached(&job), &entry(obtained, end));
        assert_eq!(access_key_id(&job.run(&line)), "ASIAOLD");
    }
    assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn a_call_that_dies_leaves_no_lock() {
    let job = Job::with_fault(Fault::Hang, Some(1));
    let mut child = job.command(&LINE).stderr(Stdio::null()).spawn().unwrap();
    while job.sts.requests().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "ended before it asked");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let begun = Instant::now();
    job.run(&LINE).succeeds();
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

#[test]
fn a_file_that_it_has_not_written_so_is_as_good_as_none() {
    type Spoil = fn(&Job, &Path);
    let spoils: [(&str, Spoil); 9] = [
        ("garbage", |_, path| write_entry(path, "{")),
        ("empty", |_, path| write_entry(path, "")),
        ("not UTF-8", |_, path| File::options().append(true).open(path).unwrap().write_all(b"\xff").unwrap()),
        ("larger than 64 KiB", |_, path| {
            write_entry(path, &format!("{}{}", entry(-60, 3540), " ".repeat(65536)));
        }),
        ("from the future", |_, path| write_entry(path, &entry(60, 3660))),
        ("open to others", |_, path| set_mode(path, 0o640)),
        ("a link", |job, path| {
            fs::rename(path, job.path("elsewhere")).unwrap();
            symlink(job.path("elsewhere"), path).unwrap();
        }),
        ("a directory", |_, path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        }),
        ("another user's", |_, path| {
            if is_root() {
                std::os::unix::fs::chown(path, Some(65534), Some(65534)).unwrap();
            } else {
                visibly("skipped: only root can make files of another user");
                fs::remove_file(path).unwrap();
            }
        }),
    ];
    for (what, spoil) in spoils {
        let job = job_with_left(&LINE, 3540, Vec::new());
        let path = cached(&job);
        spoil(&job, &path);
        let run = job.run(&LINE);
        assert_eq!(run.status, 0, "{what}: {}", run.stderr);
        assert_eq!(access_key_id(&run), job.sts.granted()[0].access_key_id, "{what}");
        if what == "a directory" {
            assert_logged(&job, "note: the credentials cannot be cached, so STS is called each time: ", "");
            continue;
        }
        // It is replaced, and what a link led to stays.
        assert_eq!((run.stderr.as_str(), mode(&path)), ("", 0o600), "{what}");
        assert!(!path.is_symlink());
        assert_eq!(job.run(&LINE).stdout, run.stdout, "{what}");
        assert!(what != "a link" || job.read("elsewhere").contains("ASIAOLD"));
    }
}

#[test]
fn a_directory_that_others_have_planted_is_not_used() {
    let job = Job::new();
    let elsewhere = job.path("elsewhere");
    fs::create_dir_all(job.path("home/.aws")).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, job.path(DIRECTORY)).unwrap();
    let run = job.run(&LINE);
    // There is no place for a log either.
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(fs::read_dir(elsewhere).unwrap().count(), 0);
}

#[test]
fn what_jobs_have_left_long_ago_goes_with_the_next_session() {
    let job = Job::new();
    job.run(&[&LINE[..], &["--duration", "20m"]].concat()).succeeds();
    let age = |extension: &str, hours: u64| {
        let path = job.path(DIRECTORY).join(format!("{hours}.{extension}"));
        write_entry(&path, "");
        let then = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(unix_time_now() - hours * 3600);
        File::options().append(true).open(path).unwrap().set_modified(then).unwrap();
    };
    for extension in ["json", "lock", "tmp", "endpoint"] {
        age(extension, 11);
        age(extension, 13);
    }
    job.run(&LINE).succeeds();
    let left = ["json", "lock", "tmp", "endpoint"].map(|extension| files(&job, extension).len());
    assert_eq!(left, [3, 3, 1, 2]);
}
