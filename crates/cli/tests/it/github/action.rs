//! The GitHub action in `.github/configure-aws-credentials`, in a runner that is played: its step runs as action.yml writes
//! it, with the inputs of a workflow.

mod inputs;

use std::fs;
use std::path::{Path, PathBuf};

use orb_runner::yaml::{self, BareWords, Value};

use super::workflow;
use crate::support::github_job::{ARN, fresh, given, job_with};
use crate::support::token_endpoint::TokenEndpoint;
use crate::support::{Job, ROLE, Run, runner};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn action() -> Value {
    let text = fs::read_to_string(repository().join(".github/configure-aws-credentials/action.yml")).unwrap();
    yaml::parse(&text, BareWords::AreBooleans).unwrap()
}

fn names_at(action: &Value, path: &[&str]) -> Vec<String> {
    action.at(path).and_then(Value::as_map).unwrap().keys().cloned().collect()
}

fn only_step(action: &Value) -> &Value {
    let steps = action.at(&["runs", "steps"]).and_then(Value::as_list).unwrap();
    assert_eq!(steps.len(), 1);
    &steps[0]
}

/// What GitHub makes of an expression of action.yml with these inputs.
fn evaluated(expression: &str, action: &Value, inputs: &[(&str, &str)]) -> String {
    let inside = expression.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")).unwrap();
    let input = |name: &str| {
        let default = action.at(&["inputs", name, "default"]).and_then(Value::as_text).unwrap_or_default();
        assert!(action.at(&["inputs", name]).is_some(), "{name} is not declared");
        inputs.iter().find(|(given, _)| *given == name).map_or(default, |(_, value)| value).to_owned()
    };
    let is_set = |part: &str| !input(part.strip_prefix("inputs.").unwrap()).is_empty();
    match inside.strip_suffix(" != ''") {
        Some(parts) => parts.split(" != '' || ").any(is_set).to_string(),
        None => input(inside.strip_prefix("inputs.").unwrap()),
    }
}

/// A copy of what GitHub checks out for the action, with these pins.
pub(super) fn check_out(job: &Job, into: &str, pins: &str) {
    for (directory, files) in [
        (".github/configure-aws-credentials", &["action.yml", "configure.sh"][..]),
        ("orb/src/scripts", &["install.sh"]),
    ] {
        for file in files {
            let text = fs::read_to_string(repository().join(directory).join(file)).unwrap();
            job.write_program(&format!("{into}/{directory}/{file}"), &text);
        }
    }
    job.write(&format!("{into}/orb/src/scripts/pins.txt"), pins);
}

/// The pins file with a digest for this machine.
pub(super) fn pins(digest: &str) -> String {
    let own = fs::read_to_string(repository().join("orb/src/scripts/pins.txt")).unwrap();
    let version = own.lines().next().unwrap();
    format!("{version}\nlinux-aarch64={digest}\nlinux-x86_64={digest}\n")
}

/// A job on a runner that has checked the action out, and the endpoint of its token.
fn job() -> (Job, TokenEndpoint) {
    let (mut job, endpoint) = job_with(Vec::new(), |issuer| vec![given(&fresh(), issuer)]);
    let digest = workflow::image(&mut job);
    check_out(&job, "action", &pins(&digest));
    (job, endpoint)
}

/// Runs the action's step with these inputs, and `ROLE` and a Region where they are not given.
fn run(job: &mut Job, inputs: &[(&str, &str)]) -> Run {
    let action = action();
    let step = only_step(&action);
    let mut given = vec![("role-to-assume", ROLE), ("aws-region", "eu-west-1")];
    given.retain(|(name, _)| inputs.iter().all(|(other, _)| other != name));
    given.extend(inputs);
    for (name, value) in step.at(&["env"]).and_then(Value::as_map).unwrap() {
        job.set(name, &evaluated(value.as_text().unwrap(), &action, &given));
    }
    let path = format!("{}:/usr/bin:/bin", job.text("image"));
    let directory = job.text("action/.github/configure-aws-credentials");
    job.set("PATH", &path).set("GITHUB_ACTION_PATH", &directory);
    job.bash(step.at(&["run"]).and_then(Value::as_text).unwrap())
}

