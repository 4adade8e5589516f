//! A real AWS client on the profile that `assume --mode credential-process` writes: botocore, where Python has it.

use std::process::Command;

use crate::support::files::{set_mode, the_one, visibly};
use crate::support::{Job, Run};

/// What boto3 and the AWS CLI ask for before a request: the profile's credentials, which botocore looks after.
const ASKS: &str = "
import botocore.session
session = botocore.session.Session(profile='prod')
credentials = session.get_credentials()
frozen = credentials.get_frozen_credentials()
print(credentials.method, frozen.access_key, session.get_config_variable('region'), credentials.account_id)
";

/// Runs it in a later step, or says that there is none.
fn botocore(job: &Job) -> Option<Run> {
    let python = |program: &str| {
        let mut python = Command::new("python3");
        python.args(["-c", program]).env("AWS_SHARED_CREDENTIALS_FILE", job.path("none"));
        python.env("AWS_CONFIG_FILE", job.path("home/.aws/config")).current_dir(job.directory.path());
        for name in ["HOME", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL_STS", "CIRCLE_OIDC_TOKEN_V2"] {
            python.env(name, job.value(name));
        }
        for name in ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"] {
            python.env_remove(name);
        }
        python.output()
    };
    if !python("import botocore").is_ok_and(|output| output.status.success()) {
        visibly("skipped: no python3 with botocore");
        return None;
    }
    Some(Run::from(&python(ASKS).unwrap()))
}

#[test]
fn botocore_gets_the_session_and_a_new_one_when_that_is_due() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1").set("CIRCLECI_AWS_OIDC_SESSION_NAME", "it's \"me\"");
    job.assume(&["--mode", "credential-process", "--profile", "prod"])
        .expect(2, "`CIRCLECI_AWS_OIDC_SESSION_NAME`");
    job.set("CIRCLECI_AWS_OIDC_SESSION_NAME", "me+you=us");
    // In a file that the line names.
    job.set("CIRCLECI_AWS_OIDC_POLICY", r#"{"Version": "2012-10-17", "Statement": []}"#);
    job.assume(&["--mode", "credential-process", "--profile", "prod"]).succeeds();
    for round in 0..2 {
        let Some(run) = botocore(&job) else { return };
        let granted = &job.sts.granted()[round];
        let said = format!("custom-process {} eu-west-1 123456789012\n", granted.access_key_id);
        assert_eq!(run.stdout, said, "{}", run.stderr);
        assert_eq!(job.sts.requests().len(), round + 1);
        // Nothing kept, nothing to print.
        let entry = the_one(&job, "home/.aws/circleci-aws-oidc/*.json");
        set_mode(&job.path(&entry), 0o644);
    }
    // What the user reads when there is nothing new either: botocore passes stderr on.
    job.set("CIRCLE_OIDC_TOKEN_V2", "");
    let Some(run) = botocore(&job) else { return };
    assert!(run.stderr.contains("CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set"), "{}", run.stderr);
}
