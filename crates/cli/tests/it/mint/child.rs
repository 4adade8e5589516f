//! The program as a child: it does not outlive the run, and gets no secret that it has no use for.

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::job;
use crate::support::ROLE;

/// Whether the process ends within a few seconds.
fn ends_soon(pid: &str) -> bool {
    let process = format!("/proc/{}/stat", pid.trim());
    // One that nobody has waited for yet is a zombie.
    comes_true(|| std::fs::read_to_string(&process).map_or(true, |stat| stat.contains(") Z ")))
}

fn comes_true(condition: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while !condition() {
        if begun.elapsed() > Duration::from_secs(10) {
            return false;
        }
        #[expect(clippy::disallowed_methods, reason = "a test may wait")]
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

#[test]
fn what_the_program_has_started_ends_with_it() {
    let (hangs, ends) = ("sleep 60 & echo $! >pid; sleep 60", "sleep 60 & echo $! >pid; cat minted");
    for (script, options, code) in [(hangs, ["--deadline", "2s"], 3), (ends, ["--deadline", "20s"], 0)] {
        let job = job(script);
        job.assume(&[["--token-source", "mint"], options].concat()).expect(code, "");
        assert!(ends_soon(&job.read("pid")), "{script}");
    }
}

#[test]
fn a_signal_ends_the_program_too() {
    let job = job("echo $$ >pid.new; mv pid.new pid; exec sleep 60");
    let assume = ["assume", "--token-source", "mint", "--role-arn", ROLE];
    let mut run = job.command(&assume).stderr(Stdio::null()).spawn().unwrap();
    assert!(comes_true(|| job.path("pid").exists()), "the program has not started");
    kill_process(Pid::from_child(&run), Signal::TERM).unwrap();
    let status = run.wait().unwrap();
    assert_eq!(status.signal(), Some(15), "{status}");
    assert!(ends_soon(&job.read("pid")), "the program has outlived the run");
}

#[test]
fn the_program_is_not_given_keys() {
    let mut job = job("env >>seen; cat minted");
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"] {
        job.set(name, "of-an-earlier-step");
    }
    job.set("CIRCLE_WORKFLOW_JOB_ID", "job");
    job.assume(&["--token-source", "mint"]).succeeds();
    let seen = job.read("seen");
    assert!(seen.contains("CIRCLE_WORKFLOW_JOB_ID=job\n"), "what CircleCI has set is there");
    assert!(!seen.contains("of-an-earlier-step"), "{seen}");
}
