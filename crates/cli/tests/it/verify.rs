//! `--verify`: who the next step would be, by AWS's own answer, and nothing left of a run where that is not the role.

mod bash_env;
mod causes;

use local_sts::{Config, Fault, GrantedCredentials, PlannedFault};

use crate::support::files::snapshot;
use crate::support::{Job, next_step};

const ARN: &str = "arn:aws:sts::123456789012:assumed-role/deploy/CircleCI";

const OTHER: &str = "arn:aws:sts::123456789012:assumed-role/deploy/other";

/// A job in which the credentials of another session stand in the environment, as those of a context would.
fn job_with_other_keys() -> (Job, GrantedCredentials) {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    job.assume(&["--to", "json", "--session-name", "other"]).succeeds();
    let other = job.sts.granted().remove(0);
    job.set("AWS_ACCESS_KEY_ID", &other.access_key_id)
        .set("AWS_SECRET_ACCESS_KEY", &other.secret_access_key)
        .set("AWS_SESSION_TOKEN", &other.session_token);
    (job, other)
}

fn questions(job: &Job) -> usize {
    let requests = job.sts.requests();
    requests.iter().filter(|request| request.action.as_deref() == Some("GetCallerIdentity")).count()
}

#[test]
fn the_next_bash_step_is_asked_about_and_keeps_its_credentials() {
    let (mut job, _) = job_with_other_keys();
    job.set("CIRCLECI_AWS_OIDC_VERIFY", "1");
    let run = job.assume(&[]);
    run.expect(0, "verified: the next step that bash runs has this role's session, from environment (AWS_ACCESS_KEY_ID)\n");
    assert_eq!(questions(&job), 1);
    let granted = &job.sts.granted()[1];
    let asked_with = job.sts.requests().pop().unwrap().header("authorization").unwrap().to_owned();
    assert!(asked_with.contains(&granted.access_key_id), "{asked_with}");
    assert_eq!(next_step(&job, &[], "echo $AWS_ACCESS_KEY_ID"), format!("{}\n", granted.access_key_id));
    for off in ["0", "false", ""] {
        job.set("CIRCLECI_AWS_OIDC_VERIFY", off).assume(&[]).succeeds();
    }
    assert_eq!(questions(&job), 1);
    job.set("CIRCLECI_AWS_OIDC_VERIFY", "yes")
        .assume(&[])
        .expect(2, "invalid value `yes`; expected 1, 0, true, false");
}

#[test]
fn a_profile_is_asked_about_as_it_stands_in_the_files() {
    let mut job = Job::new();
    job.set("AWS_PROFILE", "another").set("AWS_DEFAULT_PROFILE", "another");
    let source = format!("profile ci ({})\n", job.text("home/.aws/credentials"));
    job.assume(&["--profile", "ci", "--verify"]).expect(0, &format!("this role's session, from {source}"));
    job.assume(&["--to", "profile:ci", "--to", "bash-env", "--verify"])
        .expect(0, "this role's session, from environment (AWS_ACCESS_KEY_ID)\n");
    assert_eq!(questions(&job), 2, "the variables win over the profile, and are the same session");
}

#[test]
fn static_keys_that_would_win_are_refused_and_nothing_is_left() {
    let (job, _) = job_with_other_keys();
    for before in [None, Some("# mine\n[other]\nregion = eu-west-1\n")] {
        if let Some(text) = before {
            job.write("home/.aws/credentials", text);
            job.write("home/.aws/config", "");
            job.write("out.env", "A=1");
        }
        let files = snapshot(&job);
        let from = "environment (AWS_ACCESS_KEY_ID)";
        let run = job.assume(&["--profile", "ci", "--verify"]);
        run.expect(7, "error: the credentials are not exported: `--verify` failed\n")
            .expect(
                7,
                &format!("caused by: the identity of the next step would be `{OTHER}`, from {from}; expected `{ARN}`\n"),
            )
            .expect(7, "note: AWS_ACCESS_KEY_ID takes precedence over profile `ci`")
            .expect(7, "hint: remove the other credentials from project settings");
        assert!(!run.stderr.contains("find the credentials in profile"), "{}", run.stderr);
        assert_eq!(snapshot(&job), files);
        let run = job.assume(&["--to", "dotenv:out.env", "--to", "profile:ci", "--to", "json", "--verify"]);
        run.expect(7, "`--verify` failed");
        assert_eq!((run.stdout, snapshot(&job)), (String::new(), files));
    }
}