#[test]
fn the_next_steps_have_the_credentials_and_the_outputs_are_those_of_the_session() {
    let (mut job, _endpoint) = job();
    let run = run(&mut job, &[("role-duration-seconds", "900"), ("mask-aws-account-id", "true")]);
    run.expect(0, &format!("assumed {ARN} until "));
    let granted = job.sts.granted().remove(0);
    let masked = ["123456789012", &granted.secret_access_key, &granted.session_token];
    assert_eq!(runner::masks(&run.stdout), masked);
    let outputs = runner::variables(&job.read("output")).unwrap();
    for (name, value) in [("aws-account-id", "123456789012"), ("authenticated-arn", ARN)] {
        assert_eq!(outputs[name], value);
    }
    assert!(outputs["aws-expiration"].starts_with("20"));
    let declared = names_at(&action(), &["outputs"]);
    assert_eq!(outputs.keys().cloned().collect::<Vec<_>>(), declared);
    assert_eq!(job.read("path"), format!("{}\n", job.text("temp/circleci-aws-oidc")));
    runner::end_step(&mut job);
    let next = job.run(&["whoami"]);
    assert!(next.succeeds().stdout.contains(&format!("arn: {ARN}\n")), "{}", next.stdout);
    assert_eq!(job.sts.requests()[0].parameter("DurationSeconds"), Some("900"));
}

