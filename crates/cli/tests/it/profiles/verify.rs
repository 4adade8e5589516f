//! `profiles --verify`: every profile is asked about as the next step finds it, and one that is not its role leaves
//! nothing of the run behind.

use std::time::{Duration, Instant};

use local_sts::{Config, Fault, PlannedFault};

use crate::support::files::snapshot;
use crate::support::many_roles::{job, opened_by, opened_by_token};
use crate::support::{Job, ROLE, Run};

const TOOLING: &str = "arn:aws:iam::111111111111:role/ci/tooling";
const DEEPER: &str = "arn:aws-cn:iam::222222222222:role/deeper";
const CHINA: &str = "arn:aws-cn:iam::444444444444:role/china";

/// Three profiles: one with a session as `assume` gets it, one of another account, one chained in another partition.
fn roles() -> String {
    format!(
        "[profile a]\nrole_arn = {ROLE}\n[profile b]\nrole_arn = {TOOLING}\n\
         [profile source]\nrole_arn = {CHINA}\nregion = cn-north-1\n\
         [profile c]\nrole_arn = {DEEPER}\nsource_profile = source\nregion = cn-northwest-1\n"
    )
}

fn job_of_three() -> Job {
    let job = job(vec![
        opened_by_token(ROLE),
        opened_by_token(TOOLING),
        opened_by_token(CHINA),
        opened_by(DEEPER, CHINA, None),
    ]);
    job.write("roles.ini", &roles());
    job
}

/// As many roles, and GetCallerIdentity with a fault.
fn job_of_many(count: usize, fault: Fault) -> Job {
    let role = |n: usize| format!("arn:aws:iam::123456789012:role/r{n}");
    let faults = vec![PlannedFault { role_arn: "GetCallerIdentity".to_owned(), fault, uses: None }];
    let roles = (0..count).map(|n| opened_by_token(&role(n))).collect();
    let job = Job::with(Config { roles, faults, ..Config::default() });
    let text: String = (0..count).map(|n| format!("[profile p{n}]\nrole_arn = {}\n", role(n))).collect();
    job.write("roles.ini", &text);
    job
}

fn verify(job: &Job, flags: &[&str]) -> Run {
    job.run(&[&["profiles", "--config-file", "roles.ini", "--verify"], flags].concat())
}

/// The keys that AWS was asked about, with the Region that the question was signed for.
fn asked_about(job: &Job) -> Vec<(String, String)> {
    let requests = job.sts.requests().into_iter();
    let mut asked: Vec<_> = requests
        .filter(|request| request.action.as_deref() == Some("GetCallerIdentity"))
        .map(|request| {
            let header = request.header("authorization").unwrap().to_owned();
            let scope: Vec<&str> = header.split("Credential=").nth(1).unwrap().split('/').collect();
            (scope[0].to_owned(), scope[2].to_owned())
        })
        .collect();
    asked.sort();
    asked
}

#[test]
fn each_profile_is_asked_about_with_its_own_keys_in_its_own_region() {
    let mut job = job_of_three();
    job.set("AWS_PROFILE", "another").set("AWS_DEFAULT_PROFILE", "another").set("AWS_REGION", "");
    let run = verify(&job, &[]);
    run.expect(
        0,
        "\nverified: with AWS_PROFILE each profile is its role's session in the next step that bash runs\n",
    );
    assert_eq!(run.stdout.lines().count(), 5);
    let region = |arn: &str| match arn {
        DEEPER => "cn-northwest-1",
        CHINA => "cn-north-1",
        _ => "us-east-1",
    };
    let granted = job.sts.granted();
    let mut expected: Vec<_> =
        granted.iter().map(|one| (one.access_key_id.clone(), region(&one.role_arn).to_owned())).collect();
    expected.sort();
    assert_eq!(asked_about(&job), expected);
    job.set("CIRCLECI_AWS_OIDC_VERIFY", "0");
    job.run(&["profiles", "--config-file", "roles.ini"]).succeeds();
    assert_eq!(asked_about(&job), expected, "nobody asks who does not want to know");
}

