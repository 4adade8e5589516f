//! `scope`: the credentials that `whoami` finds, narrowed for a command or for destinations, and what is refused before
//! anything is sent.

use local_sts::{GrantedCredentials, PlannedFault};

use super::{S3, SESSION, actions, job};
use crate::support::container_endpoint::{ContainerEndpoint, with_keys};
use crate::support::{Job, Run};

/// What a layer must allow for the next one at `local-sts`.
const ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// A job whose session went nowhere yet: to a file that nothing reads.
fn job_with_session() -> (Job, GrantedCredentials) {
    let mut job = job();
    job.assume(&["--to", "dotenv:unread"]).succeeds();
    job.set("PATH", "/usr/local/bin:/usr/bin:/bin");
    let granted = job.sts.granted().remove(0);
    (job, granted)
}

fn set_variables(job: &mut Job, keys: [&str; 3]) {
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    for (name, value) in names.into_iter().zip(keys) {
        job.set(name, value);
    }
}

fn keys(granted: &GrantedCredentials) -> [&str; 3] {
    [&granted.access_key_id, &granted.secret_access_key, &granted.session_token]
}

fn scope(job: &Job, flags: &[&str]) -> Run {
    job.run(&[&["scope"], flags].concat())
}

/// The operations of `scope` itself.
const CALLS: [&str; 3] = ["AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetScopedCredentials"];

#[test]
fn the_variables_are_narrowed_for_a_profile_beside_them() {
    let (mut job, whole) = job_with_session();
    set_variables(&mut job, keys(&whole));
    let run = scope(&job, &["--scope-policy", S3, "--scope-duration", "5m", "--to", "profile:reader"]);
    run.expect(0, &format!("credentials of {SESSION} until "))
        .expect(0, ", narrowed from environment (AWS_ACCESS_KEY_ID))\n")
        .expect(0, "STS limited these credentials to the scope policy and to 300 s\n")
        .expect(0, "AWS tools find the credentials in profile `reader` (--profile, AWS_PROFILE)\n");
    assert_eq!(actions(&job), CALLS);
    let request = job.sts.requests().remove(2);
    assert_eq!((request.parameter("Policy"), request.parameter("DurationSeconds")), (Some(S3), Some("300")));
    assert_eq!(request.signer.unwrap().arn, SESSION);
    let file = job.read("home/.aws/credentials");
    assert!(file.contains(&job.sts.granted()[1].access_key_id), "{run}", run = run.stderr);
    assert!(!file.contains(&whole.access_key_id), "the wider ones are not in it");
    assert!(job.read("home/.aws/config").contains("eu-west-1"));
}

#[test]
fn a_profile_is_narrowed_in_its_own_region() {
    let mut job = job();
    job.assume(&["--profile", "wide"]).succeeds();
    job.unset("AWS_REGION").set("AWS_PROFILE", "wide");
    scope(&job, &["--scope-policy", S3, "--to", "profile:reader"])
        .expect(0, &format!("narrowed from profile wide ({})", job.text("home/.aws/credentials")));
    assert_eq!(actions(&job), CALLS);
    let file = job.read("home/.aws/credentials");
    assert!(file.contains("[wide]") && file.contains("[reader]"), "{file}");
    let config = job.read("home/.aws/config");
    assert_eq!(config.matches("region = eu-west-1").count(), 2, "{config}");
}

#[test]
fn the_credentials_of_an_endpoint_are_narrowed() {
    let (mut job, whole) = job_with_session();
    let endpoint = ContainerEndpoint::start(vec![with_keys(&whole)]);
    job.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &endpoint.url());
    scope(&job, &["--scope-duration", "1m", "--to", "profile:reader"])
        .expect(0, "narrowed from container endpoint (AWS_CONTAINER_CREDENTIALS_FULL_URI)");
    assert_eq!(actions(&job), CALLS);
    assert_eq!(job.sts.requests()[2].signer.as_ref().unwrap().arn, SESSION);
}

