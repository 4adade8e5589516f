//! Many roles of which not all can be had: which are named, what is said of the others, and that no file changes.

use local_sts::{Config, Fault, PlannedFault, Role};

use crate::support::many_roles::{job, opened_by, opened_by_token, profiles};
use crate::support::{Job, ROLE, policy};

const TOOLING: &str = "arn:aws:iam::111111111111:role/tooling";
const DEEPER: &str = "arn:aws:iam::222222222222:role/deeper";
const DEEPEST: &str = "arn:aws:iam::333333333333:role/deepest";

fn role(n: usize) -> String {
    format!("arn:aws:iam::123456789012:role/r{n}")
}

/// `count` profiles that the token opens.
fn many(count: usize) -> String {
    (0..count).map(|n| format!("[profile p{n}]\nrole_arn = {}\n", role(n))).collect()
}

/// A job in which the roles of `many` exist and answer as `faults` say.
fn job_of_many(count: usize, faults: Vec<PlannedFault>) -> Job {
    let roles = (0..count).map(|n| opened_by_token(&role(n))).collect();
    Job::with(Config { roles, faults, ..Config::default() })
}

fn fault(role_arn: &str, fault: Fault, uses: Option<u32>) -> PlannedFault {
    PlannedFault { role_arn: role_arn.to_owned(), fault, uses }
}

/// Files with what other tools left there.
fn with_files(job: &Job) -> Vec<(std::path::PathBuf, u32, Vec<u8>)> {
    job.write(
        "home/.aws/credentials",
        "[p3]\naws_access_key_id = ASIAOLD\naws_secret_access_key = x\naws_session_token = y",
    );
    job.write("home/.aws/config", "# ours\n[profile p3]\nregion = eu-west-1\n");
    job.write("roles.ini", "");
    crate::support::files::snapshot(job)
}

#[track_caller]
fn assert_kept(job: &Job, before: &[(std::path::PathBuf, u32, Vec<u8>)]) {
    job.write("roles.ini", "");
    assert_eq!(crate::support::files::snapshot(job), before);
}