#[test]
fn one_shadowed_profile_puts_all_files_back() {
    let mut job = job_of_three();
    let text = format!(
        "[profile a]\nrole_arn = {ROLE}\n[profile again]\nrole_arn = {ROLE}\n[profile b]\nrole_arn = {TOOLING}\n"
    );
    job.write("roles.ini", &text);
    // Keys of a context that are a session of the same name: two of the profiles are that one anyway.
    job.assume(&["--to", "json"]).succeeds();
    let other = job.sts.granted().remove(0);
    job.set("AWS_ACCESS_KEY_ID", &other.access_key_id)
        .set("AWS_SECRET_ACCESS_KEY", &other.secret_access_key)
        .set("AWS_SESSION_TOKEN", &other.session_token);
    for before in [None, Some("# mine\n[b]\nregion = eu-west-1\n")] {
        if let Some(text) = before {
            job.write("home/.aws/credentials", text);
            job.write("home/.aws/config", "[profile b]\noutput = json");
        }
        let files = snapshot(&job);
        let run = verify(&job, &["--region", "eu-west-1"]);
        run.expect(7, "error: the profiles are not exported: `--verify` failed for 1 of 3\n")
            .expect(
                7,
                "\n  profile: `b` (line 5): the identity of the next step would be \
                 `arn:aws:sts::123456789012:assumed-role/deploy/CircleCI`, from environment (AWS_ACCESS_KEY_ID); \
                 expected `arn:aws:sts::111111111111:assumed-role/tooling/CircleCI`\n",
            )
            .expect(7, "note: AWS_ACCESS_KEY_ID takes precedence over profile `b` (AWS_PROFILE)")
            .expect(7, "\n  hint: remove the other credentials from project settings");
        assert_eq!((run.stdout.as_str(), run.stderr.matches("profile: ").count()), ("", 1), "{}", run.stderr);
        assert!(!run.stderr.contains("profiles written"), "{}", run.stderr);
        assert_eq!(snapshot(&job), files);
    }
}

#[test]
fn what_aws_does_not_follow_is_said_once_for_all() {
    let mut job = job_of_three();
    job.set("AWS_WEB_IDENTITY_TOKEN_FILE", "token");
    let files = snapshot(&job);
    verify(&job, &[])
        .expect(
            7,
            "failed for 4 of 4\n  profile: `a`, `b`, `source`, `c`: the next step would find no credentials that can be checked\n",
        )
        .expect(7, "caused by: AWS_WEB_IDENTITY_TOKEN_FILE is set, which AWS tools use");
    assert_eq!(snapshot(&job), files);
    assert_eq!(asked_about(&job).len(), 0);
}

#[test]
fn keys_that_win_over_many_profiles_are_told_for_the_first() {
    let mut job = job_of_many(30, Fault::Delay(Duration::ZERO));
    job.set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").set("AWS_SECRET_ACCESS_KEY", "nobody-has-this-one");
    let run = verify(&job, &["--max-attempts", "1"]);
    run.expect(7, "failed for 30 of 30\n  profile: `p0` (line 1): the next step would use other credentials")
        .expect(7, "\n  profile: 10 more like these\n")
        .expect(7, "note: more profiles have notes like these; they are not listed one by one\n");
    assert_eq!(run.stderr.matches("takes precedence over profile `").count(), 10, "{}", run.stderr);
}

#[test]
fn all_are_asked_about_at_the_same_time() {
    let job = job_of_many(40, Fault::Delay(Duration::from_millis(100)));
    let start = Instant::now();
    verify(&job, &[]).succeeds();
    // One after the other they would take 4 s.
    assert!(start.elapsed() < Duration::from_millis(2500), "{:?}", start.elapsed());
    assert_eq!(asked_about(&job).len(), 40);
}

#[test]
fn one_deadline_holds_for_all_and_nothing_is_left() {
    // More than are asked about at once: those that come after get no time of their own.
    let job = job_of_many(134, Fault::Hang);
    let files = snapshot(&job);
    let start = Instant::now();
    let run = verify(&job, &["--deadline", "6s"]);
    run.expect(5, "error: the profiles are not exported: `--verify` failed for 134 of 134\n")
        .expect(5, "`p19`, 108 more: they could not be verified\n    caused by: STS was not reached at `")
        .expect(
            5,
            "`p132`, `p133`: STS was not called because the deadline of 6 s had passed\n    hint: raise it",
        )
        .expect(5, "0 of 134 profiles are verified, the others wait for STS\n");
    assert!(start.elapsed() < Duration::from_millis(8500), "{:?}", start.elapsed());
    assert_eq!(snapshot(&job), files);
}

#[test]
fn new_keys_get_a_moment() {
    let job = Job::with_fault(Fault::UnknownKey, Some(1));
    job.write("roles.ini", &format!("[profile a]\nrole_arn = {ROLE}\n"));
    verify(&job, &[]).expect(
        0,
        "a: attempt 1 failed: STS responded with `InvalidClientTokenId`; the next attempt is in 1.0 s\n",
    );
    assert_eq!(asked_about(&job).len(), 2);
}