#[test]
fn other_keys_that_aws_does_not_know_are_refused_too() {
    let mut job = Job::new();
    job.set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").set("AWS_SECRET_ACCESS_KEY", "nobody-has-this-one");
    job.assume(&["--profile", "ci", "--verify"])
        .expect(
            7,
            "caused by: the next step would use other credentials, from environment (AWS_ACCESS_KEY_ID)",
        )
        .expect(7, "caused by: STS refused the request with `InvalidClientTokenId`");
    job.unset("AWS_ACCESS_KEY_ID").set("AWS_WEB_IDENTITY_TOKEN_FILE", "token");
    job.assume(&["--profile", "ci", "--verify"])
        .expect(7, "caused by: the next step would find no credentials that can be checked\n")
        .expect(7, "caused by: AWS_WEB_IDENTITY_TOKEN_FILE is set, which AWS tools use");
    assert!(!job.path("home/.aws").exists());
}

#[test]
fn where_aws_cannot_be_asked_nothing_is_left_either() {
    for (fault, status, said) in [
        (Fault::Throttling, 5, "gave up after 2 attempts"),
        (Fault::Html, 5, "200"),
        (Fault::Hang, 5, "no response"),
    ] {
        let role_arn = "GetCallerIdentity".to_owned();
        let faults = vec![PlannedFault { role_arn, fault, uses: None }];
        let job = Job::with(Config { faults, ..Config::default() });
        job.write("bash_env", "export A=1");
        let files = snapshot(&job);
        job.assume(&["--verify", "--max-attempts", "2", "--deadline", "3s"])
            .expect(status, "error: the credentials are not exported: they could not be verified\n")
            .expect(status, said);
        assert_eq!(snapshot(&job), files);
    }
}

#[test]
fn what_others_wrote_meanwhile_stays() {
    let role_arn = "GetCallerIdentity".to_owned();
    let delay = Fault::Delay(std::time::Duration::from_millis(700));
    let faults = vec![PlannedFault { role_arn, fault: delay, uses: None }];
    let mut job = Job::with(Config { faults, ..Config::default() });
    job.set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").set("AWS_SECRET_ACCESS_KEY", "nobody-has-this-one");
    let mut child = job
        .command(&["assume", "--profile", "ci", "--verify", "--max-attempts", "1"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while questions(&job) == 0 {
        assert!(child.try_wait().unwrap().is_none(), "ended before it asked");
        std::thread::yield_now();
    }
    job.write("home/.aws/credentials", "[theirs]\n");
    crate::support::Run::from(&child.wait_with_output().unwrap())
        .expect(7, "credentials` could not be restored: another process has changed it since\n");
    assert_eq!(job.read("home/.aws/credentials"), "[theirs]\n");
}

#[test]
fn a_process_is_run_as_a_tool_runs_it_and_taken_back_where_others_win() {
    let process = ["--mode", "credential-process", "--profile", "ci", "--verify"];
    let mut job = Job::new();
    job.set("PATH", "/usr/bin:/bin");
    job.assume(&process).expect(
        0,
        "verified: the next step that bash runs has this role's session, from profile ci (credential_process in ",
    );
    assert_eq!((questions(&job), job.sts.requests().len()), (1, 2), "it is printed, not asked for again");
    job.run(&["whoami", "--profile", "ci"]).succeeds();
    let (mut job, _) = job_with_other_keys();
    job.set("PATH", "/usr/bin:/bin");
    let before = snapshot(&job);
    job.assume(&process).expect(7, &format!("the identity of the next step would be `{OTHER}`"));
    assert_eq!(snapshot(&job), before);
}

/// The file of `BASH_ENV` can lead the next step to another home. What keeps it from the credentials is said there too.
#[test]
fn the_reason_why_the_next_step_finds_none_is_said() {
    let mut job = Job::new();
    std::fs::create_dir_all(job.path("elsewhere/.aws/config")).unwrap();
    job.write("bash_env", &format!("export HOME='{}' SUDO_UID=0\n", job.text("elsewhere")));
    job.set("AWS_REGION", "eu-west-1");
    let run = job.assume(&["--profile", "p", "--verify"]);
    run.expect(7, "there is no profile `p` (AWS_PROFILE)")
        .expect(7, "elsewhere/.aws/config` is ignored, as boto3 ignores it: it is not a regular file")
        .expect(7, "hint: put a file in its place");
    assert!(!run.stderr.contains("sudo has started"), "{}", run.stderr);
}
