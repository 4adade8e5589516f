//! `assume --mode credential-process`: the profile that is written, what tools get from it, what is refused, and what
//! `clear` and `preflight` make of it.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use local_sts::{Config, Role};
use serde_json::Value;
use testkit::example_ids::ORGANIZATION_ID;

use crate::support::files::{mode, set_mode, snapshot};
use crate::support::{Job, ROLE, Run, policy, project_policy};

const WORKLOAD: &str = "arn:aws:iam::222222222222:role/deploy";
const MODE: [&str; 2] = ["--mode", "credential-process"];
pub(super) const PROD: [&str; 4] = ["--mode", "credential-process", "--profile", "prod"];

/// Runs the line of the config file as Go and Rust do, in a later step that has variables of its own.
pub(super) fn tool(job: &Job, more: &[(&str, &str)]) -> Run {
    let config = job.read("home/.aws/config");
    let line = config.lines().find_map(|line| line.strip_prefix("credential_process = ")).unwrap();
    let mut command = job.command(&[]);
    let variables: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
    command = Command::new("sh");
    command.args(["-c", line]).env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
    command.envs(
        variables.into_iter().filter(|(name, _)| !name.to_str().unwrap().starts_with("CIRCLECI_AWS_OIDC_")),
    );
    command.envs(more.iter().copied());
    let run = Run::from(&command.output().unwrap());
    job.assert_no_secret_in(&[("stderr", run.stderr.as_bytes())]);
    run
}

fn access_key_id(run: &Run) -> String {
    let printed: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    printed["AccessKeyId"].as_str().unwrap().to_owned()
}

fn entries(job: &Job) -> Vec<PathBuf> {
    let directory = std::fs::read_dir(job.path("home/.aws/circleci-aws-oidc")).into_iter().flatten();
    let paths = directory.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|it| it == "json")).collect()
}

fn config(job: &Job) -> String {
    let program = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let config = job.read("home/.aws/config").replace(program, "PROGRAM").replace(&job.text("home"), "HOME");
    let Some((start, rest)) = config.split_once("--job-key ") else { return config };
    let (key, end) = rest.split_once(' ').unwrap();
    assert_eq!(
        key.split('-').map(str::len).collect::<Vec<_>>(),
        [4, 4, 32],
        "no CI, no job, the token: {key}"
    );
    format!("{start}--job-key KEY {end}")
}

#[test]
fn a_tool_gets_the_same_session_without_another_request() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1")
        .set("CIRCLECI_AWS_OIDC_SESSION_NAME", "$WHO")
        .set("WHO", "me");
    let run = job.assume(&PROD);
    run.expect(0, "assumed arn:aws:sts::123456789012:assumed-role/deploy/me until ").expect(
        0,
        "AWS tools get credentials from profile `prod` (--profile, AWS_PROFILE), which runs this program",
    );
    assert_eq!(
        config(&job),
        format!(
            "[profile prod]\ncredential_process = PROGRAM credential-process --role-arn {ROLE} --session-name me \
             --duration 3600 --region eu-west-1 --sts-endpoint {}/ --ca-bundle {} --job-key KEY --home HOME\n\
             region = eu-west-1\n",
            job.sts.endpoint(),
            job.text("ca.pem")
        )
    );
    assert!(!job.path("home/.aws/credentials").exists());
    assert_eq!(entries(&job).len(), 1);
    assert_eq!((mode(&entries(&job)[0]), mode(&job.path("home/.aws/config"))), (0o600, 0o600));
    // Not even a token is needed, and what later steps have for something else does not count.
    let later = [
        ("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", WORKLOAD),
        ("CIRCLECI_AWS_OIDC_NEW", "1"),
        ("CIRCLE_OIDC_TOKEN_V2", ""),
    ];
    let tool = tool(&job, &later);
    assert_eq!((tool.status, tool.stderr.as_str()), (0, ""));
    assert_eq!(access_key_id(&tool), job.sts.granted()[0].access_key_id);
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_tool_asks_later_for_exactly_what_the_step_asked_for() {
    let trusts = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        }],
    });
    let roles =
        vec![Role::new(ROLE, &project_policy(ORGANIZATION_ID)), Role::new(WORKLOAD, &trusts.to_string())];
    let mut job = Job::with(Config { roles, ..Config::default() });
    let policy = job.write("step/narrow policy.json", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::it's/$HOME"}]}"#);
    job.set("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", WORKLOAD)
        .set("CIRCLECI_AWS_OIDC_TAG", "\"Team=a b=c\", Stage=${STAGE}")
        .set("STAGE", "pre-prod")
        .set("CIRCLECI_AWS_OIDC_TRANSITIVE_TAG", "Team")
        .set("CIRCLECI_AWS_OIDC_EXTERNAL_ID", "for:us/1")
        .set("CIRCLECI_AWS_OIDC_SOURCE_IDENTITY", "me")
        .set("CIRCLECI_AWS_OIDC_POLICY", policy.to_str().unwrap())
        .set("CIRCLECI_AWS_OIDC_DURATION", "30m");
    job.assume(&MODE).succeeds();
    std::fs::remove_file(&policy).unwrap();
    std::fs::remove_file(&entries(&job)[0]).unwrap();
    assert_eq!(tool(&job, &[]).succeeds().stderr, "");
    let asked: Vec<_> = job.sts.requests().into_iter().map(|request| request.form).collect();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[..2], asked[2..]);
}

