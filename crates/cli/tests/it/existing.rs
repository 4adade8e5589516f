//! `--use-existing`: a session of an earlier step is kept only where everything about it still holds, and a note says why
//! not.

use local_sts::{Config, Role};
use testkit::Shape;
use testkit::example_ids::ORGANIZATION_ID;

use crate::support::{Job, ROLE, Run, next_step, project_policy};

fn job() -> Job {
    let project = project_policy(ORGANIZATION_ID);
    let roles = vec![Role::new(ROLE, &project), Role::new("arn:aws:iam::123456789012:role/other", &project)];
    let mut job = Job::with(Config { roles, ..Config::default() });
    job.set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1").set("CIRCLE_WORKFLOW_JOB_ID", "job");
    job
}

fn exchanges(job: &Job) -> usize {
    job.sts.granted().len()
}

/// `assume` as each step calls it, and whether STS was asked for a session.
#[track_caller]
fn assume(job: &Job, flags: &[&str]) -> (Run, bool) {
    let before = exchanges(job);
    let run = job.assume(&[&["--use-existing", "15m"], flags].concat());
    run.succeeds();
    let is_new = exchanges(job) > before;
    assert_eq!(run.stderr.contains("kept arn:aws:sts::"), !is_new, "{}", run.stderr);
    (run, is_new)
}

#[track_caller]
fn is_new_because(job: &Job, flags: &[&str], reason: &str) {
    let (run, is_new) = assume(job, flags);
    assert!(is_new, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("note: a new session is requested: {reason}")), "{}", run.stderr);
}

const UNKNOWN: &str = "no earlier step of this job has left one for these settings\n";

#[test]
fn the_second_step_keeps_what_the_first_has_written() {
    for flags in [
        &[][..],
        &["--profile", "deploy"],
        &["--to", "dotenv:deploy.env"],
        &["--to", "bash-env", "--to", "profile:a", "--to", "profile:b", "--to", "dotenv:deploy.env"],
        &["--verify", "--scope-duration", "30m"],
    ] {
        let job = job();
        is_new_because(&job, flags, UNKNOWN);
        let sent = job.sts.requests().len();
        let (run, is_new) = assume(&job, flags);
        assert!(!is_new, "{flags:?}: {}", run.stderr);
        assert!(
            run.stderr
                .contains(&format!("(access key id {}", job.sts.granted().pop().unwrap().access_key_id))
        );
        let asked: Vec<_> = job.sts.requests().into_iter().skip(sent).filter_map(|it| it.action).collect();
        assert_eq!(asked, ["GetCallerIdentity"], "{flags:?}");
    }
}

#[test]
fn a_kept_session_needs_no_token() {
    let mut job = job();
    assume(&job, &[]);
    // Its key names the token's subject, so the token is still there to tell it: only its life does not matter.
    let expired = testkit::JobToken { expires_at: local_sts::unix_time_now() - 60, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &expired);
    assert!(!assume(&job, &[]).1);
}

#[test]
fn other_settings_are_another_session() {
    let job = job();
    assume(&job, &[]);
    for flags in [
        &["--role-arn", "arn:aws:iam::123456789012:role/other"][..],
        &["--session-name", "other"],
        &["--duration", "30m"],
        &["--policy", "{}"],
        &["--scope-duration", "20m"],
        &["--region", "eu-central-1"],
    ] {
        is_new_because(&job, flags, UNKNOWN);
    }
}

#[test]
fn another_job_on_the_same_machine_is_not_taken_for_this_one() {
    let mut job = job();
    assume(&job, &["--profile", "deploy"]);
    job.set("CIRCLE_WORKFLOW_JOB_ID", "another");
    is_new_because(&job, &["--profile", "deploy"], UNKNOWN);
}

