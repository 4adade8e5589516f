//! `completions` in the shells themselves, and `man` in the programs that show manual pages.

mod terminal;

use std::path::{Path, PathBuf};
use std::process::Command;

use terminal::{PROMPT, Terminal};

use crate::support::Job;
use crate::support::files::visibly;

const FILES: [&str; 3] = ["roles.ini", "a b.json", "dir/sub/x.env"];

/// What is typed, `\t` being the Tab key, and what the program is called with.
const TYPED: [(&str, &str); 17] = [
    ("ass\t", "<assume>"),
    ("trust gen\t", "<trust><generate>"),
    ("help trust li\t", "<help><trust><lint>"),
    ("assume --role\t", "<assume><--role-arn>"),
    ("assume --mode env\t", "<assume><--mode><environment>"),
    ("assume --mode=env\t", "<assume><--mode=environment>"),
    ("assume --to prof\tx", "<assume><--to><profile:x>"),
    ("assume --to profile:x --to dot\tdir/su\tx\t", "<assume><--to><profile:x><--to><dotenv:dir/sub/x.env>"),
    ("assume --to=dotenv:dir/su\tx\t", "<assume><--to=dotenv:dir/sub/x.env>"),
    ("assume --token-source fi\tro\t", "<assume><--token-source><file:roles.ini>"),
    ("profiles --config-file ro\t", "<profiles><--config-file><roles.ini>"),
    ("trust lint a\t", "<trust><lint><a b.json>"),
    ("trust lint --format sa\t", "<trust><lint><--format><sarif>"),
    ("trust generate --format terr\t", "<trust><generate><--format><terraform>"),
    ("trust generate --subject-form na\t", "<trust><generate><--subject-form><names>"),
    ("completions fi\t", "<completions><fish>"),
    ("clear --qu\t--to ba\t", "<clear><--quiet><--to><bash-env>"),
];

/// The program's path, if it is installed.
#[expect(clippy::disallowed_methods, reason = "a test may read the PATH")]
fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|directory| directory.join(program)).find(|path| path.exists());
    if found.is_none() {
        visibly(&format!("skipped: no {program}"));
    }
    found
}

fn script_for(shell: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_circleci-aws-oidc"));
    let output = command.args(["completions", shell]).env_clear().output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn assert_completes(mut terminal: Terminal) {
    for (typed, arguments) in TYPED {
        assert_eq!(terminal.arguments_of(&format!("circleci-aws-oidc {typed}")), arguments, "{typed:?}");
    }
}

fn bash_completes(bash: &Path) {
    assert_completes(Terminal::with(&FILES, |file| {
        let rc = file("rc", &format!("PS1='{PROMPT}'\n{}", script_for("bash")));
        format!("{} --rcfile {} -i", bash.display(), rc.display())
    }));
}

#[test]
fn bash_completes_commands_flags_words_files_and_destinations() {
    if let (Some(bash), Some(_)) = (installed("bash"), installed("script")) {
        bash_completes(&bash);
    }
}

/// macOS has bash 3.2.
#[test]
fn bash_3_completes_the_same() {
    if let (Some(bash), Some(_)) = (installed("bash-3.2"), installed("script")) {
        bash_completes(&bash);
    }
}

#[test]
fn zsh_completes_the_same() {
    let (Some(zsh), Some(_)) = (installed("zsh"), installed("script")) else { return };
    for in_a_directory_of_functions in [false, true] {
        assert_completes(Terminal::with(&FILES, |file| {
            let script = script_for("zsh");
            let start = "autoload -U compinit\ncompinit -u -D\n";
            let rc = if in_a_directory_of_functions {
                let function = file("functions/_circleci-aws-oidc", &script);
                format!("fpath=({} $fpath)\n{start}", function.parent().unwrap().display())
            } else {
                format!("{start}{script}")
            };
            file(".zshrc", &format!("PS1='{PROMPT}'\n{rc}"));
            format!("{} -d -i", zsh.display())
        }));
    }
}

/// Fish says what it would offer, so nothing has to be typed.
#[test]
fn fish_offers_the_same() {
    let Some(fish) = installed("fish") else { return };
    let job = Job::new();
    for name in FILES {
        job.write(name, "");
    }
    let script = job.write("completions.fish", &script_for("fish"));
    let offered = |typed: &str| -> Vec<String> {
        let code = format!("source {}; complete -C 'circleci-aws-oidc {typed}'", script.display());
        let output = Command::new(&fish)
            .args(["--no-config", "-c", &code])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", job.path("home"))
            .current_dir(job.directory.path())
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{typed}: {}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
    };
    for (typed, words) in [
        ("ass", &["assume"][..]),
        ("trust ", &["generate", "help", "lint", "test"]),
        ("help trust li", &["lint"]),
        ("assume --role", &["--role-arn"]),
        ("assume --mode ", &["credential-process", "endpoint", "environment", "profile"]),
        ("assume --mode=env", &["--mode=environment"]),
        ("assume --to prof", &["profile:"]),
        ("assume --to dotenv:dir/su", &["dotenv:dir/sub/"]),
        ("assume --to=dotenv:dir/sub/", &["--to=dotenv:dir/sub/x.env"]),
        ("profiles --config-file ro", &["roles.ini"]),
        ("trust lint a", &["a b.json"]),
        ("trust lint --format ", &["json", "sarif", "text"]),
        ("trust test --format ", &["json", "text"]),
        ("clear --to ", &["bash-env", "dotenv:", "profile:"]),
        ("completions ", &["bash", "fish", "powershell", "zsh"]),
        ("assume --role-arn ", &[]),
        ("whoami --mo", &[]),
    ] {
        assert_eq!(offered(typed), words, "{typed}");
    }
}

#[test]
fn powershell_offers_the_same() {
    let Some(pwsh) = installed("pwsh") else { return };
    let script = script_for("powershell");
    for (typed, words) in [
        ("ass", "assume"),
        ("trust ", "generate,lint,test,help"),
        ("assume --role", "--role-arn"),
        ("assume --mode env", "environment"),
        ("assume --mode=env", "--mode=environment"),
        ("clear --to ", "bash-env,profile:,dotenv:"),
        ("completions f", "fish"),
    ] {
        let line = format!("circleci-aws-oidc {typed}");
        let code = format!(
            "{script}\n(TabExpansion2 '{line}' {}).CompletionMatches.CompletionText -join ','",
            line.len()
        );
        let output = Command::new(&pwsh).args(["-NoProfile", "-Command", &code]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), words, "{typed}");
    }
}

