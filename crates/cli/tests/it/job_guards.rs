//! Jobs that are not to have the role: judged by the token before it is sent, and refused where it can't be judged.

use serde_json::Value;
use testkit::{JobToken, Shape};

use crate::support::Job;

const SSH: &str = "--refuse-ssh-rerun";
const FORK: &str = "--refuse-fork";

/// A job of the example project, as CircleCI names it.
fn job() -> Job {
    let mut job = Job::new();
    job.set("CIRCLE_PROJECT_USERNAME", "Example-Org").set("CIRCLE_PROJECT_REPONAME", "example-app");
    job
}

/// Refused with exit code 7 and these words, and nothing is sent or written.
#[track_caller]
fn assert_refused(job: &Job, flag: &str, said: &str, hint: &str) {
    job.assume(&[flag]).expect(7, said).expect(7, hint);
    assert_eq!(job.sts.requests().len(), 0);
    assert!(!job.path("bash_env").exists());
}

#[test]
fn an_ordinary_job_passes_both() {
    let mut job = job();
    job.set("CIRCLE_OIDC_TOKEN", &job.token(Shape::V1));
    job.assume(&[SSH, FORK]).succeeds();
    job.set("CIRCLECI_AWS_OIDC_REFUSE_FORK", "1").set("CIRCLECI_AWS_OIDC_REFUSE_SSH_RERUN", "true");
    job.assume(&["--token-source", "circleci-v1"]).succeeds();
    job.set("CIRCLECI_AWS_OIDC_REFUSE_FORK", "maybe");
    job.assume(&[]).expect(2, "invalid value `maybe`; expected 1, 0, true, false");
}

#[test]
fn a_rerun_with_ssh_is_refused_where_that_is_asked_for() {
    let mut job = job();
    let token = JobToken { ssh_rerun: true, ..job.fresh() }.mint(job.sts.issuer()).unwrap();
    job.set("CIRCLE_OIDC_TOKEN_V2", &token);
    assert_refused(
        &job,
        SSH,
        "error: the token from CIRCLE_OIDC_TOKEN_V2 says that this job was re-run with SSH\n",
        "hint: rerun the job without SSH\n",
    );
    let listed = job.run(&["preflight", SSH]);
    assert!(listed.expect(8, "").stdout.contains("\nproblem job "), "{}", listed.stdout);
    job.set("CIRCLECI_AWS_OIDC_REFUSE_SSH_RERUN", "0").assume(&[FORK]).succeeds();
}

#[test]
fn a_fork_is_known_by_its_variables_or_by_its_origin() {
    let hint = "hint: turn off \"Pass secrets to builds from forked pull requests\"";
    for name in ["CIRCLE_PR_NUMBER", "CIRCLE_PR_REPONAME", "CIRCLE_PR_USERNAME"] {
        let mut job = job();
        job.set(name, "7");
        assert_refused(
            &job,
            FORK,
            &format!("error: this job builds a fork's pull request: {name} is set\n"),
            hint,
        );
        job.assume(&[SSH]).succeeds();
    }
    for origin in
        ["github.com/mallory/example-app", "gitlab.com/mallory/example-org/example-app", "example-app", ""]
    {
        let mut job = job();
        let token = JobToken { vcs_origin: origin.to_owned(), ..job.fresh() };
        job.set("CIRCLE_OIDC_TOKEN_V2", &token.mint(job.sts.issuer()).unwrap());
        let said = format!(
            "this job's code is from `{origin}` (token from CIRCLE_OIDC_TOKEN_V2), but the project's repository is `Example-Org/example-app`\n"
        );
        assert_refused(&job, FORK, &said, hint);
    }
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let mut job = job();
    job.set("CIRCLE_OIDC_TOKEN_V2", &job.token(Shape::Webhook));
    let hint = "remove `--refuse-fork` for pipelines of custom webhooks and for other CIs, whose tokens do not have that \
                claim: jobs of forks then get credentials too\n";
    assert_refused(&job, FORK, "CIRCLE_OIDC_TOKEN_V2 has no claim `oidc.circleci.com/vcs-origin`\n", hint);
    job.set("CIRCLE_OIDC_TOKEN_V2", &job.token(Shape::V2));
    for name in ["CIRCLE_PROJECT_USERNAME", "CIRCLE_PROJECT_REPONAME"] {
        let value = job.value(name).to_owned();
        job.unset(name);
        let said = format!(
            "error: unknown whether this job builds a fork: the job's variable {name} is not set here\n"
        );
        let hint = "hint: pass CIRCLE_PROJECT_USERNAME and CIRCLE_PROJECT_REPONAME of the job on to this process: a \
                    container, sudo or `env -i` loses them; without `--refuse-fork` jobs of forks get credentials too\n";
        assert_refused(&job, FORK, &said, hint);
        job.set(name, &value);
    }
    let mut claims = job.fresh().claims();
    claims["oidc.circleci.com/ssh-rerun"] = Value::from("false");
    job.set("CIRCLE_OIDC_TOKEN_V2", &job.sts.issuer().sign(&claims).unwrap());
    let said = "the token from CIRCLE_OIDC_TOKEN_V2 has no claim `oidc.circleci.com/ssh-rerun`\n";
    assert_refused(&job, SSH, said, "remove `--refuse-ssh-rerun` for other CIs");
}