#[test]
fn too_short_a_life_is_told_with_its_end() {
    let job = job();
    assume(&job, &["--duration", "16m"]);
    let before = exchanges(&job);
    let run = job.assume(&["--use-existing", "15m59s", "--duration", "16m"]);
    // Within the same second it may just be enough.
    if exchanges(&job) > before {
        run.expect(0, "note: a new session is requested: that of an earlier step ends at ");
        run.expect(0, ", in 15 min: less than 15 min\n");
    }
    let job = self::job();
    job.assume(&["--use-existing", "5s", "--scope-duration", "8s"]).succeeds();
    pause(4);
    let run = job.assume(&["--use-existing", "5s", "--scope-duration", "8s"]);
    run.expect(0, " s: less than 5 s\n");
    assert_eq!(job.sts.granted().len(), 4, "each is a session and its narrower credentials");
}

#[expect(clippy::disallowed_methods, reason = "a session ends by the clock")]
fn pause(seconds: u64) {
    std::thread::sleep(std::time::Duration::from_secs(seconds));
}

#[test]
fn what_was_cleared_replaced_or_edited_is_requested_again() {
    let job = job();
    let all = ["--to", "bash-env", "--to", "profile:deploy", "--to", "dotenv:deploy.env"];
    assume(&job, &all);
    job.run(&["clear", "--to", "dotenv:deploy.env"]).succeeds();
    is_new_because(&job, &all, UNKNOWN);
    // Another session in one of them.
    job.assume(&["--profile", "deploy", "--session-name", "other"]).succeeds();
    is_new_because(&job, &all, "`profile:deploy` does not hold that of an earlier step\n");
    job.write("deploy.env", "A=1\n");
    is_new_because(&job, &all, &format!("`dotenv:{}` does not hold that of an earlier step\n", "deploy.env"));
    let text = job.read("bash_env");
    job.write("bash_env", "export OTHER=1\n");
    is_new_because(&job, &all, "`bash-env` does not hold that of an earlier step\n");
    job.write("bash_env", &(text + "export AWS_ACCESS_KEY_ID=ASIAOTHER\n"));
    is_new_because(&job, &all, "`bash-env` does not hold that of an earlier step\n");
    assert!(!assume(&job, &all).1);
}

#[test]
fn credentials_that_sts_does_not_confirm_are_requested_again() {
    let job = job();
    let flags = ["--to", "dotenv:deploy.env"];
    assume(&job, &flags);
    let (text, secret) = (job.read("deploy.env"), job.sts.granted()[0].secret_access_key.clone());
    job.write("deploy.env", &text.replace(&secret, &secret.chars().rev().collect::<String>()));
    is_new_because(&job, &flags, "STS does not confirm that of an earlier step: ");
}

#[test]
fn a_record_is_no_secret_and_gives_nothing_by_itself() {
    let job = job();
    assume(&job, &["--profile", "deploy"]);
    let directory = job.path("home/.aws/circleci-aws-oidc");
    let record = std::fs::read_dir(directory).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        path.extension().is_some_and(|it| it == "held").then_some(path)
    });
    let record = record.unwrap();
    assert_eq!(crate::support::files::mode(&record), 0o600);
    let text = std::fs::read_to_string(&record).unwrap();
    job.assert_no_secret_in(&[("record", text.as_bytes())]);
    // One that claims another session.
    crate::support::write(&record, &text.replace("assumed-role/deploy", "assumed-role/admin"));
    is_new_because(&job, &["--profile", "deploy"], "`profile:deploy` holds credentials of `arn:aws:sts::");
    crate::support::write(&record, "{");
    is_new_because(&job, &["--profile", "deploy"], UNKNOWN);
}

#[test]
fn guards_are_judged_for_a_kept_session_too() {
    let mut job = job();
    assume(&job, &[]);
    let kept = |job: &Job, flags: &[&str]| job.assume(&[&["--use-existing", "15m"], flags].concat());
    kept(&job, &["--allowed-account-id", "999999999999"])
        .expect(7, "is not allowed by `--allowed-account-id`");
    kept(&job, &["--expect-aws"]).expect(7, "127.0.0.1");
    let rerun = testkit::JobToken { ssh_rerun: true, ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &rerun);
    kept(&job, &["--refuse-ssh-rerun"]).expect(7, "was re-run with SSH");
    job.set("CIRCLE_OIDC_TOKEN_V2", &job.token(Shape::V2));
    // A guard is part of the settings, and asks the token each time.
    is_new_because(&job, &["--refuse-ssh-rerun"], UNKNOWN);
    assert!(!assume(&job, &["--refuse-ssh-rerun"]).1);
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &rerun);
    kept(&job, &["--refuse-ssh-rerun"]).expect(7, "was re-run with SSH");
}

