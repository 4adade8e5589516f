//! The command line: what clap accepts, what help shows of it, and the order of the flags.

use std::collections::BTreeMap;

use super::*;
use crate::args::command::Definition;
use crate::args::help::{COLUMNS, Form, help};

/// Every command with its line in `--help` and its flags, in the order of `--help`.
pub(crate) fn commands() -> Vec<(String, &'static str, Vec<&'static str>)> {
    let definitions = Command::all().map(Command::definition);
    let flags = |definition: &'static Definition| definition.flags().map(|flag| flag.setting.flag);
    definitions.map(|it| (it.path.join(" "), it.about, flags(it).collect())).to_vec()
}

/// The flags of every command and subcommand.
pub(crate) fn flags_by_command() -> BTreeMap<String, Vec<String>> {
    let mut flags = BTreeMap::new();
    for definition in Command::all().map(Command::definition) {
        let long = definition.flags().map(|flag| flag.setting.flag.to_owned());
        flags.insert(definition.path.last().unwrap().to_string(), long.collect());
    }
    flags
}

/// The flags of a command line that is understood.
pub(crate) fn flags_of(arguments: impl Iterator<Item = OsString>) -> Flags {
    let arguments: Vec<OsString> = arguments.collect();
    match parse(&arguments) {
        Ok(Parsed::Run(_, flags)) => flags,
        _ => panic!("{arguments:?}"),
    }
}

/// The paths that have help: of all commands and groups.
fn paths() -> Vec<Vec<&'static str>> {
    let groups = [vec![], vec!["trust"]].into_iter();
    groups.chain(Command::all().map(|command| command.definition().path.to_vec())).collect()
}

fn parsed(line: &str) -> Result<Parsed, UsageError> {
    parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
}

/// The message and the hint of a line that is refused.
fn refused(line: &str) -> (String, String) {
    match parsed(line) {
        Err(UsageError::Invalid { message, hint }) => (message, hint),
        _ => panic!("{line} is not refused"),
    }
}

#[test]
fn clap_accepts_the_definition() {
    program().debug_assert();
    for command in Command::all() {
        let definition = command.definition();
        parser(definition.operand, definition.flags()).debug_assert();
    }
}

/// Compact help is for a look from the command line: 39 flags of `preflight` with a line each, 9 headings, 7 lines
/// around them. What needs more room is in the full help, which is read in a pager.
#[test]
fn compact_help_fits_a_window_of_fifty_five_lines() {
    for path in paths() {
        let text = help(&path, Form::Short);
        assert!(text.lines().count() <= 55, "{text}");
    }
}

#[test]
fn no_line_of_help_is_wider_than_its_columns() {
    for path in paths() {
        for form in [Form::Short, Form::Full] {
            for line in help(&path, form).lines() {
                assert!(line.chars().count() <= COLUMNS, "{path:?}: {line}");
                assert_eq!(line, line.trim_end(), "{path:?}");
            }
        }
    }
}

#[test]
fn help_has_every_flag_with_its_variable_under_a_heading() {
    for definition in Command::all().map(Command::definition) {
        let (short, full) = (help(definition.path, Form::Short), help(definition.path, Form::Full));
        for group in definition.groups {
            assert!(short.contains(&format!("\n{}:\n  --", group.heading)), "{short}");
        }
        for flag in definition.flags() {
            let name = help::flag_with_value(flag);
            assert!(short.contains(&format!("\n  {name} ")), "{name}: {short}");
            let line = full.lines().find(|line| line.starts_with(&format!("  {name} "))).unwrap();
            assert!(line.ends_with(&format!(" {}", flag.setting.variable)), "{line}");
        }
    }
}

/// An example that does not work is worse than none.
#[test]
fn every_command_has_two_examples_that_are_understood() {
    let mut lines: Vec<&str> = help::FIRST_STEPS.map(|(_, line)| line).to_vec();
    for definition in Command::all().map(Command::definition) {
        assert!(definition.examples.len() >= 2, "{:?}", definition.path);
        lines.extend(definition.examples.iter().map(|example| example.line));
    }
    for line in lines {
        let typed = line.find(PROGRAM).and_then(|at| line.get(at..)).unwrap();
        let typed = typed.split(['|', '>', ')']).next().unwrap().replace("\\\n", " ");
        assert!(matches!(parsed(&typed), Ok(Parsed::Run(..))), "{typed}");
    }
}

