//! The shell text in real shells: a value is unchanged, and no part of it runs.

mod blocks;
mod exceptions;
mod other_languages;

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use aws::{Credentials, Secret};
use export::{STALE_VARIABLES, Session, shell};

/// A distribution has one version of bash. The others run where the PATH has them by these names.
const SHELLS: [&[&str]; 11] = [
    &["sh"],
    &["bash"],
    &["bash-3.2"],
    &["bash-4.4"],
    &["bash-5.3"],
    &["bash", "--posix"],
    &["dash"],
    &["busybox", "sh"],
    &["zsh"],
    &["mksh"],
    &["ksh93"],
];

const HOSTILE: [&str; 18] = [
    "$(echo run >&2; echo run)",
    "`echo run`",
    "'; echo run; '",
    "\"; echo run; \"",
    "'$(echo run)'",
    "''",
    "'",
    "a'b\"c'd",
    "!!",
    "wow!$!",
    "\\",
    "\\'; echo run #",
    "\\n\\0101%s%n%d",
    "]) & | < > ( { ; # ~",
    " lead and trail ",
    "* ? [a-z] ~root",
    "${IFS}$'\\n'${#}",
    "é\u{2028}😀",
];

#[test]
fn hostile_values_arrive_unchanged_when_the_text_is_a_script() {
    for value in HOSTILE {
        // As if an earlier writer of BASH_ENV had not ended its last line.
        let script = format!("FOREIGN=kept{}{PRINT}", shell::render(&session(value)).expose());
        for shell in SHELLS {
            expect(&[shell, &["-eu", "-s"]].concat(), &script, &[], &format!("kept|{value}|{value}|unset\n"));
        }
    }
}

#[test]
fn hostile_values_arrive_unchanged_through_eval() {
    for value in HOSTILE {
        let text = shell::render(&session(value));
        for shell in SHELLS {
            let script = format!("eval \"$TEXT\"\n{PRINT}");
            let environment = [("TEXT", text.expose()), ("FOREIGN", "kept")];
            expect(
                &[shell, &["-eu", "-s"]].concat(),
                &script,
                &environment,
                &format!("kept|{value}|{value}|unset\n"),
            );
        }
    }
}

const PRINT: &str = "printf '%s|%s|%s|%s\\n' \"$FOREIGN\" \"$AWS_SECRET_ACCESS_KEY\" \
     \"$(printenv AWS_SESSION_TOKEN)\" \"${AWS_PROFILE-unset}\"\n";

fn session(value: &str) -> Session {
    let credentials = Credentials {
        access_key_id: "ASIA1".to_owned(),
        secret_access_key: Secret::new(value.to_owned()),
        session_token: Secret::new(value.to_owned()),
        expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
    };
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned();
    Session::new(credentials, arn, "123456789012".parse().unwrap(), None).unwrap()
}

/// Says once that tests run without this shell. The test harness would hide a `println!` of a passing test.
fn report_skipped(program: &str) {
    static REPORTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if REPORTED.lock().unwrap().insert(program.to_owned()) {
        writeln!(std::io::stdout().lock(), "skipped: no {program}").unwrap();
    }
}

/// Runs `command` with `input` and stale variables around it. A shell that is not installed is reported.
fn expect(command: &[&str], input: &str, environment: &[(&str, &str)], output: &str) {
    let [program, arguments @ ..] = command else { panic!("no program") };
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    child.envs(STALE_VARIABLES.map(|name| (name, "stale"))).envs(environment.iter().copied());
    let mut child = match child.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return report_skipped(program);
        }
        Err(error) => panic!("{program}: {error}"),
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let run = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{command:?}");
    assert_eq!(String::from_utf8_lossy(&run.stdout), output, "{command:?}");
    assert!(run.status.success(), "{command:?}");
}
