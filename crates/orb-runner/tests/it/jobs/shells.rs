//! Shells that are not what the orb's scripts expect: bash that does not read `BASH_ENV`, and a shell that is not POSIX.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::fixture::{Fixture, Outcome, program, report_skipped, shells};
use super::install::{digest, platform};

const BINARY: &str = "#!/bin/sh\necho \"ran $1\"\n";

const FISH: &str =
    "error: this step needs a POSIX shell and fish runs it; set the parameter shell to /bin/sh\n";

/// Runs a command of the orb in a job with these variables. A script replaces the binary.
fn run(fixture: &Fixture, command: &str, arguments: &str, variables: &str) -> Outcome {
    fixture.write_program("image/circleci-aws-oidc", BINARY);
    let orb = format!("aws-oidc={}", fixture.pack_orb(None).display());
    let config = format!(
        "orbs: {{aws-oidc: another/orb@1.2}}\njobs: {{build: {{steps: [aws-oidc/{command}: {{{arguments}}}]}}}}"
    );
    let path = format!("{}:/usr/bin:/bin", fixture.path("image").display());
    let home = fixture.path("home").display().to_string();
    let contexts = fixture.write("contexts", format!("HOME={home}\nPATH={path}\n{variables}"));
    fixture.run(&config, &["--orb", &orb, "--env-file", contexts.to_str().unwrap()])
}

/// Whether a step with this shell has what the file exports.
fn reads_bash_env(fixture: &Fixture, shell: &str, variables: &str) -> bool {
    let file = fixture.write("read", "export WAS_READ=1\n");
    let mut words = shell.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words).args(["-c", "echo \"$WAS_READ\""]).env("BASH_ENV", file).env_remove("WAS_READ");
    command.envs(variables.lines().filter_map(|line| line.split_once('=')));
    command.output().unwrap().stdout == b"1\n"
}

#[test]
fn bash_that_does_not_read_bash_env_is_noted_as_any_other_shell_is() {
    let Some(bash) = program("bash") else { return report_skipped("bash") };
    let fixture = Fixture::new();
    let (bash, sh) = (bash.display().to_string(), fixture.path("sh"));
    symlink(&bash, &sh).unwrap();
    let posix = "is bash in POSIX mode (as sh, with --posix or POSIXLY_CORRECT)";
    for (shell, variables, reason) in [
        (bash.clone(), "", None),
        (format!("{bash} -euo pipefail"), "", None),
        (format!("{bash} --login -e"), "", None),
        (format!("{} -e", sh.display()), "", Some(posix)),
        (format!("{bash} --posix"), "", Some(posix)),
        (format!("{bash} -o posix"), "", Some(posix)),
        (bash.clone(), "POSIXLY_CORRECT=1\n", Some(posix)),
        (format!("{bash} -p"), "", Some("is bash with the option -p")),
        (format!("{bash} --norc -i"), "", Some("is bash with the option -i")),
    ] {
        assert_eq!(reads_bash_env(&fixture, &shell, variables), reason.is_none(), "{shell} {variables}");
        for command in ["aws-configure-credentials", "preflight"] {
            for (more, remedy) in [
                ("", Some("profile-name")),
                (", profile-name: ci", None),
                (", mode: endpoint", Some("mode to credential-process")),
                (", mode: credential-process", None),
            ] {
                let arguments = format!("role-arn: r, install: false, shell: '{shell}'{more}");
                let stderr = run(&fixture, command, &arguments, variables).stderr;
                // An interactive bash has remarks of its own about the missing terminal.
                let notes: Vec<&str> = stderr.lines().filter(|line| line.starts_with("note: ")).collect();
                let expected = reason.zip(remedy).map(|(reason, remedy)| {
                    format!(
                        "note: the shell of this step {reason} and does not read BASH_ENV; the next steps have the \
                         credentials only if their shell does; for other shells set the parameter {remedy}"
                    )
                });
                assert_eq!(
                    notes,
                    expected.iter().collect::<Vec<_>>(),
                    "{shell} {variables} {more}: {stderr}"
                );
            }
        }
    }
}