#[test]
fn a_slip_is_named_with_what_was_meant() {
    for (line, message, hint) in [
        ("asume", "`circleci-aws-oidc` has no command `asume`", "did you mean `assume`?"),
        ("help asume", "`circleci-aws-oidc` has no command `asume`", "did you mean `assume`?"),
        ("trust genrate", "`circleci-aws-oidc trust` has no command `genrate`", "did you mean `generate`?"),
        (
            "deploy",
            "`circleci-aws-oidc` has no command `deploy`",
            "`circleci-aws-oidc -h` lists the commands",
        ),
        (
            "assume --rolearn x",
            "`circleci-aws-oidc assume` has no flag `--rolearn`",
            "did you mean `--role-arn`?",
        ),
        (
            "assume --rolearn=x",
            "`circleci-aws-oidc assume` has no flag `--rolearn`",
            "did you mean `--role-arn`?",
        ),
        (
            "assume -r x",
            "`circleci-aws-oidc assume` has no flag `-r`",
            "`circleci-aws-oidc assume -h` lists the flags",
        ),
        (
            "assume -role-arn x",
            "`circleci-aws-oidc assume` has no flag `-role-arn`",
            "did you mean `--role-arn`?",
        ),
        (
            "assume -rolearn=x",
            "`circleci-aws-oidc assume` has no flag `-rolearn`",
            "did you mean `--role-arn`?",
        ),
        (
            "assume -- --role-arn x",
            "unexpected argument `--role-arn` behind `--`",
            "write the flags of `circleci-aws-oidc assume` without `--` before them",
        ),
        (
            "assume --quiet -- -h",
            "unexpected argument `-h` behind `--`",
            "write the flags of `circleci-aws-oidc assume` without `--` before them",
        ),
        ("assume --help=1", "`--help` takes no value", "`circleci-aws-oidc assume -h` lists the flags"),
        (
            "whoami --mode x",
            "`circleci-aws-oidc whoami` has no flag `--mode`",
            "--mode is a flag of `assume`, `preflight`; `circleci-aws-oidc whoami -h` lists the flags",
        ),
        (
            "exec --quiet aws s3 ls",
            "unexpected argument `aws`",
            "write the command behind `--`: `circleci-aws-oidc exec [FLAGS] -- COMMAND...`",
        ),
        (
            "exec --",
            "COMMAND is required",
            "write the command behind `--`: `circleci-aws-oidc exec [FLAGS] -- COMMAND...`",
        ),
        (
            "completions bsh",
            "invalid value `bsh`; expected bash, zsh, fish, powershell",
            "did you mean `bash`?",
        ),
    ] {
        let (said, hinted) = refused(&format!("{PROGRAM} {line}"));
        assert_eq!((said.as_str(), hinted.as_str()), (message, hint), "{line}");
    }
}

#[test]
fn what_is_wrong_with_a_command_line_is_said() {
    for (line, message) in [
        ("assume --role-arn", "`--role-arn` needs a value"),
        ("assume --role-arn --quiet", "`--role-arn` needs a value"),
        ("assume --role-arn a --role-arn b", "`--role-arn` is given twice"),
        ("assume --quiet --quiet", "`--quiet` is given twice"),
        ("assume --quiet=x", "`--quiet` takes no value"),
        ("assume x", "unexpected argument `x`"),
        ("whoami help", "unexpected argument `help`"),
        ("completions bash zsh", "unexpected argument `zsh`"),
        ("trust lint", "FILE is required"),
        ("completions", "SHELL is required"),
        ("--quiet", "`circleci-aws-oidc` has no flag `--quiet`"),
    ] {
        assert_eq!(refused(&format!("{PROGRAM} {line}")).0, message, "{line}");
    }
    for line in [PROGRAM, "circleci-aws-oidc trust"] {
        assert!(matches!(parsed(line), Err(UsageError::NoCommand(_))), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf_8_is_named() {
    use std::os::unix::ffi::OsStringExt;

    for (line, message) in [
        ("assume --role-arn a?", "the value of `--role-arn` is not UTF-8"),
        ("assume --quiet --role-arn=a?", "the value of `--role-arn` is not UTF-8"),
        ("trust lint b? --format a?", "the value of `--format` is not UTF-8"),
        ("assume --quiet --a?", "`circleci-aws-oidc assume` has no flag `--a\u{fffd}`"),
        ("a?", "`circleci-aws-oidc` has no command `a\u{fffd}`"),
    ] {
        let words = format!("{PROGRAM} {line}");
        let broken = |word: &str| word.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect();
        let words: Vec<OsString> =
            words.split_whitespace().map(|word| OsString::from_vec(broken(word))).collect();
        match parse(&words) {
            Err(UsageError::Invalid { message: said, .. }) => assert_eq!(said, message, "{line}"),
            _ => panic!("{line} is not refused"),
        }
    }
}

#[test]
fn there_are_completions_for_each_shell_that_is_offered() {
    let shells = Command::Completions.definition().operand.unwrap().words();
    assert!(shells.iter().all(|shell| completions(shell).is_some()) && completions("tcsh").is_none());
}

#[test]
fn every_command_that_prints_no_program_can_be_quiet() {
    for (name, flags) in flags_by_command() {
        let is_quiet = flags.contains(&"--quiet".to_owned());
        assert_eq!(is_quiet, !["completions", "man"].contains(&name.as_str()), "{name}");
    }
}

#[test]
fn two_flags_come_in_the_same_order_in_every_command() {
    let flags: Vec<(String, Vec<String>)> = flags_by_command().into_iter().collect();
    for (command, of_command) in &flags {
        for (other, of_other) in &flags {
            let common = |one: &[String], another: &[String]| -> Vec<String> {
                one.iter().filter(|flag| another.contains(flag)).cloned().collect()
            };
            assert_eq!(common(of_command, of_other), common(of_other, of_command), "{command}, {other}");
        }
    }
}