#[test]
#[cfg(unix)]
fn the_command_gets_the_narrowed_keys_alone() {
    let mut job = job();
    job.assume(&["--profile", "wide"]).succeeds();
    job.set("PATH", "/usr/local/bin:/usr/bin:/bin").set("AWS_PROFILE", "wide").unset("AWS_REGION");
    job.set("CIRCLECI_AWS_OIDC_TO", "profile:other");
    let before = crate::support::files::snapshot(&job);
    let output =
        job.command(&["scope", "--scope-policy", S3, "--", "sh", "-c", "env; exit 7"]).output().unwrap();
    job.assert_no_secret_in(&[("stderr", &output.stderr)]);
    let run = Run::from(&output);
    run.expect(7, "the command does not inherit AWS_PROFILE, which would override the credentials; ");
    let narrowed = job.sts.granted().remove(1);
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", narrowed.access_key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", &narrowed.secret_access_key),
        ("AWS_SESSION_TOKEN", &narrowed.session_token),
        ("AWS_REGION", "eu-west-1"),
    ] {
        assert!(run.stdout.lines().any(|line| line == format!("{name}={value}")), "{name}: {}", run.stdout);
    }
    let whole = job.sts.granted().remove(0);
    for absent in
        [&whole.session_token, &whole.secret_access_key, "AWS_PROFILE=", "CIRCLE_OIDC", "CIRCLECI_AWS"]
    {
        assert!(!run.stdout.contains(absent), "{absent}: {}", run.stdout);
    }
    assert_eq!(crate::support::files::snapshot(&job), before, "no file is written");
}

#[test]
fn what_cannot_be_narrowed_is_refused_before_anything_is_sent() {
    let mut job = job();
    let [secret, token] = ["secret", "token"].map(|kind| format!("a-{kind}-that-nobody-gave-out-0123456789"));
    job.keep_secret(&secret);
    job.keep_secret(&token);
    set_variables(&mut job, ["AKIAIOSFODNN7EXAMPLE", &secret, ""]);
    let to = ["--to", "profile:reader"];
    let limits = ["--scope-duration", "5m"];
    let both = [&limits[..], &to].concat();
    scope(&job, &both)
        .expect(2, "cannot narrow these credentials: environment (AWS_ACCESS_KEY_ID)\n")
        .expect(
            2,
            "the access key ID `AKIAIOSFODNN7EXAMPLE` is long-term: STS narrows temporary credentials only",
        )
        .expect(2, "hint: in CI, assume a role with the job's token and narrow its session");
    job.set("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE");
    scope(&job, &both).expect(2, "have no session token");
    job.set("AWS_SESSION_TOKEN", &token);
    scope(&job, &to).expect(2, "no scope: `--scope-policy` and `--scope-duration` are not set");
    scope(&job, &["--scope-description", "alone", "--to", "json"])
        .expect(2, "neither a policy nor a duration");
    scope(&job, &limits).expect(2, "no command behind `--`, and no destination: `--to` is not set");
    scope(&job, &[&both[..], &["--", "true"]].concat()).expect(2, "hint: remove one of the two");
    scope(&job, &[&limits[..], &["--", "no-such-program"]].concat()).expect(2, "the command cannot be run");
    job.unset("AWS_REGION");
    scope(&job, &both)
        .expect(2, "no Region is set, and STS narrows credentials only at the endpoint of a Region");
    job.set("AWS_REGION", "us-east-1").set("AWS_ENDPOINT_URL_STS", "https://sts.amazonaws.com");
    scope(&job, &both).expect(2, "`sts.amazonaws.com` is the global endpoint of STS");
    assert_eq!(actions(&job), [""; 0]);
}