#[test]
fn fish_gets_one_line_and_the_step_fails() {
    let Some(fish) = program("fish") else { return report_skipped("fish") };
    for (command, role) in [
        ("aws-configure-credentials", "role-arn: r, "),
        ("preflight", "role-arn: r, "),
        ("whoami", ""),
        ("clear-credentials", ""),
    ] {
        let install = if command == "clear-credentials" { "" } else { "install: false, " };
        let arguments = format!("{role}{install}shell: '{}'", fish.display());
        let outcome = run(&Fixture::new(), command, &arguments, "");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (2, FISH), "{command}: {}", outcome.stdout);
        assert!(!outcome.stdout.contains("ran "), "{}", outcome.stdout);
    }
    // `install` has programs of other languages in quotes, so there fish itself prints the line, as one that it
    // cannot parse. Up to version 3.6 it then exits with 0, and the next step fails.
    let outcome = run(
        &Fixture::new(),
        "aws-configure-credentials",
        &format!("role-arn: r, shell: '{}'", fish.display()),
        "",
    );
    assert_ne!(outcome.status, 0);
    assert!(outcome.stderr.contains(&format!("# {FISH}")), "{}", outcome.stderr);
    assert!(!outcome.stdout.contains("ran "), "{}", outcome.stdout);
}

/// Runs the script of `install` in a job whose `BASH_ENV` is this. The binary is there already.
fn install(fixture: &Fixture, shell: &str, bash_env: &str) -> Outcome {
    fixture.write("bin/circleci-aws-oidc", BINARY);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../orb/src/scripts/install.sh");
    let mut words = shell.split(' ').filter(|word| !word.is_empty());
    let mut command = Command::new(words.next().unwrap_or("/bin/sh"));
    command.args(words).arg("-c").arg(std::fs::read_to_string(script).unwrap());
    command.current_dir(fixture.path(""));
    command.envs([
        ("HOME", fixture.path("home").to_str().unwrap()),
        ("BASH_ENV", bash_env),
        ("INSTALL_AWS_OIDC_VERSION", ""),
        ("INSTALL_AWS_OIDC_SHA256", ""),
        ("INSTALL_AWS_OIDC_PINS", &format!("version=1 {}={}", platform(), digest(BINARY))),
        ("INSTALL_AWS_OIDC_DIR", fixture.path("bin").to_str().unwrap()),
        ("INSTALL_AWS_OIDC_BASE_URL", "https://127.0.0.1"),
    ]);
    let output = command.output().unwrap();
    Outcome {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn install_writes_to_the_file_that_bash_reads() {
    for shell in shells() {
        for value in ["~/env", "$HOME/env", "${HOME}/env"] {
            let fixture = Fixture::new();
            fixture.write("home/env", "");
            let outcome = install(&fixture, &shell, value);
            assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{shell} {value}");
            let text = std::fs::read_to_string(fixture.path("home/env")).unwrap();
            assert!(text.contains("export PATH="), "{shell} {value}: {text}");
        }
        for value in
            ["$X/env", "$(pwd)/env", "`pwd`/env", "~root/env", "${HOME:-x}/env", "$HOMES/env", "/x/$HOME"]
        {
            let fixture = Fixture::new();
            let outcome = install(&fixture, &shell, value);
            let error = format!(
                "error: invalid value `{value}` of BASH_ENV; expected a path in which only a leading ~/, $HOME or ${{HOME}} is expanded\n"
            );
            assert_eq!(outcome.status, 1, "{shell} {value}");
            assert_eq!(
                outcome.stderr,
                format!("{error}  hint: set BASH_ENV to the absolute path of the file\n")
            );
            assert_eq!(std::fs::read_dir(fixture.path("")).unwrap().count(), 1, "{shell} {value}");
        }
    }
}