#[test]
fn without_sts_a_new_session_is_asked_for_and_told() {
    let mut job = job();
    assume(&job, &[]);
    job.set("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:9/");
    let run = job.assume(&["--use-existing", "15m", "--deadline", "2s"]);
    // Another host is another request.
    run.expect(5, "note: a new session is requested: no earlier step");
}

#[test]
fn a_life_that_cannot_be_left_and_a_place_that_cannot_be_read_are_refused() {
    let job = job();
    let refused = |flags: &[&str], reason: &str| {
        job.assume(flags).expect(2, reason);
    };
    refused(&["--use-existing", "1h"], "no session is valid for 3600 s once it was requested for 3600 s");
    refused(&["--use-existing", "10m", "--scope-duration", "5m"], "requested for 300 s");
    refused(&["--use-existing", "soon"], "expected seconds (900), minutes (15m) or hours (1h)");
    refused(&["--use-existing", "0"], "expected seconds");
    refused(&["--use-existing", "15m", "--to", "json"], "`json` cannot be read again");
    refused(&["--use-existing", "15m", "--mode", "credential-process"], "cannot be read again");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn without_the_flag_no_record_is_left() {
    let job = job();
    job.assume(&[]).succeeds();
    assert!(!job.path("home/.aws").exists());
}

#[test]
fn a_receipt_tells_what_is_kept() {
    let job = job();
    assume(&job, &[]);
    assert!(!assume(&job, &["--receipt", "receipt.json", "--verify"]).1);
    let receipt: serde_json::Value = serde_json::from_str(&job.read("receipt.json")).unwrap();
    let role = &receipt["roles"][0];
    assert_eq!((&receipt["outcome"], &role["status"]), (&"succeeded".into(), &"kept".into()));
    assert_eq!(role["session"]["access_key_id"], job.sts.granted()[0].access_key_id.as_str());
    assert_eq!(role["calls"][0]["operation"], "GetCallerIdentity");
    assert_eq!(receipt["destinations"][0]["written"], true);
    assert_eq!(receipt["verification"]["outcome"], "verified");
}

/// The step has read a block that is gone: it has keys that the next step may not have.
#[test]
fn what_only_this_step_still_has_is_not_kept() {
    let mut job = job();
    assume(&job, &[]);
    let granted = job.sts.granted().remove(0);
    let id = job.read("bash_env").lines().find_map(|line| {
        Some(
            line.strip_prefix("case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' ")?
                .split(' ')
                .next()?
                .to_owned(),
        )
    });
    job.set("BASH_ENV_AWS_OIDC_BLOCKS", &id.unwrap());
    job.set("AWS_ACCESS_KEY_ID", &granted.access_key_id)
        .set("AWS_SECRET_ACCESS_KEY", &granted.secret_access_key);
    job.set("AWS_SESSION_TOKEN", &granted.session_token);
    job.write("bash_env", "");
    is_new_because(&job, &[], "");
}

#[test]
fn with_verify_a_profile_is_written_again() {
    let job = job();
    assume(&job, &["--profile", "deploy"]);
    is_new_because(&job, &["--profile", "deploy", "--verify"], "`--verify` looks at what is written");
}

#[test]
fn the_next_step_has_the_kept_session() {
    let job = job();
    assume(&job, &[]);
    assume(&job, &[]);
    let found = next_step(&job, &[], "echo $AWS_ACCESS_KEY_ID");
    assert_eq!(found.trim(), job.sts.granted()[0].access_key_id);
}
