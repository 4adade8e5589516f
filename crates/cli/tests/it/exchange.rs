//! What is sent to STS, how often, and what comes of it.

use std::time::Instant;

use local_sts::{Config, Fault, PlannedFault, Role};
use testkit::Shape;

use crate::support::{Job, ROLE, next_step, policy};

#[test]
fn a_token_becomes_credentials_in_the_next_step() {
    let mut job = Job::new();
    job.set("CIRCLE_PROJECT_REPONAME", "shop")
        .set("CIRCLE_BUILD_NUM", "42")
        .set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1");
    let run = job.assume(&[]);
    run.expect(0, "assumed arn:aws:sts::123456789012:assumed-role/deploy/CircleCI-shop-42 until ");
    let granted = &job.sts.granted()[0];
    let seen = next_step(&job, &[], "env | grep ^AWS_ | sort");
    assert_eq!(
        seen,
        format!(
            "AWS_ACCESS_KEY_ID={}\nAWS_DEFAULT_REGION=eu-west-1\nAWS_REGION=eu-west-1\n\
             AWS_SECRET_ACCESS_KEY={}\nAWS_SESSION_TOKEN={}\n",
            granted.access_key_id, granted.secret_access_key, granted.session_token
        )
    );
}

#[test]
fn the_request_is_what_was_asked_for() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_SESSION_NAME", "$WHO+$N")
        .set("WHO", "me")
        .set("N", "1")
        .set("CIRCLECI_AWS_OIDC_DURATION", "30m");
    job.assume(&[]).succeeds();
    let requests = job.sts.requests();
    assert_eq!(requests.len(), 1);
    let form: Vec<(&str, &str)> =
        requests[0].form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        form,
        [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("RoleArn", ROLE),
            ("RoleSessionName", "me+1"),
            ("DurationSeconds", "1800"),
            ("WebIdentityToken", job.value("CIRCLE_OIDC_TOKEN_V2")),
        ]
    );
    assert_eq!(requests[0].method, "POST");
    assert_eq!(requests[0].header("authorization"), None);
    assert_eq!(
        requests[0].header("user-agent"),
        Some(concat!("circleci-aws-oidc/", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn a_flag_wins_over_the_variable() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_SESSION_NAME", "variable").set("CIRCLECI_AWS_OIDC_DURATION", "1h30x");
    job.assume(&["--session-name", "flag", "--duration", "15m"]).succeeds();
    assert_eq!(job.sts.requests()[0].parameter("RoleSessionName"), Some("flag"));
}

/// Contexts hold these names for purposes of their owners.
#[test]
fn names_of_users_that_begin_with_aws_oidc_are_no_settings() {
    let mut job = Job::new();
    job.set("AWS_OIDC_ROLE_ARN", ROLE)
        .set("AWS_OIDC_ROLE", "deploy")
        .set("AWS_OIDC_PROVIDER_ARN", "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/x")
        .set("AWS_OIDC_DURATION", "forever")
        .set("CIRCLECI_AWS_OIDC_ROLE_ARN", "$AWS_OIDC_ROLE_ARN");
    job.assume(&[]).succeeds();
    assert_eq!(job.sts.requests()[0].parameter("RoleArn"), Some(ROLE));
    assert_eq!(job.sts.requests()[0].parameter("DurationSeconds"), Some("3600"));
    for command in ["preflight", "clear"] {
        job.run(&[command]).succeeds();
    }
}

#[test]
fn a_permanent_refusal_fails_after_exactly_one_request() {
    let mut job = Job::new();
    let other_project =
        testkit::JobToken { project_id: testkit::example_ids::OTHER_PROJECT_ID.to_owned(), ..job.fresh() };
    job.set("CIRCLE_OIDC_TOKEN_V2", &other_project.mint(job.sts.issuer()).unwrap());
    let begun = Instant::now();
    let run = job.assume(&[]);
    run.expect(4, "STS refused the request with `AccessDenied`: Not authorized to perform sts:AssumeRoleWithWebIdentity");
    run.expect(4, &format!("job: project `{}`, branch `main` of `", other_project.project_id));
    run.expect(4, "likely: the role is limited to another branch or tag, which may be meant");
    assert_eq!(job.sts.requests().len(), 1);
    assert!(begun.elapsed().as_secs() < 5, "nothing may be waited for");
    assert_eq!(job.read("bash_env"), "");
}

#[test]
fn each_transient_answer_is_asked_again() {
    for fault in [
        Fault::Throttling,
        Fault::InternalFailure,
        Fault::ServiceUnavailable,
        Fault::IdpCommunication,
        Fault::VerificationKey,
        Fault::BadGatewayHtml,
        Fault::TruncatedXml,
        Fault::ResetInBody,
        Fault::Close,
    ] {
        let job = Job::with_fault(fault, Some(1));
        let run = job.assume(&[]);
        run.expect(0, "attempt 1 failed: ");
        assert_eq!(job.sts.requests().len(), 2, "{fault:?}");
    }
}

#[test]
fn attempts_end_at_the_limit() {
    let job = Job::with_fault(Fault::Throttling, None);
    let run = job.assume(&["--max-attempts", "2"]);
    run.expect(5, "STS refused the request with `Throttling`: Rate exceeded");
    run.expect(5, "gave up after 2 attempts (at most 2, within 60 s)");
    assert_eq!(job.sts.requests().len(), 2);
}

#[test]
fn a_server_that_hangs_ends_at_the_deadline() {
    let job = Job::with_fault(Fault::Hang, None);
    let begun = Instant::now();
    let run = job.assume(&["--deadline", "2s"]);
    run.expect(5, "waiting for `127.0.0.1:");
    run.expect(5, "no response within ");
    let taken = begun.elapsed().as_millis();
    assert!((1900..4000).contains(&taken), "{taken} ms");
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_role_that_trusts_the_v1_sub_works_without_a_setting() {
    let mut job = Job::with(Config {
        roles: vec![Role::new(
            ROLE,
            &policy(&format!(
                "org/{}/project/{}/user/{}",
                testkit::example_ids::ORGANIZATION_ID,
                testkit::example_ids::PROJECT_ID,
                testkit::example_ids::USER_ID,
            )),
        )],
        ..Config::default()
    });
    job.set("CIRCLE_OIDC_TOKEN", &job.token(Shape::V1));
    let run = job.assume(&[]);
    run.expect(0, "note: STS denied the `sub` of CIRCLE_OIDC_TOKEN_V2: retrying with CIRCLE_OIDC_TOKEN");
    run.expect(0, "`token-source: circleci-v1` saves a request");
    assert_eq!(job.sts.requests().len(), 2);

    job.assume(&["--token-source", "circleci-v1"]).expect(0, "note: the token from CIRCLE_OIDC_TOKEN is V1");
    assert_eq!(job.sts.requests().len(), 3);
    job.assume(&["--token-source", "circleci-v2"]).expect(4, "AccessDenied");
    assert_eq!(job.sts.requests().len(), 4);
}

#[test]
fn one_request_for_each_token_where_both_are_refused() {
    let mut job =
        Job::with(Config { roles: vec![Role::new(ROLE, &policy("org/somebody/else"))], ..Config::default() });
    job.set("CIRCLE_OIDC_TOKEN", &job.token(Shape::V1));
    job.assume(&[]).expect(4, "; V2 token and V1 token denied\n");
    assert_eq!(job.sts.requests().len(), 2);
}

#[test]
fn a_refusal_that_is_not_about_the_sub_is_not_tried_with_v1() {
    let mut job = Job::with(Config { client_ids: vec!["somebody".to_owned()], ..Config::default() });
    job.set("CIRCLE_OIDC_TOKEN", &job.token(Shape::V1));
    job.assume(&[]).expect(4, "InvalidIdentityToken").expect(4, "hint: add the token's `aud`");
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_duration_over_the_roles_maximum_names_the_role() {
    let job = Job::new();
    job.assume(&["--duration", "2h"])
        .expect(4, "exceeds the MaxSessionDuration set for this role")
        .expect(4, "raise MaxSessionDuration of the role `deploy`");
}

#[test]
fn tokens_come_from_files_and_other_variables_too() {
    let mut job = Job::new();
    let token = job.token(Shape::V2);
    job.unset("CIRCLE_OIDC_TOKEN_V2").set("MY_TOKEN", &token);
    job.write("token", &format!("{token}\n"));
    job.assume(&["--token-source", "env:MY_TOKEN"]).expect(0, "token from MY_TOKEN");
    job.assume(&["--token-source", "file:token"]).expect(0, "token from the file `token`");
    job.assume(&["--token-source", "file:none"]).expect(3, "error: the file `none` does not exist\n");
    job.write("empty", "\n");
    job.assume(&["--token-source", "file:empty"]).expect(3, "error: the file `empty` is empty\n");
    job.assume(&["--token-source", "file:home"]).expect(3, "it is not a regular file");
}

#[test]
fn faults_are_counted_by_role() {
    let other = "arn:aws:iam::123456789012:role/other";
    let config = Config {
        faults: vec![PlannedFault { role_arn: other.to_owned(), fault: Fault::Close, uses: None }],
        ..Config::default()
    };
    let job = Job::with(config);
    job.assume(&[]).succeeds();
    job.assume(&["--role-arn", other, "--max-attempts", "1"]).expect(5, "the connection broke");
}

/// A shell's `>&-`. The program would write into the `/dev/null` that it opens in its place.
#[cfg(unix)]
#[test]
fn credentials_for_a_closed_stdout_are_neither_requested_nor_lost() {
    let binary = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    for destination in ["json", "shell", "fish", "powershell"] {
        let job = Job::new();
        job.bash(&format!("{binary} assume --to {destination} --to dotenv:out.env >&-")).expect(
            6,
            "error: stdout cannot be written: it is closed\n  hint: start this command without `>&-`",
        );
        assert_eq!((job.sts.requests().len(), job.read("out.env").as_str()), (0, ""));
        for open in [">/dev/null", "</dev/null >/dev/null 2>&1", ">>/dev/null"] {
            job.bash(&format!("{binary} assume --to {destination} {open}")).succeeds();
        }
    }
    // What prints nothing for others does not need it.
    Job::new().bash(&format!("{binary} assume >&-")).succeeds();
}
