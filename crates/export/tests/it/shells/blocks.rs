//! Blocks of `BASH_ENV` in real shells: each counts once, and what was set after it stays.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use aws::Secret;
use export::bash_env::{self, BlockId};
use export::{EndpointDescriptor, EndpointEnvironment};
use tempfile::TempDir;

use super::{HOSTILE, SHELLS, expect, report_skipped, session};

const BASHES: [&str; 4] = ["bash", "bash-3.2", "bash-4.4", "bash-5.3"];

const SHOW: &str = "printf '%s ' \"${AWS_SECRET_ACCESS_KEY-unset}\" \"${AWS_SESSION_TOKEN-unset}\" \"${AWS_PROFILE-unset}\"\n";

/// A file of `BASH_ENV` with a line of another writer and these blocks.
struct File {
    directory: TempDir,
}

impl File {
    #[expect(clippy::disallowed_methods, reason = "the file of a test, in a directory of its own")]
    fn with(blocks: &[String]) -> Self {
        let file = Self { directory: tempfile::tempdir().unwrap() };
        std::fs::write(file.path(), format!("FOREIGN=kept{}", blocks.concat())).unwrap();
        file
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("bash_env")
    }

    /// Runs the script in this shell, which reads no file of its own accord.
    fn by_hand(&self, shell: &[&str], script: &str, output: &str) {
        let path = self.path();
        let environment = [("FILE", path.to_str().unwrap()), ("SHOW", SHOW)];
        expect(&[shell, &["-eu", "-s"]].concat(), script, &environment, output);
    }

    /// Runs the script in this bash, which reads the file before it, as does every bash that the script starts.
    fn as_step(&self, bash: &str, options: &str, script: &str, output: &str) {
        let path = self.path();
        let environment = [("BASH_ENV", path.to_str().unwrap()), ("BASH_UNDER_TEST", bash), ("SHOW", SHOW)];
        expect(&[bash, options, "-c", script], "", &environment, output);
    }
}

fn keys(value: &str, id: u8) -> String {
    bash_env::render(&session(value), &BlockId::new([id; 8])).expose().to_owned()
}

fn endpoint(id: u8) -> String {
    let endpoint = EndpointDescriptor::new("", 4711, Secret::new("secret".to_owned())).unwrap();
    let endpoint = EndpointEnvironment::new(&endpoint, Some("/file"), None);
    bash_env::render_endpoint(&endpoint, &BlockId::new([id; 8])).expose().to_owned()
}

#[test]
fn bash_takes_hostile_values_from_bash_env_and_keeps_them_below() {
    for value in HOSTILE {
        let file = File::with(&[keys(value, 1)]);
        for bash in BASHES {
            let seen = format!("{value} {value} unset ");
            file.as_step(bash, "-eu", "eval \"$SHOW\"; \"$BASH_UNDER_TEST\" -c \"$SHOW\"", &seen.repeat(2));
        }
    }
}

#[test]
fn a_shell_that_reads_the_file_again_keeps_what_was_set_after_it() {
    let script = ". \"$FILE\"; eval \"$SHOW\"\n\
                  AWS_SECRET_ACCESS_KEY=mine AWS_PROFILE=mine; unset AWS_SESSION_TOKEN\n\
                  . \"$FILE\"; eval \"$SHOW\"; eval \"$(cat \"$FILE\")\"; eval \"$SHOW\"\n";
    for value in ["it's $(one)", "one"] {
        let file = File::with(&[keys("before", 1), keys(value, 2)]);
        for shell in SHELLS {
            file.by_hand(shell, script, &format!("{value} {value} unset mine unset mine mine unset mine "));
        }
    }
}

#[test]
fn a_block_that_comes_later_counts_anew_and_alone() {
    let before = File::with(&[keys("one", 1)]);
    let after = File::with(&[keys("one", 1), keys("two", 2)]);
    let script = format!(
        ". \"$FILE\"; export AWS_PROFILE=mine; . '{after}'; eval \"$SHOW\"; unset AWS_SESSION_TOKEN; \
         . '{after}'; eval \"$SHOW\"\n",
        after = after.path().display()
    );
    for shell in SHELLS {
        before.by_hand(shell, &script, "two two unset two unset unset ");
    }
}

#[test]
fn blocks_of_one_file_do_not_undo_each_other_below_a_step() {
    const NESTED: &str =
        r#"eval "$SHOW"; "$BASH_UNDER_TEST" -c 'eval "$SHOW"; "$BASH_UNDER_TEST" -c "$SHOW"'"#;
    for (blocks, seen) in [
        (vec![keys("one", 1), keys("two", 2)], "two two unset "),
        (vec![keys("one", 1), endpoint(2)], "unset unset unset "),
        (vec![endpoint(1), keys("two", 2), keys("three", 3)], "three three unset "),
    ] {
        let file = File::with(&blocks);
        for bash in BASHES {
            for options in ["-e", "-u", "-eu", "-p"] {
                let seen = match options {
                    // This bash reads no file, and those below it read it for the first time.
                    "-p" => format!("unset unset stale {}", seen.repeat(2)),
                    _ => seen.repeat(3),
                };
                file.as_step(bash, options, NESTED, &seen);
            }
        }
    }
}

