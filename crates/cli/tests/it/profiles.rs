//! Many roles at once: what is sent for each, what is written, and that nothing of one profile gets into another.

#[cfg(unix)]
mod closed_connections;
mod guards;
#[cfg(unix)]
mod refused;
mod scopes;
#[cfg(unix)]
mod verify;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use local_sts::{Config, Fault, PlannedFault, RecordedRequest, Role};
use testkit::Shape;

use crate::support::many_roles::{job, opened_by, opened_by_token, profiles};
use crate::support::{Job, ROLE, policy};

const TOOLING: &str = "arn:aws:iam::111111111111:role/ci/tooling";
const DEEPER: &str = "arn:aws:iam::222222222222:role/deeper";
const DEEPEST: &str = "arn:aws:iam::333333333333:role/deepest";
const CHINA: &str = "arn:aws-cn:iam::444444444444:role/china";

/// The calls by role.
fn calls(job: &Job) -> BTreeMap<String, RecordedRequest> {
    let requests = job.sts.requests().into_iter();
    requests.map(|request| (request.parameter("RoleArn").unwrap().to_owned(), request)).collect()
}

/// The account behind each profile's keys, by what STS gave out.
fn keys_in(job: &Job, profile: &str) -> String {
    let text = job.read("home/.aws/credentials");
    let section = text.split(&format!("[{profile}]\n")).nth(1).unwrap();
    let key = section.lines().find_map(|line| line.strip_prefix("aws_access_key_id = ")).unwrap();
    let token = section.lines().find_map(|line| line.strip_prefix("aws_session_token = ")).unwrap();
    let granted = job.sts.granted();
    let granted = granted.iter().find(|granted| granted.access_key_id == key).unwrap();
    assert_eq!(granted.session_token, token);
    assert!(section.contains(&granted.secret_access_key));
    key.to_owned()
}

#[test]
fn one_profile_is_written_and_told() {
    let job = Job::new();
    let run = profiles(&job, &format!("[profile prod]\nrole_arn = {ROLE}\nregion = eu-west-1\n"));
    run.expect(0, "profiles written: 1;");
    let mut lines = run.stdout.lines();
    assert_eq!(lines.next(), Some("PROFILE  ACCOUNT       ROLE    EXPIRES"));
    assert!(lines.next().unwrap().starts_with("prod     123456789012  deploy  20"), "{}", run.stdout);
    assert_eq!(lines.next(), None);
    keys_in(&job, "prod");
    assert_eq!(job.read("home/.aws/config"), "[profile prod]\nregion = eu-west-1\n");
    assert_eq!(job.sts.requests().len(), 1);
    #[cfg(unix)]
    for (file, mode) in [("home/.aws", 0o700), ("home/.aws/credentials", 0o600), ("home/.aws/config", 0o600)]
    {
        assert_eq!(crate::support::files::mode(&job.path(file)), mode, "{file}");
    }
}

