//! The program as scripts run it: files, tokens, exit codes.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID};

use crate::client::{Client, FORM, ROLE, Response, policy};

/// A running program, ended by closing its standard input.
struct Running {
    child: Child,
    ready: String,
}

impl Running {
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        let template =
            policy().replace(ORGANIZATION_ID, "${ORGANIZATION_ID}").replace(PROJECT_ID, "${PROJECT_ID}");
        let file = directory.join("policy.json");
        fs::File::create(&file).unwrap().write_all(template.as_bytes()).unwrap();
        let mut child = program(&["serve", "--until-stdin-closes", "--dir"])
            .arg(directory)
            .args(["--trust", &format!("{ROLE}={}", file.display())])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        Self { child, ready }
    }

    fn end(mut self) -> i32 {
        drop(self.child.stdin.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-sts"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

fn read(directory: &Path, name: &str) -> String {
    fs::read_to_string(directory.join(name)).unwrap()
}

fn exchange(directory: &Path, token: &str) -> Response {
    let client = Client::new(read(directory, "endpoint").trim(), &read(directory, "ca.pem"));
    let form = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", ROLE),
        ("RoleSessionName", "ci-1"),
        ("WebIdentityToken", token),
    ];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    client.send("POST", "/", &[FORM], form.as_bytes()).unwrap()
}

#[test]
fn a_script_finds_the_server_and_its_tokens_in_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("made").join("here");
    fs::create_dir_all(&path).unwrap();
    let server = Running::start(&path, &[]);
    let endpoint = read(&path, "endpoint");
    assert_eq!(server.ready, format!("local-sts listens on {endpoint}"));
    assert_eq!(read(&path, "organization").trim(), ORGANIZATION_ID);
    let env = read(&path, "env");
    let lines: Vec<(&str, &str)> = env.lines().map(|line| line.split_once('=').unwrap()).collect();
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["AWS_ENDPOINT_URL_STS", "AWS_CA_BUNDLE", "CIRCLE_OIDC_TOKEN", "CIRCLE_OIDC_TOKEN_V2"]);
    assert_eq!(lines[0].1, endpoint.trim());
    assert_eq!(Path::new(lines[1].1), path.canonicalize().unwrap().join("ca.pem"));
    for (_, token) in &lines[2..] {
        assert_eq!(exchange(&path, token).status, 200);
    }
    for name in ["env", "issuer.pk8", "requests.jsonl"] {
        assert_eq!(fs::metadata(path.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    let log = read(&path, "requests.jsonl");
    assert_eq!(log.lines().count(), 2);
    assert_eq!(testkit::find_leaks(&[("token", lines[3].1)], &[("log", log.as_bytes())]), []);
    assert_eq!(server.end(), 0);
}

#[test]
fn minted_tokens_are_what_their_shape_says() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let server = Running::start(path, &[]);
    let cases: [(&[&str], &str); 10] = [
        (&[], "granted"),
        (&["--shape", "v2", "--branch", "feature/x"], "granted"),
        (&["--shape", "v1"], "granted"),
        (&["--shape", "webhook"], "granted"),
        (&["--shape", "ssh-rerun"], "granted"),
        (&["--project", PROJECT_ID], "granted"),
        (&["--project", OTHER_PROJECT_ID], "AccessDenied"),
        (&["--shape", "expired"], "ExpiredTokenException"),
        (&["--shape", "wrong-audience"], "InvalidIdentityToken"),
        (&["--shape", "forged"], "InvalidIdentityToken"),
    ];
    for (arguments, expected) in cases {
        let output = program(&["mint", "--dir"]).arg(path).args(arguments).output().unwrap();
        let token = String::from_utf8(output.stdout).unwrap();
        let answer = exchange(path, token.trim_end());
        let told = if answer.status == 200 { "granted".to_owned() } else { answer.element("Code") };
        assert_eq!(told, expected, "{arguments:?}");
        if arguments.contains(&"feature/x") {
            assert!(answer.element("SubjectFromWebIdentityToken").ends_with("/vcs-ref/refs/heads/feature/x"));
        }
    }
    assert_eq!(server.end(), 0);
}

#[test]
fn a_policy_is_rehearsed_with_the_teams_own_ids() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    Running::start(path, &[]).end();
    let own = "11111111-2222-4333-8444-555555555555";
    let server = Running::start(path, &["--organization", own]);
    assert_eq!(read(path, "organization").trim(), own);
    let output = program(&["mint", "--origin", "github.com/us/app", "--dir"]).arg(path).output().unwrap();
    let answer = exchange(path, String::from_utf8(output.stdout).unwrap().trim_end());
    let subject = answer.element("SubjectFromWebIdentityToken");
    assert!(subject.starts_with(&format!("org/{own}/project/{PROJECT_ID}/user/")), "{subject}");
    assert!(subject.ends_with("/vcs-origin/github.com/us/app/vcs-ref/refs/heads/main"), "{subject}");
    assert_eq!(server.end(), 0);
}