#[test]
fn a_bash_that_inherits_nothing_has_the_block_again() {
    let file = File::with(&[keys("one", 1)]);
    let script = "export AWS_SECRET_ACCESS_KEY=mine; \"$BASH_UNDER_TEST\" -c \"$SHOW\"; \
                  env -i PATH=\"$PATH\" BASH_ENV=\"$BASH_ENV\" \"$BASH_UNDER_TEST\" -c \"$SHOW\"";
    for bash in BASHES {
        file.as_step(bash, "-eu", script, "mine one unset one one unset ");
    }
}

#[test]
fn options_that_a_bash_inherits_hold_while_it_reads_the_file() {
    let file = File::with(&[keys("one", 1), keys("two", 2)]);
    let script = "export SHELLOPTS; \"$BASH_UNDER_TEST\" -c \"$SHOW\"; export BASHOPTS; shopt -s nocasematch; \
                  env -u BASH_ENV_AWS_OIDC_BLOCKS \"$BASH_UNDER_TEST\" -c \"$SHOW\"";
    for bash in BASHES {
        if bash != "bash-3.2" {
            file.as_step(bash, "-eu", script, &"two two unset ".repeat(2));
        }
    }
}

#[test]
fn a_shell_that_prints_what_it_reads_or_runs_prints_no_secret_and_goes_on_printing() {
    let script = "test -z \"${READS-}\" || . \"$READS\"\ncase $- in *[xv]*) exit 7 ;; esac";
    for (options, first) in [("-x", ""), ("-v", ""), ("-xv", ""), ("-eu", "\nset -xv"), ("-eu", "\nset -x")] {
        let file = File::with(&[first.to_owned(), keys("S3CR3T-1", 1), endpoint(2), keys("S3CR3T-2", 3)]);
        let by_hand = SHELLS.map(|shell| (shell, "READS"));
        let as_step = BASHES.iter().map(|bash| (std::slice::from_ref(bash), "BASH_ENV"));
        for (shell, variable) in by_hand.into_iter().chain(as_step) {
            // In a file that it reads by hand, this shell goes on printing after `set +v`.
            if shell == ["ksh93"] && (options, first) != ("-x", "") && (options, first) != ("-eu", "\nset -x")
            {
                continue;
            }
            let mut command = Command::new(shell[0]);
            command.args(&shell[1..]).args([options, "-c", script]).env(variable, file.path());
            let run = match command.output() {
                Ok(run) => run,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    report_skipped(shell[0]);
                    continue;
                }
                Err(error) => panic!("{shell:?}: {error}"),
            };
            let printed = [run.stdout, run.stderr].concat();
            let printed = String::from_utf8_lossy(&printed);
            assert!(!printed.contains("S3CR3T") && !printed.contains("secret"), "{command:?}\n{printed}");
            assert_eq!(run.status.code(), Some(7), "{command:?} prints no longer\n{printed}");
        }
    }
}

#[test]
fn a_debug_trap_that_prints_each_command_prints_no_secret_and_stays() {
    let trap = "\ntrap 'echo \"ran $BASH_COMMAND\"' DEBUG";
    for options in ["", "\nset -T", "\nshopt -s extdebug", "\nset -Tx"] {
        let file =
            File::with(&[options.to_owned() + trap, keys("S3CR3T-1", 1), endpoint(2), keys("S3CR3T-2", 3)]);
        for bash in BASHES {
            let mut command = Command::new(bash);
            let script =
                ": traced; f() { : nested; }; f; test \"$AWS_SECRET_ACCESS_KEY\" = S3CR3T\"-2\" && exit 7";
            command.args(["-c", script]).env("BASH_ENV", file.path());
            let run = match command.output() {
                Ok(run) => run,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    report_skipped(bash);
                    continue;
                }
                Err(error) => panic!("{bash}: {error}"),
            };
            let printed = String::from_utf8_lossy(&run.stdout);
            assert!(!printed.contains("='S3CR3T") && !printed.contains("secret"), "{command:?}\n{printed}");
            assert!(printed.contains("ran : traced"), "{command:?} prints no longer\n{printed}");
            // Without bash's debugger, some versions switch `extdebug` off again before the script.
            if !options.contains("extdebug") {
                let is_nested = printed.contains("ran : nested");
                assert_eq!(is_nested, options.contains("-T"), "{command:?}{options}\n{printed}");
            }
            assert_eq!(run.status.code(), Some(7), "{command:?}\n{printed}");
        }
    }
}