#[test]
fn without_a_name_it_is_the_profile_of_tools_that_name_none() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_MODE", "credential-process").set("CIRCLECI_AWS_OIDC_PROFILE", "");
    job.assume(&[]).succeeds();
    assert!(config(&job).starts_with("[default]\ncredential_process = PROGRAM "), "{}", config(&job));
    assert!(!job.path("bash_env").exists());
}

#[test]
fn what_was_there_stays_and_an_earlier_line_is_replaced() {
    let job = Job::new();
    let mine = "# mine\n[profile other]\nregion = us-east-1\n\n[profile prod]\noutput = json\n";
    set_mode(&job.write("home/.aws/config", mine), 0o644);
    job.assume(&PROD).succeeds();
    let first = config(&job);
    assert!(first.starts_with(mine), "{first}");
    job.assume(&[&PROD[..], &["--duration", "15m"]].concat()).succeeds();
    assert_eq!(config(&job), first.replace("--duration 3600", "--duration 900"));
    assert_eq!(entries(&job).len(), 2, "each request has its own");
}

#[test]
fn keys_of_an_earlier_assume_make_way_with_a_note() {
    let job = Job::new();
    job.assume(&["--to", "profile:prod", "--to", "profile:other"]).succeeds();
    job.assume(&PROD)
        .expect(0, "note: the credentials of profile `prod` are removed from `")
        .expect(0, "/home/.aws/credentials`: AWS tools would use them first\n");
    let left = job.read("home/.aws/credentials");
    assert!(left.starts_with("[other]\n") && !left.contains("[prod]"), "{left}");
    // And the other way round.
    job.assume(&["--profile", "prod"]).succeeds();
    assert!(!job.read("home/.aws/config").contains("credential_process"));
}