/// The flags with words in the script for fish: path, flag, words.
fn flags_with_words(script: &str) -> Vec<(Vec<&str>, &str, Vec<&str>)> {
    let lines = script.lines().filter_map(|line| {
        let (_, rest) = line.split_once("_in ")?;
        let (path, rest) = rest.split_once("' -l ")?;
        let (flag, rest) = rest.split_once(" -x -a '")?;
        let words = rest.split(['(', '\'']).next()?;
        Some((path.split(' ').collect(), flag, words.split_whitespace().collect()))
    });
    lines.filter(|(_, flag, _)| *flag != "home").collect()
}

/// The list is the one that the program reads the value by.
#[test]
fn the_words_of_a_flag_are_those_that_the_program_expects() {
    let job = Job::new();
    job.write("policy.json", "{}");
    let script = script_for("fish");
    let flags = flags_with_words(&script);
    assert!(flags.len() > 20, "{flags:?}");
    for (path, flag, words) in flags {
        let flag = format!("--{flag}");
        let more: &[&str] = match path[..] {
            ["profiles"] => &["--config", "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/a"],
            ["trust", "lint"] => &["policy.json"],
            ["trust", "test"] => &["--policy", "policy.json"],
            ["exec"] => &["--", "true"],
            ["scope"] => &["--scope-duration", "5m"],
            ["credential-process"] => &["--role-arn", crate::support::ROLE],
            _ => &[],
        };
        let run = job.run(&[&path[..], &[&flag, "wrong"], more].concat());
        // `preflight` would also print what `credential-process` has logged.
        let _ = std::fs::remove_dir_all(job.path("home/.aws"));
        let said = run.stdout + &run.stderr;
        let expected = said.split("expected ").nth(1).and_then(|rest| rest.lines().next());
        let expected = expected.unwrap_or_else(|| panic!("{path:?} {flag}: {said}"));
        let expected = expected.split(';').next().unwrap().replace(" or ", ", ");
        let expected = expected.split(", ").map(|word| word.find(':').map_or(word, |colon| &word[..=colon]));
        let expected: Vec<&str> =
            expected.filter(|word| path != ["clear"] || flag != "--to" || words.contains(word)).collect();
        assert_eq!(words, expected, "{path:?} {flag}");
    }
}

#[test]
fn completions_and_the_manual_page_are_the_same_whatever_the_environment_holds() {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_NO_SUCH", "x")
        .set("AWS_SECRET_ACCESS_KEY", "environment")
        .set("AWS_PROFILE", "x");
    for arguments in [&["completions", "bash"][..], &["completions", "fish"], &["man"]] {
        let alone =
            Command::new(env!("CARGO_BIN_EXE_circleci-aws-oidc")).args(arguments).env_clear().output();
        assert_eq!(job.run(arguments).succeeds().stdout.as_bytes(), alone.unwrap().stdout);
    }
}

#[test]
fn man_shows_the_page_without_a_warning() {
    let job = Job::new();
    let text = job.run(&["man"]).succeeds().stdout.clone();
    let page = job.write("circleci-aws-oidc.1", &text);
    for (program, arguments) in [
        ("man", &["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"][..]),
        ("groff", &["-man", "-ww", "-Tutf8", "-Z"]),
        ("mandoc", &["-T", "utf8"]),
    ] {
        let Some(program) = installed(program) else { continue };
        let output = Command::new(&program)
            .args(arguments)
            .arg(&page)
            .envs([("MANROFFSEQ", ""), ("LC_ALL", "C.UTF-8")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", program.display());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", program.display());
        assert!(output.stdout.len() > 10_000);
    }
    // Names that users search for and copy are written with ASCII's characters.
    if installed("mandoc").is_some() {
        let shown = Command::new("mandoc").args(["-T", "utf8"]).arg(&page).output().unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        let other = shown.chars().find(|character| !character.is_ascii());
        assert_eq!(other, None);
    }
}