#[test]
fn a_second_run_keeps_the_issuer_and_takes_faults() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    Running::start(path, &[]).end();
    let token = String::from_utf8(program(&["mint", "--dir"]).arg(path).output().unwrap().stdout).unwrap();
    let server = Running::start(path, &["--fault", &format!("{ROLE}=throttling*1")]);
    assert_eq!(exchange(path, token.trim_end()).element("Code"), "Throttling");
    assert_eq!(exchange(path, token.trim_end()).status, 200);
    assert_eq!(read(path, "requests.jsonl").lines().count(), 2);
    assert_eq!(server.end(), 0);
}

#[test]
fn a_run_that_does_not_start_leaves_no_endpoint_of_an_earlier_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    Running::start(path, &[]).end();
    let token = read(path, "env");
    assert!(path.join("endpoint").exists(), "an ended server leaves its files");
    let broken = format!("{ROLE}={}/absent.json", path.display());
    let output = program(&["serve", "--dir"]).arg(path).args(["--trust", &broken]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    for name in ["env", "endpoint", "ca.pem"] {
        assert!(!path.join(name).exists(), "{name}");
    }
    let server = Running::start(path, &[]);
    assert_ne!(read(path, "env"), token);
    assert_eq!(
        exchange(path, read(path, "env").lines().last().unwrap().split_once('=').unwrap().1).status,
        200
    );
    assert_eq!(server.end(), 0);
}

#[test]
fn a_certificate_is_three_files_and_leaves_a_server_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let certificate = || program(&["certificate", "--dir"]).arg(path).output().unwrap();
    assert_eq!(certificate().status.code(), Some(0));
    assert!(read(path, "server.pem").ends_with(&read(path, "ca.pem")));
    assert!(read(path, "server.key").contains("PRIVATE KEY"));
    assert_eq!(certificate().status.code(), Some(0), "a second time");
    fs::File::create(path.join("endpoint")).unwrap();
    let refused = certificate();
    assert_eq!(refused.status.code(), Some(1));
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(text.ends_with("  hint: name a directory of its own for `local-sts certificate`\n"), "{text}");
}

#[test]
fn usage_ends_with_2_and_failures_with_1() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().to_str().unwrap();
    let fault = format!("{ROLE}=nonsense");
    let no_policy = format!("{ROLE}={empty}/absent.json");
    let cases: [(&[&str], i32, &str); 7] = [
        (&[], 2, "Usage"),
        (&["serve"], 2, "--dir"),
        (&["serve", "--dir", empty, "--fault", &fault], 2, "unknown fault `nonsense`"),
        (&["serve", "--dir", empty, "--trust", "deploy"], 2, "`deploy` has no `=`"),
        (&["mint", "--dir", empty, "--shape", "v3"], 2, "v3"),
        (&["mint", "--dir", empty], 1, "hint: run `local-sts serve` with this directory first"),
        (&["serve", "--dir", empty, "--trust", &no_policy], 1, "absent.json`\n  caused by: No such file"),
    ];
    for (arguments, code, text) in cases {
        let output = run(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(text), "{arguments:?}: {told}");
    }
}