#[test]
fn what_is_a_users_own_is_refused_before_sts_is_asked() {
    for (file, text, said) in [
        (
            "credentials",
            "[prod]\naws_access_key_id = AKIAMINE\naws_secret_access_key = mine\n",
            "line 2 sets `aws_access_key_id` in `[prod]`",
        ),
        (
            "config",
            "[profile prod]\naws_access_key_id = AKIAMINE\naws_secret_access_key = mine\n",
            "line 2 sets `aws_access_key_id` in `[profile prod]`",
        ),
        (
            "config",
            "[profile prod]\ncredential_process = /usr/bin/mine\n",
            "line 2 sets a `credential_process` in `[profile prod]` that does not run circleci-aws-oidc",
        ),
    ] {
        let job = Job::new();
        job.write(&format!("home/.aws/{file}"), text);
        let before = snapshot(&job);
        for command in ["assume", "preflight"] {
            let run = job.run(&[&[command][..], &PROD].concat());
            assert_eq!(run.status, if command == "assume" { 7 } else { 8 }, "{}", run.stderr);
            assert!(format!("{}{}", run.stdout, run.stderr).contains(said), "{}{}", run.stdout, run.stderr);
            assert_eq!(snapshot(&job), before);
        }
        assert_eq!(job.sts.requests().len(), 0);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let mut job = Job::new();
    job.assume(&[&MODE[..], &["--to", "bash-env"]].concat())
        .expect(2, "error: `--mode credential-process` has a destination of its own");
    job.assume(&[&MODE[..], &["--profile", "a b"]].concat()).expect(2, "error: `--profile` cannot be used");
    job.unset("HOME");
    job.assume(&MODE).expect(6, "hint: set HOME\n");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn a_step_that_fails_leaves_nothing() {
    let roles = vec![Role::new(ROLE, &policy("org/somebody/else"))];
    let job = Job::with(Config { roles, ..Config::default() });
    let before = snapshot(&job);
    job.assume(&PROD).expect(4, "`AccessDenied`");
    assert_eq!(snapshot(&job), before);
}

#[test]
fn a_note_says_where_there_will_be_no_other_token() {
    let only = "note: there is no other token than that from CIRCLE_OIDC_TOKEN_V2: after it expires the credentials are \
                not renewed\n";
    let renews = "which runs this program; it renews them close to expiry\n";
    let mut job = Job::new();
    let run = job.assume(&PROD);
    run.expect(0, only);
    assert!(!run.stderr.contains(renews), "{}", run.stderr);
    job.write_program("image/circleci", "#!/bin/sh\n");
    let path = format!("{}:/usr/bin:/bin", job.text("image"));
    job.set("CIRCLECI", "true").set("PATH", &path).set("AWS_ACCESS_KEY_ID", "AKIASTATIC");
    let run = job.assume(&PROD);
    assert!(!run.succeeds().stderr.contains("there is no other token"), "{}", run.stderr);
    run.expect(0, renews);
    run.expect(0, "note: AWS_ACCESS_KEY_ID is set in this job: AWS tools use it before any profile");
    job.assume(&[&PROD[..], &["--token-source", "circleci-v2"]].concat()).expect(0, only);
}

#[test]
fn clear_takes_the_line_and_all_that_is_kept() {
    let job = Job::new();
    job.write("home/.aws/config", "[profile mine]\nregion = eu-west-1\n");
    let before = job.read("home/.aws/config");
    job.assume(&PROD).succeeds();
    job.run(&["credential-process", "--role-arn", ROLE, "--duration", "15m"]).succeeds();
    assert_eq!(entries(&job).len(), 2);
    job.run(&["clear", "--to", "bash-env"]).succeeds();
    assert_eq!(entries(&job).len(), 2);
    let run = job.run(&["clear", "--profile", "prod"]);
    run.expect(0, "profile `prod` in `")
        .expect(0, "/home/.aws/config` no longer runs `credential-process`; a Region there stays\n")
        .expect(0, "the cache of `credential-process` is deleted: 2 files\n")
        .expect(0, "a copy of these credentials is valid until they expire");
    assert_eq!(run.stderr.lines().count(), 3, "{}", run.stderr);
    assert_eq!((job.read("home/.aws/config"), entries(&job).len()), (before, 0));
    let files = snapshot(&job);
    let texts: Vec<_> = files.iter().map(|(_, _, text)| ("a file", text.as_slice())).collect();
    job.assert_no_secret_in(&texts);
    let run = job.run(&["clear", "--profile", "prod"]);
    assert!(
        run.succeeds().stderr.starts_with("nothing to clear: profile `prod` has no credentials in `"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stderr.lines().count(), 1);
}

#[test]
fn clear_leaves_another_programs_line_and_does_all_or_nothing() {
    let job = Job::new();
    job.assume(&PROD).succeeds();
    let line = job.read("home/.aws/config");
    job.write("home/.aws/config", "[profile prod]\ncredential_process = /usr/bin/mine\n");
    job.run(&["clear", "--profile", "prod"])
        .expect(0, "note: the `credential_process` of profile `prod` in `");
    assert!(job.read("home/.aws/config").contains("/usr/bin/mine"));
    job.write("home/.aws/config", &line);
    job.assume(&[&PROD[..], &["--duration", "20m"]].concat()).succeeds();
    let before = snapshot(&job);
    // Another process that edits the profiles and does not come to an end.
    let directory = File::open(job.path("home/.aws")).unwrap();
    directory.lock().unwrap();
    job.run(&["clear", "--profile", "prod"]).expect(6, "/home/.aws/config` cannot be written");
    assert_eq!(snapshot(&job), before);
}

#[test]
fn preflight_knows_the_profile_and_makes_nothing() {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    let before = snapshot(&job);
    let run = job.run(&[&["preflight"][..], &PROD].concat());
    assert!(
        run.stdout.contains("ok      destination     profile `prod` can be written to\n"),
        "{}",
        run.stdout
    );
    // A bad setting is said once, where it belongs.
    let run = job.run(&[&["preflight", "--duration", "1s"][..], &PROD].concat());
    assert_eq!(run.expect(8, "").stdout.matches("problem ").count(), 1, "{}", run.stdout);
    assert_eq!(snapshot(&job), before);
}