#[test]
fn a_chain_goes_from_session_to_session_and_each_gets_its_own() {
    let job = job(vec![
        opened_by_token(TOOLING),
        opened_by(DEEPER, TOOLING, Some("for:us")),
        opened_by(DEEPEST, DEEPER, None),
    ]);
    // The sources come last: the order of the file decides nothing.
    profiles(
        &job,
        &format!(
            "[profile c]\nrole_arn = {DEEPEST}\nsource_profile = b\nrole_session_name = third\nregion = us-east-2\n\
             [profile b]\nrole_arn = {DEEPER}\nsource_profile = a\nexternal_id = for:us\nduration_seconds = 900\n\
             [default]\nrole_arn = {TOOLING}\nduration_seconds = 1800\n\
             [profile a]\nrole_arn = {TOOLING}\nrole_session_name = first\n"
        ),
    )
    .succeeds();
    let calls = calls(&job);
    let sent = |role: &str, name: &str| calls[role].parameter(name).map(str::to_owned);
    assert_eq!(job.sts.requests().len(), 4);
    for (role, session, duration, external_id) in
        [(DEEPER, "CircleCI", "900", Some("for:us")), (DEEPEST, "third", "3600", None)]
    {
        assert_eq!(sent(role, "RoleSessionName").as_deref(), Some(session), "{role}");
        assert_eq!(sent(role, "DurationSeconds").as_deref(), Some(duration), "{role}");
        assert_eq!(sent(role, "ExternalId").as_deref(), external_id, "{role}");
        assert_eq!(sent(role, "WebIdentityToken"), None, "{role}");
    }
    // Signed with the session of its source, and for its own Region.
    let scope = |role: &str| {
        let header = calls[role].header("authorization").unwrap();
        let scope = header.split("Credential=").nth(1).unwrap().split(',').next().unwrap();
        let parts: Vec<String> = scope.split('/').map(str::to_owned).collect();
        (parts[0].clone(), parts[2].clone())
    };
    assert_eq!(scope(DEEPER), (keys_in(&job, "a"), "us-east-1".to_owned()));
    assert_eq!(scope(DEEPEST), (keys_in(&job, "b"), "us-east-2".to_owned()));
    let of_tooling: Vec<_> =
        job.sts.requests().into_iter().filter(|call| call.parameter("RoleArn") == Some(TOOLING)).collect();
    let mut sent: Vec<_> = of_tooling
        .iter()
        .map(|call| (call.parameter("RoleSessionName").unwrap(), call.parameter("DurationSeconds").unwrap()))
        .collect();
    sent.sort_unstable();
    assert_eq!(sent, [("CircleCI", "1800"), ("first", "3600")]);
    assert_ne!(keys_in(&job, "a"), keys_in(&job, "default"));
    assert_eq!(job.read("home/.aws/config"), "[profile c]\nregion = us-east-2\n");
}

#[test]
fn a_diamond_asks_its_source_once() {
    let left = "arn:aws:iam::222222222222:role/left";
    let right = "arn:aws:iam::333333333333:role/right";
    let job =
        job(vec![opened_by_token(TOOLING), opened_by(left, TOOLING, None), opened_by(right, TOOLING, None)]);
    profiles(
        &job,
        &format!(
            "[profile t]\nrole_arn = {TOOLING}\n[profile l]\nrole_arn = {left}\nsource_profile = t\n\
             [profile r]\nrole_arn = {right}\nsource_profile = t\n"
        ),
    )
    .succeeds();
    assert_eq!(job.sts.requests().len(), 3);
    let signer =
        |role: &str| calls(&job)[role].header("authorization").unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(signer(left), signer(right));
}

#[test]
fn partitions_side_by_side_each_sign_for_their_own_region() {
    let deeper = "arn:aws-cn:iam::555555555555:role/deeper";
    let mut job = job(vec![opened_by_token(TOOLING), opened_by_token(CHINA), opened_by(deeper, CHINA, None)]);
    job.set("AWS_REGION", "eu-central-1");
    profiles(
        &job,
        &format!(
            "[profile world]\nrole_arn = {TOOLING}\n[profile china]\nrole_arn = {CHINA}\nregion = cn-north-1\n\
             [profile deeper]\nrole_arn = {deeper}\nsource_profile = china\nregion = cn-northwest-1\n"
        ),
    )
    .succeeds();
    let calls = calls(&job);
    assert!(calls[deeper].header("authorization").unwrap().contains("/cn-northwest-1/sts/"));
    assert_eq!(
        job.read("home/.aws/config"),
        "[profile world]\nregion = eu-central-1\n\n[profile china]\nregion = cn-north-1\n\n\
         [profile deeper]\nregion = cn-northwest-1\n"
    );
}

#[test]
fn the_setting_takes_variables_and_the_file_takes_none() {
    let mut job = Job::new();
    job.set("ACCOUNT", "123456789012").set("BRANCH", "feature/x").set(
        "CIRCLECI_AWS_OIDC_CONFIG",
        "[profile a]\nrole_arn = arn:aws:iam::$ACCOUNT:role/ci/deploy\nrole_session_name = job-${BRANCH}\n",
    );
    job.run(&["profiles"]).expect(0, "note: the session is named `job-feature-x`");
    assert_eq!(job.sts.requests()[0].parameter("RoleSessionName"), Some("job-feature-x"));
    job.unset("CIRCLECI_AWS_OIDC_CONFIG");
    profiles(&job, "[profile a]\nrole_arn = arn:aws:iam::$ACCOUNT:role/ci/deploy\n").expect(
        2,
        "caused by: line 2: invalid account in the role ARN `arn:aws:iam::$ACCOUNT:role/ci/deploy`; expected twelve digits",
    );
}