#[test]
fn the_profile_that_is_narrowed_is_not_the_one_that_is_written() {
    let mut job = job();
    job.assume(&["--profile", "wide"]).succeeds();
    job.set("AWS_PROFILE", "wide");
    let before = job.read("home/.aws/credentials");
    scope(&job, &["--scope-policy", S3, "--to", "profile:wide"])
        .expect(2, "profile `wide` has the credentials to narrow, and writing it would replace them")
        .expect(2, "hint: name another profile");
    assert_eq!((job.read("home/.aws/credentials"), actions(&job).len()), (before, 1));
}

/// The account is known only from STS, so the guard comes after GetCallerIdentity, and before the scope.
#[test]
fn credentials_of_a_refused_account_are_not_narrowed() {
    let (mut job, whole) = job_with_session();
    set_variables(&mut job, keys(&whole));
    for (flag, account) in
        [("--forbidden-account-id", "123456789012"), ("--allowed-account-id", "222222222222")]
    {
        let run = scope(&job, &["--scope-policy", S3, "--to", "profile:reader", flag, account]);
        run.expect(7, &format!("`{flag}`"));
        assert_eq!(job.read("home/.aws/credentials"), "");
    }
    scope(&job, &["--scope-policy", S3, "--to", "profile:reader", "--expect-aws"])
        .expect(7, "`--expect-aws`");
    assert_eq!(actions(&job), [CALLS[0], CALLS[1], CALLS[1]]);
}

#[test]
fn three_layers_are_granted_and_the_fourth_is_refused() {
    let (mut job, whole) = job_with_session();
    set_variables(&mut job, keys(&whole));
    // Two of them make the session token larger than 80 % of its limit at `local-sts`.
    let wide = format!("{{{}{}", " ".repeat(1200 - ALL.len()), &ALL[1..]);
    for (layer, policy, is_noted) in [(1, &*wide, false), (2, &wide, true), (3, ALL, true)] {
        let run = scope(&job, &["--scope-policy", policy, "--to", "json"]);
        run.succeeds();
        assert_eq!(run.stderr.contains("% of the size that STS allows"), is_noted, "{layer}: {}", run.stderr);
        let printed: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let keys =
            ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(|key| printed[key].as_str().unwrap());
        set_variables(&mut job, keys);
        let signer = job.sts.requests().pop().unwrap().signer.unwrap();
        assert_eq!((signer.scope_policies.len(), signer.arn.as_str()), (layer - 1, SESSION));
    }
    scope(&job, &["--scope-policy", ALL, "--to", "profile:reader"])
        .expect(4, "cannot narrow these credentials: environment (AWS_ACCESS_KEY_ID)\n")
        .expect(4, "STS refused the request with `AccessDenied`")
        .expect(4, "three scope");
    assert_eq!(job.read("home/.aws/credentials"), "", "nothing is written");
}

#[test]
fn promise_1_no_secret_is_printed_whether_a_scope_is_granted_or_refused() {
    for fault in [None, Some(local_sts::Fault::ScopeDenied), Some(local_sts::Fault::PropagatedIdentity)] {
        let (job, is_granted) = match fault {
            None => (job_with_session(), true),
            Some(fault) => {
                let is_granted = matches!(fault, local_sts::Fault::PropagatedIdentity);
                let role_arn = "GetScopedCredentials".to_owned();
                let mut job = super::job_with(vec![PlannedFault { role_arn, fault, uses: None }]);
                job.assume(&["--to", "dotenv:unread"]).succeeds();
                job.set("PATH", "/usr/bin:/bin");
                let granted = job.sts.granted().remove(0);
                ((job, granted), is_granted)
            }
        };
        let (mut job, whole) = job;
        set_variables(&mut job, keys(&whole));
        // `run` searches both streams for every secret of the job.
        let run = scope(&job, &["--scope-policy", S3, "--details", "--to", "dotenv:narrow.env"]);
        assert_eq!(run.status, if is_granted { 0 } else { 4 }, "{}", run.stderr);
        assert_eq!(job.path("narrow.env").exists(), is_granted);
        let written = job.read("narrow.env");
        assert!(!written.contains(local_sts::PROPAGATED_SUBJECT), "{written}");
    }
}