#[test]
fn a_profile_is_written_instead_and_its_identity_is_the_output() {
    let (mut job, _endpoint) = job();
    run(&mut job, &[("aws-profile", "deploy")]).succeeds();
    assert_eq!(job.read("env"), "BEFORE=1");
    assert!(job.read("home/.aws/credentials").starts_with("[deploy]\n"));
    let outputs = runner::variables(&job.read("output")).unwrap();
    let expected = [("authenticated-arn", ARN), ("aws-account-id", "123456789012")];
    assert_eq!(outputs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[test]
fn a_setting_without_an_input_is_a_variable_of_the_workflow() {
    let (mut job, _endpoint) = job();
    let file = job.text("aws.env");
    job.set("CIRCLECI_AWS_OIDC_TO", &format!("github dotenv:{file}"));
    run(&mut job, &[]).succeeds();
    assert!(job.read("env").contains("\nAWS_ACCESS_KEY_ID<<"));
    assert!(job.read("aws.env").contains("AWS_ACCESS_KEY_ID=ASIA"));
}

#[test]
fn a_value_is_literal_whatever_it_holds() {
    let (mut job, _endpoint) = job();
    let statement =
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/$HOME/$(id)"}"#;
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    run(&mut job, &[("inline-session-policy", &policy)]).succeeds();
    assert_eq!(job.sts.requests()[0].parameter("Policy"), Some(&*policy));
    run(&mut job, &[("role-session-name", "$(touch pwned)`id`")])
        .expect(2, "error: `role-session-name` cannot be used")
        .expect(2, "$(touch pwned)`id`");
    assert!(!job.path("pwned").exists() && !repository().join("pwned").exists());
}

#[test]
fn what_is_not_supported_fails_before_anything_is_installed_and_names_the_replacement() {
    let long_term = "never-part-of-a-script";
    for (input, value, said) in [
        ("aws-access-key-id", "AKIAEXAMPLE", "remove aws-access-key-id"),
        ("aws-secret-access-key", long_term, "remove aws-access-key-id"),
        ("role-chaining", "true", "name this role with chain-role-arn"),
        ("force-skip-oidc", "true", "remove force-skip-oidc"),
        ("use-existing-credentials", "true", "remove use-existing-credentials"),
        ("output-credentials", "true", "remove output-credentials"),
        ("output-env-credentials", "false", "remove output-env-credentials"),
        ("special-characters-workaround", "true", "remove special-characters-workaround"),
        ("custom-tags", "{\"a\":\"b\"}", "remove custom-tags"),
        ("disable-retry", "yes", "set `disable-retry` to true or false"),
        ("overwrite-aws-profile", "1", "set `overwrite-aws-profile` to true or false"),
        ("mask-aws-account-id", "on", "set `mask-aws-account-id` to true or false"),
    ] {
        let (mut job, endpoint) = job();
        job.keep_secret(long_term);
        let run = run(&mut job, &[(input, value)]);
        run.expect(2, "error: ").expect(2, &format!("  hint: {said}"));
        assert!(!job.path("temp/circleci-aws-oidc").exists(), "{input}");
        assert_eq!((job.read("env"), endpoint.heads().len()), ("BEFORE=1".to_owned(), 0), "{input}");
    }
}

#[test]
fn errors_name_the_input() {
    for (input, value, status, said) in [
        ("role-to-assume", "", 2, "`role-to-assume` is required"),
        ("role-to-assume", "deploy", 2, "`role-to-assume` cannot be used"),
        ("aws-region", "nowhere", 2, "`aws-region` cannot be used"),
        ("role-duration-seconds", "1", 2, "`role-duration-seconds` cannot be used"),
        ("allowed-account-ids", "111111111111", 7, "not allowed by `allowed-account-ids`"),
        ("managed-session-policies", "admin", 2, "`managed-session-policies` cannot be used"),
        ("inline-session-policy", "{", 2, "`inline-session-policy` cannot be used"),
        ("role-external-id", "some", 2, "`role-external-id` needs `chain-role-arn`"),
        ("transitive-tag-keys", "a", 2, "`transitive-tag-keys`"),
        ("chain-role-arn", "admin", 2, "`chain-role-arn` cannot be used"),
        ("tags", "a=b", 2, "`tags` needs `chain-role-arn`"),
        ("audience", "a b", 2, "`audience` cannot be used"),
        ("retry-max-attempts", "21", 2, "`retry-max-attempts` cannot be used"),
        ("action-timeout-s", "0", 2, "`action-timeout-s` cannot be used"),
        ("sts-endpoint", "x", 2, "`sts-endpoint` cannot be used"),
        ("aws-profile", "a]", 2, "`aws-profile` cannot be used"),
        ("web-identity-token-file", "none", 3, "none"),
    ] {
        let (mut job, _endpoint) = job();
        let run = run(&mut job, &[(input, value)]);
        run.expect(status, said);
        assert!(!run.stderr.contains("CIRCLECI_AWS_OIDC_"), "{}", run.stderr);
    }
}

/// On Windows the runner's paths are not those of its bash, which has `cygpath`. The rest of Windows is not played.
#[test]
fn the_runner_and_the_shell_each_get_the_directory_in_their_own_form() {
    let (mut job, _endpoint) = job();
    let script = format!(
        "#!/bin/sh\n[ \"$*\" = '-u D:\\a\\_temp/circleci-aws-oidc' ] && echo '{}'\n",
        job.text("temp/bin")
    );
    job.write_program("image/cygpath", &script);
    job.set("RUNNER_TEMP", "D:\\a\\_temp");
    run(&mut job, &[]).succeeds();
    assert_eq!(job.read("path"), "D:\\a\\_temp/circleci-aws-oidc\n");
    assert!(job.path("temp/bin/circleci-aws-oidc").is_file());
}

#[test]
fn the_proxy_is_that_of_the_input() {
    let (mut job, _endpoint) = job();
    let refusing = format!("http://127.0.0.1:{}", closed_port());
    let inputs = [
        ("http-proxy", &*refusing),
        ("no-proxy", "example.com"),
        ("sts-endpoint", "https://sts.eu-west-1.amazonaws.com"),
        ("disable-retry", "true"),
    ];
    run(&mut job, &inputs).expect(5, &refusing["http://".len()..]);
}

/// A port of loopback where nothing listens.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn the_pins_are_those_of_the_orb_and_no_other_binary_runs() {
    let (mut job, _endpoint) = job();
    check_out(&job, "action", &pins(&"0".repeat(64)));
    let url_of_the_orb = "is not the pinned one (0000000000";
    run(&mut job, &[]).expect(1, url_of_the_orb);
    assert_eq!((job.read("env"), job.read("path")), ("BEFORE=1".to_owned(), String::new()));
    let own = fs::read_to_string(repository().join("orb/src/scripts/pins.txt")).unwrap();
    check_out(&job, "action", own.lines().next().unwrap());
    run(&mut job, &[]).expect(1, "error: no SHA-256 is pinned for circleci-aws-oidc ");
}
