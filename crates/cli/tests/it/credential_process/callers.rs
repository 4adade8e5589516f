//! The line of a profile, started by an AWS tool that has not all variables of the job, as under tox, cron, sudo and
//! `env -i`; and by the tools of other jobs under the same home directory.

use std::path::PathBuf;
use std::process::Command;

use local_sts::unix_time_now;
use testkit::JobToken;

use super::assert_logged;
use crate::support::{Job, Run};

const ASSUME: [&str; 4] = ["--mode", "credential-process", "--profile", "prod"];

/// A job that has assumed its role.
fn job() -> Job {
    let mut job = Job::new();
    job.set("CIRCLECI", "true").set("CIRCLE_WORKFLOW_JOB_ID", "7");
    job.assume(&ASSUME).succeeds();
    job
}

/// Runs the line of the profile with these variables and no others.
fn call(job: &Job, variables: &[(&str, &str)]) -> Run {
    let config = job.read("home/.aws/config");
    let line = config.lines().find_map(|line| line.strip_prefix("credential_process = ")).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", line]).env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
    for name in ["AWS_CA_BUNDLE", "AWS_ENDPOINT_URL_STS"] {
        command.env(name, job.value(name));
    }
    let run = Run::from(&command.envs(variables.iter().copied()).output().unwrap());
    job.assert_no_secret_in(&[("stderr", run.stderr.as_bytes())]);
    run.is_silent_if_it_succeeds();
    run
}

fn cached(job: &Job) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(job.path("home/.aws/circleci-aws-oidc")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|it| it == "json")).collect()
}

/// A valid token whose `sub` is that of another user.
fn token_of_another(job: &mut Job) -> String {
    let user_id = "11111111-1111-4111-8111-111111111111".to_owned();
    let token = JobToken { user_id, ..job.fresh() }.mint(job.sts.issuer()).unwrap();
    job.keep_secret(&token);
    token
}

#[test]
fn the_line_finds_the_jobs_credentials_in_an_environment_that_is_empty() {
    let job = job();
    let home = job.text("home");
    let token = job.value("CIRCLE_OIDC_TOKEN_V2");
    for variables in [
        &[][..],
        &[("HOME", home.as_str())],
        &[("HOME", "/nonexistent"), ("TOX_ENV_NAME", "py")],
        &[("AWS_DEFAULT_REGION", "us-east-1"), ("CI", "true")],
        &[("CIRCLECI", "true")],
        &[("CIRCLECI", "true"), ("CIRCLE_WORKFLOW_JOB_ID", "7")],
        &[("CIRCLE_OIDC_TOKEN_V2", token)],
    ] {
        let run = call(&job, variables);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{variables:?}");
        assert!(run.stdout.contains(&job.sts.granted()[0].access_key_id), "{variables:?}");
    }
    assert_eq!((job.sts.requests().len(), cached(&job).len()), (1, 1));
}

#[test]
fn another_job_under_the_same_home_does_not_get_them() {
    let mut job = job();
    let other = token_of_another(&mut job);
    let first = job.sts.granted()[0].access_key_id.clone();
    for variables in [
        &[("CIRCLE_WORKFLOW_JOB_ID", "8")][..],
        &[("CI_JOB_ID", "7")],
        &[("GITLAB_CI", "true")],
        &[("BUILDKITE_JOB_ID", "7")],
        &[("BITBUCKET_BUILD_NUMBER", "7")],
        &[("JENKINS_URL", "https://ci.example"), ("BUILD_TAG", "jenkins-app-7")],
        &[("GITHUB_RUN_ID", "7")],
    ] {
        let run = call(&job, variables);
        assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{variables:?}: {}", run.stderr);
    }
    // Its own token gets its own session, even if it shows no job, or the same ID.
    for variables in [&[][..], &[("CIRCLECI", "true"), ("CIRCLE_WORKFLOW_JOB_ID", "7")]] {
        let run = call(&job, &[variables, &[("CIRCLE_OIDC_TOKEN_V2", other.as_str())]].concat());
        run.succeeds();
        assert!(!run.stdout.contains(&first), "{variables:?}");
    }
    assert_eq!(job.sts.requests().len(), 3);
    // And nobody has taken the place of the job's.
    assert!(call(&job, &[]).succeeds().stdout.contains(&first));
}

#[test]
fn two_jobs_at_once_with_one_profile_name_keep_their_own() {
    let mut job = job();
    job.set("CIRCLE_WORKFLOW_JOB_ID", "8");
    job.assume(&ASSUME).succeeds();
    let keys: Vec<String> = job.sts.granted().into_iter().map(|granted| granted.access_key_id).collect();
    // The line is that of job 8. A tool with job 7's variables gets what job 7 has cached.
    for (id, key) in ["7", "8"].into_iter().zip(&keys) {
        let token = job.value("CIRCLE_OIDC_TOKEN_V2");
        let run = call(&job, &[("CIRCLE_WORKFLOW_JOB_ID", id), ("CIRCLE_OIDC_TOKEN_V2", token)]);
        assert!(run.succeeds().stdout.contains(key), "job {id}");
    }
    assert_eq!(job.sts.requests().len(), 2);
}

