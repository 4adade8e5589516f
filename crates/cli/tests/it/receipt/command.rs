//! Receipts of `exec`, which ends as a program when the command starts.

use serde_json::json;

use super::{FILE, job, receipt};
use crate::support::{Job, ROLE, Run};

pub(super) fn exec(job: &Job, flags: &[&str], program: &str) -> Run {
    job.run(&[&["exec", "--role-arn", ROLE, "--receipt", FILE], flags, &["--", program]].concat())
}

#[test]
fn of_a_command_the_session_is_told_before_it_starts_and_no_destination() {
    let mut job = job();
    job.set("PATH", "/usr/bin:/bin");
    job.write_program(
        "reads",
        &format!("#!/bin/sh\ngrep -c '^  \"outcome\": \"succeeded\"' {FILE} >seen\nexit 3\n"),
    );
    exec(&job, &["--region", "eu-west-1"], "./reads").expect(3, "");
    assert_eq!(job.read("seen"), "1\n");
    let told = receipt(&job);
    assert_eq!((&told["command"], &told["exit_code"]), (&json!("exec"), &json!(0)));
    assert_eq!((&told["destinations"], &told["roles"][0]["status"]), (&json!([]), &json!("granted")));
    assert_eq!(told["roles"][0]["session"]["access_key_id"], job.sts.granted()[0].access_key_id.as_str());
    // A program that the system cannot run is a failure of this program, after the session.
    job.write_program("breaks", "#!/no/such/interpreter\n");
    exec(&job, &[], "./breaks").expect(1, "error: ");
    let told = receipt(&job);
    assert_eq!((&told["outcome"], &told["exit_code"]), (&json!("failed"), &json!(1)));
    assert_eq!(told["roles"][0]["status"], "granted");
}

#[test]
fn without_a_place_for_the_receipt_no_command_runs() {
    let job = job();
    let run = job.run(&["exec", "--role-arn", ROLE, "--receipt", "missing/x.json", "--", "touch", "ran"]);
    run.expect(6, "missing");
    assert!(!job.path("ran").exists() && job.sts.requests().is_empty());
}