#[test]
fn roles_that_trust_the_other_sub_get_the_other_token_once() {
    let v1 = policy("org/*/project/*/user/????????-????-????-????-????????????");
    let other = "arn:aws:iam::123456789012:role/ci/other";
    let mut job = job(vec![opened_by_token(ROLE), Role::new(other, &v1)]);
    let token = job.token(Shape::V1);
    job.set("CIRCLE_OIDC_TOKEN", &token);
    let text = format!("[profile a]\nrole_arn = {ROLE}\n[profile b]\nrole_arn = {other}\n");
    profiles(&job, &text).expect(0, "note: roles that trust only the V1 `sub`, which has no branch: 1;");
    assert_eq!(job.sts.requests().len(), 3);
    job.set("CIRCLECI_AWS_OIDC_TOKEN_SOURCE", "circleci-v2");
    profiles(&job, &text).expect(4, "profile: `b` (line 3): cannot assume");
}

#[test]
fn what_else_stands_in_the_files_survives() {
    let job = Job::new();
    job.write("home/.aws/credentials", "# keep\n[other]\naws_access_key_id = AKIAOTHER\n[b]\nx = y\n");
    job.write("home/.aws/config", "[profile b]\noutput = json\n");
    profiles(
        &job,
        &format!("[profile a]\nrole_arn = {ROLE}\nregion = eu-west-1\n[profile b]\nrole_arn = {ROLE}\nregion = eu-west-1\n"),
    )
    .succeeds();
    let text = job.read("home/.aws/credentials");
    assert!(
        text.starts_with(
            "# keep\n[other]\naws_access_key_id = AKIAOTHER\n[b]\nx = y\naws_access_key_id = ASIA"
        ),
        "{text}"
    );
    assert_eq!(
        job.read("home/.aws/config"),
        "[profile b]\noutput = json\nregion = eu-west-1\n\n[profile a]\nregion = eu-west-1\n"
    );
}

#[test]
fn whoever_waits_is_told_and_settings_without_effect_are_named() {
    let faults = vec![PlannedFault {
        role_arn: ROLE.to_owned(),
        fault: Fault::Delay(Duration::from_millis(1200)),
        uses: None,
    }];
    let job = Job::with(Config { faults, ..Config::default() });
    profiles(&job, &format!("[profile a]\nrole_arn = {ROLE}\noutput = json\n"))
        .expect(0, "note: ignored in the declared roles: `output` in line 3\n")
        .expect(0, "0 of 1 profiles are done, the others wait for STS\n");
}

#[test]
fn one_slow_role_holds_nobody_back() {
    let roles: Vec<String> = (0..40).map(|n| format!("arn:aws:iam::123456789012:role/r{n}")).collect();
    let faults = roles
        .iter()
        .map(|role| (role, if role.ends_with("r7") { 600 } else { 100 }))
        .map(|(role, delay)| PlannedFault {
            role_arn: role.clone(),
            fault: Fault::Delay(Duration::from_millis(delay)),
            uses: None,
        })
        .collect();
    let job = Job::with(Config {
        roles: roles.iter().map(|role| opened_by_token(role)).collect(),
        faults,
        ..Config::default()
    });
    let text: String =
        roles.iter().enumerate().map(|(n, role)| format!("[profile p{n}]\nrole_arn = {role}\n")).collect();
    let start = Instant::now();
    profiles(&job, &text).succeeds();
    // One after the other they would take 4.5 s.
    assert!(start.elapsed() < Duration::from_millis(2500), "{:?}", start.elapsed());
    assert_eq!(job.sts.granted().len(), 40);
}