#[test]
fn a_line_without_a_key_still_goes_by_the_variables() {
    let job = job();
    let config = job.read("home/.aws/config");
    let (start, end) = (config.find(" --job-key ").unwrap(), config.find("--home ").unwrap());
    let old = format!("{} {}", &config[..start], &config[end..]);
    crate::support::write(&job.path("home/.aws/config"), &old);
    let run = call(&job, &[("CIRCLE_WORKFLOW_JOB_ID", "7")]);
    assert!(run.succeeds().stdout.contains(&job.sts.granted()[0].access_key_id));
    assert_eq!(call(&job, &[]).expect(3, "--token-source").stdout, "");
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn the_caller_that_did_not_pass_on_the_token_is_named() {
    let job = job();
    for path in cached(&job) {
        std::fs::remove_file(path).unwrap();
    }
    for (variables, hint) in [
        (
            &[][..],
            "hint: start the AWS tool with CIRCLE_OIDC_TOKEN_V2 in its environment: its caller, such as cron or \
             `env -i`, did not pass on the token of the CircleCI job\n",
        ),
        (
            &[("TOX_ENV_NAME", "py"), ("CIRCLE_WORKFLOW_JOB_ID", "7")],
            "hint: add CIRCLE_OIDC_TOKEN_V2 to `pass_env` in tox's configuration: tox did not pass on the token of the \
             CircleCI job\n",
        ),
        (
            &[("SUDO_UID", "1000")],
            "hint: use `sudo --preserve-env=CIRCLE_OIDC_TOKEN_V2`: sudo did not pass on the token of the CircleCI job\n",
        ),
        // A job of its own has its own remedy.
        (&[("GITLAB_CI", "true"), ("CI_JOB_ID", "7")], "hint: give the job `id_tokens: "),
    ] {
        let run = call(&job, variables);
        run.expect(3, "error: ").expect(3, hint);
    }
    // With it there is a new session.
    let token = job.value("CIRCLE_OIDC_TOKEN_V2");
    assert_eq!(call(&job, &[("CIRCLE_OIDC_TOKEN_V2", token)]).succeeds().stderr, "");
}

#[test]
fn the_variable_that_is_missing_is_that_of_the_source() {
    let mut job = Job::new();
    let token = job.value("CIRCLE_OIDC_TOKEN_V2").to_owned();
    job.unset("CIRCLE_OIDC_TOKEN_V2");
    job.set("GITLAB_CI", "true").set("CI_JOB_ID", "7").set("AWS_TOKEN", &token);
    job.assume(&[&ASSUME[..], &["--token-source", "env:AWS_TOKEN"]].concat()).succeeds();
    let key = job.sts.granted()[0].access_key_id.clone();
    assert!(call(&job, &[]).succeeds().stdout.contains(&key));
    std::fs::remove_file(&cached(&job)[0]).unwrap();
    call(&job, &[("TOX_ENV_NAME", "py")])
        .expect(3, "hint: add AWS_TOKEN to `pass_env` in tox's configuration")
        .expect(3, "of the GitLab CI job");
    job.set("BITBUCKET_BUILD_NUMBER", "7").set("BITBUCKET_STEP_OIDC_TOKEN", &token);
    job.unset("GITLAB_CI").unset("CI_JOB_ID");
    job.assume(&ASSUME).succeeds();
    for path in cached(&job) {
        std::fs::remove_file(path).unwrap();
    }
    call(&job, &[]).expect(3, "hint: start the AWS tool with BITBUCKET_STEP_OIDC_TOKEN in its environment: ");
    call(&job, &[("BITBUCKET_STEP_OIDC_TOKEN", &token)]).succeeds();
}

#[test]
fn old_credentials_go_out_with_the_name_of_what_is_missing() {
    let job = job();
    let path = &cached(&job)[0];
    let end = |seconds: u64| {
        let at = i64::try_from(unix_time_now() + seconds).unwrap();
        aws::Timestamp::from_unix_seconds(at).unwrap().to_string()
    };
    let text = std::fs::read_to_string(path).unwrap();
    let mut entry: serde_json::Value = serde_json::from_str(&text).unwrap();
    entry["Expiration"] = end(600).into();
    let obtained = i64::try_from(unix_time_now()).unwrap() - 3000;
    entry["Obtained"] = aws::Timestamp::from_unix_seconds(obtained).unwrap().to_string().into();
    crate::support::write(path, &entry.to_string());
    let run = call(&job, &[]);
    assert_logged(
        &job,
        "note: the previous credentials are used again, until ",
        "start the AWS tool with CIRCLE_OIDC",
    );
    assert!(run.stdout.contains(&job.sts.granted()[0].access_key_id));
}

#[test]
fn a_key_or_home_that_no_assume_has_written_is_refused() {
    let job = Job::new();
    let line = ["credential-process", "--role-arn", crate::support::ROLE];
    for (flag, value) in [("--job-key", "../../etc/passwd"), ("--job-key", "gitlab-7-8"), ("--home", "home")]
    {
        job.run(&[&line[..], &[flag, value]].concat())
            .expect(2, &format!("error: `{flag}` cannot be used\n"));
    }
    assert_eq!(job.sts.requests().len(), 0);
}