#[test]
fn one_refused_role_among_fifty_is_named_and_nothing_is_written() {
    let mut roles: Vec<Role> = (0..50).map(|n| opened_by_token(&role(n))).collect();
    roles[33] = Role::new(&role(33), &policy("org/other/*"));
    let job = job(roles);
    let before = with_files(&job);
    let run = profiles(&job, &many(50));
    run.expect(
        4,
        "error: 1 of 50 profiles cannot be assumed: no file was changed; STS granted the other 49\n",
    )
    .expect(4, "\n  profile: `p33` (line 67): cannot assume `arn:aws:iam::123456789012:role/r33`\n")
    .expect(4, "\n    caused by: STS refused the request with `AccessDenied`: Not authorized")
    .expect(4, "\n  job: project `")
    .expect(4, "\n  hint: ");
    assert_eq!(run.stderr.matches("profile:").count(), 1, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(job.sts.granted().len(), 49);
    assert_kept(&job, &before);
}

#[test]
fn a_token_that_no_role_trusts_is_refused_for_each() {
    let refuses = |n: usize| Role::new(&role(n), &policy("org/other/*"));
    let job = job((0..3).map(refuses).collect());
    let run = profiles(&job, &many(3));
    run.expect(4, "error: no profile can be assumed: no file was changed\n");
    for n in 0..3 {
        run.expect(4, &format!("`p{n}` (line {}): cannot assume `{}`", 2 * n + 1, role(n)));
    }
    assert_eq!(run.stderr.matches("\n  job:").count(), 1, "{}", run.stderr);
}

#[test]
fn an_expired_token_is_not_shown_to_anybody() {
    let mut job = job_of_many(2, Vec::new());
    let fresh = job.fresh();
    let expired =
        testkit::JobToken { expires_at: fresh.issued_at - 10, ..fresh }.mint(job.sts.issuer()).unwrap();
    job.set("CIRCLE_OIDC_TOKEN_V2", &expired);
    profiles(&job, &many(2)).expect(3, "error: the token from CIRCLE_OIDC_TOKEN_V2 expired at");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn what_comes_from_a_refused_source_is_not_asked_for() {
    let job = job(vec![
        opened_by_token(ROLE),
        opened_by_token(TOOLING),
        opened_by(DEEPER, TOOLING, Some("for:us")),
        opened_by(DEEPEST, DEEPER, None),
    ]);
    let before = with_files(&job);
    let run = profiles(
        &job,
        &format!(
            "[profile a]\nrole_arn = {ROLE}\n[profile t]\nrole_arn = {TOOLING}\n\
             [profile c]\nrole_arn = {DEEPEST}\nsource_profile = b\n\
             [profile d]\nrole_arn = {DEEPEST}\nsource_profile = c\n\
             [profile b]\nrole_arn = {DEEPER}\nsource_profile = t\nexternal_id = wrong\n"
        ),
    );
    run.expect(4, "error: 3 of 5 profiles cannot be assumed: no file was changed; STS granted the other 2\n")
        .expect(
            4,
            &format!(
                "profile: `b` (line 11): cannot assume the chained role `{DEEPER}`\n    caused by: STS refused the request with \
                 `AccessDenied`: User: arn:aws:sts::111111111111:assumed-role/tooling/CircleCI is not authorized"
            ),
        )
        .expect(4, "profile: `c`, `d`: not requested, because `b` has no session\n");
    assert_eq!(job.sts.requests().len(), 3);
    assert_kept(&job, &before);
}

#[test]
fn throttled_roles_are_asked_again() {
    let faults = (0..4).map(|n| fault(&role(n), Fault::Throttling, Some(1))).collect();
    let job = job_of_many(8, faults);
    profiles(&job, &many(8))
        .expect(0, "p2: attempt 1 failed: STS responded with `Throttling`; the next attempt is in ");
    assert_eq!(job.sts.requests().len(), 12);
}

#[test]
fn attempts_are_told_one_by_one_up_to_a_point() {
    let faults = (0..15).map(|n| fault(&role(n), Fault::InternalFailure, Some(1))).collect();
    let job = job_of_many(15, faults);
    let run = profiles(&job, &many(15));
    run.expect(0, "more retries follow; they are not listed one by one\n");
    assert_eq!(run.stderr.matches("attempt 1 failed:").count(), 10, "{}", run.stderr);
}

#[test]
fn transient_answers_until_the_end_are_not_a_refusal() {
    let mut job = job_of_many(2, vec![fault(&role(1), Fault::ServiceUnavailable, None)]);
    job.set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "2");
    profiles(&job, &many(2))
        .expect(
            5,
            "error: 1 of 2 profiles cannot be assumed: no file was changed; STS granted the other one\n",
        )
        .expect(5, "    caused by: gave up after 2 attempts (at most 2, within 60 s)\n");
}

#[test]
fn a_refusal_outweighs_what_was_not_reached() {
    let mut roles: Vec<Role> = (0..2).map(|n| opened_by_token(&role(n))).collect();
    roles[0] = Role::new(&role(0), &policy("org/other/*"));
    let faults = vec![fault(&role(1), Fault::Close, None)];
    let mut job = Job::with(Config { roles, faults, ..Config::default() });
    job.set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1");
    profiles(&job, &many(2))
        .expect(4, "profile: `p0` (line 1): cannot assume")
        .expect(4, "profile: `p1` (line 3): cannot assume");
}

#[test]
fn a_host_that_is_not_reached_is_not_asked_for_every_role() {
    let mut job = job_of_many(1, Vec::new());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    job.set("AWS_ENDPOINT_URL_STS", &format!("https://127.0.0.1:{port}"))
        .set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1");
    let run = profiles(&job, &many(300));
    run.expect(5, "error: no profile can be assumed: no file was changed\n")
        .expect(5, &format!("not requested, because `127.0.0.1:{port}` was not reached\n"))
        .expect(5, "    caused by: no connection: ");
    assert!(run.stderr.lines().count() < 10, "{}", run.stderr);
}

#[test]
fn what_there_was_no_time_for_is_said() {
    let slow = Fault::Delay(std::time::Duration::from_millis(700));
    let mut job = job_of_many(300, (0..300).map(|n| fault(&role(n), slow, None)).collect());
    job.set("CIRCLECI_AWS_OIDC_DEADLINE", "1s");
    profiles(&job, &many(300))
        .expect(5, ": not requested, because the deadline of 1 s had passed: raise it with `--deadline`\n");
}

#[test]
fn what_no_file_can_hold_names_the_profile() {
    let job = job_of_many(3, vec![fault(&role(2), Fault::HostileCredentials, None)]);
    let before = with_files(&job);
    profiles(&job, &many(3)).expect(6, "error: the profile `p2` cannot be written\n");
    assert_kept(&job, &before);
}

#[test]
fn a_file_that_can_not_be_edited_is_found_before_anything_is_asked() {
    let job = job_of_many(3, Vec::new());
    job.write("home/.aws/config", "[profile p1]\nsso_session = x\n");
    profiles(&job, &many(3)).expect(6, "line 2 sets `sso_session` in `[profile p1]`");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn the_second_file_fails_and_the_first_is_put_back() {
    let job =
        job_of_many(3, vec![fault(&role(0), Fault::Delay(std::time::Duration::from_millis(700)), None)]);
    job.write("home/.aws/credentials", "[p3]\nx = y\n");
    job.write("roles.ini", &many(3).replace("role_arn", "region = eu-west-1\nrole_arn"));
    let mut command = job.command(&["profiles", "--config-file", "roles.ini"]);
    let mut running = command.stderr(std::process::Stdio::null()).spawn().unwrap();
    while job.sts.requests().is_empty() {
        std::thread::yield_now();
    }
    // Somebody spoils the config file while STS is asked.
    job.write("home/.aws/config", "[profile p1]\nsso_session = x\n");
    assert_eq!(running.wait().unwrap().code(), Some(6));
    assert_eq!(job.read("home/.aws/credentials"), "[p3]\nx = y\n");
    assert_eq!(job.read("home/.aws/config"), "[profile p1]\nsso_session = x\n");
}

#[test]
#[cfg(target_os = "linux")]
fn a_table_that_nobody_can_take_leaves_the_files_as_they_were() {
    let job = job_of_many(2, Vec::new());
    let before = with_files(&job);
    job.write("roles.ini", &many(2));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = job.command(&["profiles", "--config-file", "roles.ini"]).stdout(full).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains("error: stdout cannot be written\n"), "{said}");
    assert_kept(&job, &before);
}

#[test]
fn guards_hold_for_every_profile_and_before_anything_is_asked() {
    let mut job = job(vec![opened_by_token(TOOLING), opened_by(DEEPER, TOOLING, None)]);
    let text =
        format!("[profile t]\nrole_arn = {TOOLING}\n[profile b]\nrole_arn = {DEEPER}\nsource_profile = t\n");
    job.set("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "222222222222");
    profiles(&job, &text)
        .expect(7, "error: not all profiles are in allowed accounts: nothing was requested from STS\n")
        .expect(7, "  profile: `t` (line 1): account 111111111111 is not allowed by");
    job.unset("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID")
        .set("CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "222222222222");
    profiles(&job, &text).expect(7, "  profile: `b` (line 3): account 222222222222 is forbidden");
    assert_eq!(job.sts.requests().len(), 0);
    job.set("CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "999999999999");
    profiles(&job, &text).succeeds();
}
