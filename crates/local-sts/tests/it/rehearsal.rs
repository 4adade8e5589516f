//! `local-sts rehearse`: its table and exit code. The product's part is played by scripts here;
//! scripts/end-to-end/rehearse.sh has the real one.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;
use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID, USER_ID};

/// A policy in a directory, with a copy of the program, so that no product is beside it.
struct Rehearsal {
    directory: TempDir,
}

const MAIN: &str = "user/*/vcs-origin/github.com/example-org/example-app/vcs-ref/refs/heads/main";

impl Rehearsal {
    /// `sub` ends with `pattern`; `more` is a further condition.
    fn of(pattern: &str, more: &str) -> Self {
        let rehearsal = Self { directory: tempfile::tempdir().unwrap() };
        rehearsal.shell("cp \"$0\" local-sts", env!("CARGO_BIN_EXE_local-sts"));
        let provider = format!("oidc.circleci.com/org/{ORGANIZATION_ID}");
        rehearsal.write(
            "trust.json",
            &format!(
                r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/{provider}"}},
                "Condition": {{"StringLike": {{"{provider}:sub": "org/{ORGANIZATION_ID}/project/{PROJECT_ID}/{pattern}"}}{more}}}}}]}}"#
            ),
        );
        rehearsal
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "the files of a test, in a directory of its own")]
    fn write(&self, name: &str, contents: &str) {
        fs::write(self.path(name), contents).unwrap();
    }

    /// Another process writes what is then executed: while this one has a file open for writing, a test in another thread
    /// can start a process that inherits it, and the system executes no such file.
    fn shell(&self, script: &str, argument: &str) {
        let directory = self.directory.path();
        assert!(
            Command::new("sh")
                .current_dir(directory)
                .args(["-ec", script, argument])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Puts a product beside the program that is this script.
    fn with_product(self, script: &str) -> Self {
        let write = "printf '#!/bin/sh\\n%s\\n' \"$0\" >circleci-aws-oidc; chmod 755 circleci-aws-oidc";
        self.shell(write, script);
        self
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = Command::new(self.path("local-sts"))
            .current_dir(self.directory.path())
            .env("PATH", "relative:/nonexistent")
            .args(["rehearse", "--trust", "trust.json", "--organization", ORGANIZATION_ID])
            .args(["--project", PROJECT_ID])
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }
}

#[test]
fn a_policy_that_decides_as_expected_ends_with_0() {
    let (code, table, notes) = Rehearsal::of(MAIN, "").run(&[
        "--allow",
        "main",
        "--deny",
        "feature/x",
        "--deny",
        "refs/tags/v1",
        "--deny-project",
        OTHER_PROJECT_ID,
        "--deny-origin",
        "github.com/fork/example-app",
    ]);
    let expected = format!(
        "ok     allowed  refs/heads/main
ok     denied   refs/heads/feature/x
ok     denied   refs/tags/v1
ok     denied   refs/heads/main of project {OTHER_PROJECT_ID}
ok     denied   refs/heads/main of github.com/fork/example-app
"
    );
    assert_eq!((code, table), (0, expected), "{notes}");
    assert_eq!(
        notes,
        "note: judged by local-sts alone: circleci-aws-oidc is neither beside it nor on the PATH\n"
    );
}

#[test]
fn a_policy_that_allows_too_much_or_too_little_ends_with_8() {
    let wide = Rehearsal::of("*", "");
    let (code, table, notes) = wide.run(&["--allow", "main", "--deny", "feature/x"]);
    assert_eq!(
        (code, &*table),
        (8, "ok     allowed  refs/heads/main\nwrong  allowed  refs/heads/feature/x, expected denied\n")
    );
    assert!(notes.contains("error: the policy does not decide as expected for 1 of 2 jobs\n"), "{notes}");
    assert!(notes.contains("trust lint trust.json"), "{notes}");
    let narrow = Rehearsal::of(MAIN, "");
    let (code, table, notes) = narrow.run(&["--allow", "main", "--origin", "github.com/us/app"]);
    assert_eq!((code, &*table), (8, "wrong  denied   refs/heads/main, expected allowed\n"), "{notes}");
    assert!(notes.contains("correct the condition of `trust.json`"), "{notes}");
}

#[test]
fn shapes_have_their_own_subjects() {
    let v1 = Rehearsal::of(&format!("user/{USER_ID}"), "");
    for shape in ["v1", "webhook"] {
        assert_eq!(v1.run(&["--allow", "main", "--shape", shape]).0, 0, "{shape}");
    }
    assert_eq!(v1.run(&["--allow", "main"]).0, 8);
}

#[test]
fn what_the_policy_does_not_decide_is_not_denied() {
    let address = Rehearsal::of(MAIN, r#", "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#);
    let (code, table, notes) = address.run(&["--allow", "main"]);
    assert_eq!((code, &*table), (1, ""), "{notes}");
    assert!(
        notes.contains("error: cannot rehearse refs/heads/main\n  caused by: the policy has a condition")
    );
    // The denied job is denied by `sub` already, whatever the address is; the allowed one still ends the rehearsal.
    let (code, _, notes) = address.run(&["--allow", "main", "--deny", "x"]);
    assert_eq!(code, 1, "{notes}");
}

#[test]
fn the_providers_account_counts_and_a_role_must_be_one() {
    let other = ["--allow", "main", "--role-arn", "arn:aws:iam::999999999999:role/deploy"];
    let (code, table, notes) = Rehearsal::of(MAIN, "").run(&other);
    // The provider that this policy names is of another account than the role: the policy denies.
    assert_eq!((code, &*table), (8, "wrong  denied   refs/heads/main, expected allowed\n"), "{notes}");
    let not_a_role = ["--allow", "main", "--role-arn", "deploy"];
    assert_eq!(Rehearsal::of(MAIN, "").run(&not_a_role).0, 1);
}

#[test]
fn a_product_that_fails_or_calls_nobody_is_not_a_denial() {
    let scripts = [
        ("exit 5", "ended with exit code 5 and sent no request, while the policy allows the token"),
        ("echo 'error: it broke' >&2; exit 4", "allows the token\n    error: it broke"),
        ("exit 0", "ended with exit code 0 and sent no request, while the policy allows the token"),
        ("kill -9 $$", "ended with signal: 9"),
    ];
    for (script, cause) in scripts {
        let (code, table, notes) = Rehearsal::of(MAIN, "").with_product(script).run(&["--allow", "main"]);
        assert_eq!((code, &*table), (1, ""), "{script}: {notes}");
        assert!(notes.contains(cause), "{script}: {notes}");
    }
}

#[test]
fn a_rehearsal_without_a_job_to_allow_or_with_names_for_ids_is_a_usage_error() {
    let cases: [(&[&str], &str); 3] = [
        (&["--deny", "main"], "--allow <REF>"),
        (&["--allow", "main", "--deny-project", "app"], "expected a UUID"),
        (&["--allow", "main", "--shape", "expired"], "invalid value 'expired'"),
    ];
    for (arguments, text) in cases {
        let (code, table, notes) = Rehearsal::of(MAIN, "").run(arguments);
        assert_eq!((code, &*table), (2, ""), "{arguments:?}: {notes}");
        assert!(notes.contains(text), "{arguments:?}: {notes}");
    }
    let nobody = Rehearsal::of(MAIN, "");
    nobody.write("trust.json", r#"{"Version": "2012-10-17", "Statement": []}"#);
    let (code, _, notes) = nobody.run(&["--allow", "main"]);
    assert_eq!(code, 2, "{notes}");
    assert!(notes.starts_with("error: --role-arn is required: `trust.json` names no identity provider"));
}
