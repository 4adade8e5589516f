//! Whether bash would read a text to its end, and what is appended to it: bash parses the text and runs nothing of it
//! (`-n`). Nothing that it prints is shown, except for a number.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use zeroize::Zeroizing;

use super::child_output::{ChildError, Ended, RunningChild};
use super::next_bash;
use crate::io::environment::{Environment, vars};

/// To parse a file takes milliseconds.
const LIMIT: Duration = Duration::from_secs(5);

/// A syntax error takes a few lines.
const LARGEST_OUTPUT: usize = 16 * 1024;

/// A syntax error in every place where a command can begin, and a part of every open here-document or quote.
const PROBE: &str = "\n)\n";

/// What keeps bash from running a line behind the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SyntaxFlaw {
    /// A here-document without its last line.
    HereDocument {
        /// The line in which it begins.
        line: Option<u32>,
    },
    /// A quote, or what a parenthesis or brace of an expansion opens.
    Open {
        /// What would close it.
        closing: char,
        /// The line in which it begins.
        line: Option<u32>,
    },
    /// The same of a quote, found by another shell.
    OpenQuote,
    /// bash stops reading there.
    Error {
        /// The line at which bash finds it.
        line: Option<u32>,
    },
    /// A function, an `if` or another command of several lines.
    OpenCommand,
    /// The last line goes on in the next one.
    Backslash,
}

impl fmt::Display for SyntaxFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_line = |line: &Option<u32>| line.map_or_else(String::new, |line| format!(" of line {line}"));
        match self {
            Self::HereDocument { line } => {
                write!(
                    f,
                    "the here-document{} has no end: bash would print what follows it, or pass it to a program",
                    of_line(line)
                )
            }
            Self::Open { closing: closing @ ('\'' | '"'), line } => {
                write!(f, "the quote{} is not closed: {closing} is missing", of_line(line))
            }
            Self::OpenQuote => write!(f, "a quote is not closed"),
            Self::Open { closing, .. } => write!(f, "an expansion is not closed: {closing} is missing"),
            Self::Error { line } => write!(f, "bash stops reading at the syntax error{}", of_line(line)),
            Self::OpenCommand => write!(f, "the text ends within a function, an `if` or another command"),
            Self::Backslash => {
                write!(f, "the last line ends with a backslash, which joins the next line to it")
            }
        }
    }
}

/// Looks for it. `None` if there is none, and if that is not certain.
pub(crate) async fn flaw(text: &str, environment: &Environment) -> Option<SyntaxFlaw> {
    let last = text.lines().next_back().unwrap_or_default();
    let is_continued = last.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    if is_continued && !text.ends_with('\n') && !last.trim_start().starts_with('#') {
        return Some(SyntaxFlaw::Backslash);
    }
    for (program, is_bash) in programs(environment) {
        let shell = Shell { program, is_bash, environment };
        match shell.flaw(text).await {
            Err(ChildError::Start(_)) => {}
            found => return found.ok().flatten(),
        }
    }
    None
}

/// Where there is no bash, a POSIX shell reads the file by hand.
fn programs(environment: &Environment) -> Vec<(PathBuf, bool)> {
    let bashes = next_bash::programs(environment).into_iter().map(|program| (program, true));
    bashes.chain([(PathBuf::from("/bin/sh"), false)]).collect()
}

struct Shell<'a> {
    program: PathBuf,
    is_bash: bool,
    environment: &'a Environment,
}

impl Shell<'_> {
    async fn flaw(&self, text: &str) -> Result<Option<SyntaxFlaw>, ChildError> {
        let parsed = self.parse(text, &[]).await?;
        let message = String::from_utf8_lossy(&parsed.stderr);
        if parsed.status.success() {
            // Old versions say nothing about a here-document without its end.
            let is_open = text.contains("<<") && self.hides(text).await?;
            return Ok(is_open.then(|| SyntaxFlaw::HereDocument {
                line: number_after(&message, "here-document at line "),
            }));
        }
        if !self.is_bash {
            // What is an error to another shell may be none to bash.
            let is_quote = message.contains("nterminated quoted string");
            return Ok(is_quote.then_some(SyntaxFlaw::OpenQuote));
        }
        // A text may switch patterns on that are a syntax error without, and an alias may stand for anything.
        if text.contains("alias") || self.parse(text, &["-O", "extglob"]).await?.status.success() {
            return Ok(None);
        }
        Ok(Some(flaw_of(&message)))
    }

    /// Whether a line behind the text is no command.
    async fn hides(&self, text: &str) -> Result<bool, ChildError> {
        let probe = Zeroizing::new([text, PROBE].concat());
        Ok(self.parse(&probe, &[]).await?.status.success())
    }

    async fn parse(&self, text: &str, options: &[&str]) -> Result<Ended, ChildError> {
        let mut command = Command::new(&self.program);
        if self.is_bash {
            command.arg("-p").args(options);
        }
        command.arg("-n").env_clear().env("LC_ALL", "C");
        command.envs(self.environment.first_non_blank(&vars::PATH));
        RunningChild::start(&mut command, Some(text.as_bytes()), LARGEST_OUTPUT, LIMIT)?.ended().await
    }
}

fn flaw_of(message: &str) -> SyntaxFlaw {
    let first = message.lines().next().unwrap_or_default();
    let line = number_after(first, "line ");
    let (_, after) = first.split_once("looking for matching `").unwrap_or_default();
    if let Some(closing) = after.chars().next() {
        return SyntaxFlaw::Open { closing, line };
    }
    if first.contains("unexpected end of file") {
        SyntaxFlaw::OpenCommand
    } else {
        SyntaxFlaw::Error { line }
    }
}

fn number_after(text: &str, words: &str) -> Option<u32> {
    let (_, after) = text.split_once(words)?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::runtime::Runtime;

    /// A distribution has one version of bash. The others run where the PATH has them by these names.
    const BASHES: [&str; 4] = ["bash", "bash-3.2", "bash-4.4", "bash-5.3"];

    fn in_each(text: &str, mut check: impl FnMut(&str, Option<SyntaxFlaw>)) {
        let runtime = Runtime::new().unwrap();
        let environment = Environment::of_this_process();
        for (program, is_bash) in BASHES.map(|bash| (bash, true)).into_iter().chain([("/bin/sh", false)]) {
            let shell = Shell { program: program.into(), is_bash, environment: &environment };
            match runtime.block_on(shell.flaw(text)) {
                Err(ChildError::Start(error)) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
                found => check(program, found.unwrap()),
            }
        }
    }

    #[test]
    fn what_hides_the_lines_behind_a_text_is_found_and_told_apart() {
        use SyntaxFlaw::{Error, HereDocument, Open, OpenCommand, OpenQuote};
        for (text, expected) in [
            ("a=1\ncat <<EOF\nx\n", HereDocument { line: Some(2) }),
            ("cat <<-'E' >/dev/null\n", HereDocument { line: Some(1) }),
            ("a=1\n\nexport A='open\n", Open { closing: '\'', line: Some(3) }),
            ("export A=\"open\nx=1\n", Open { closing: '"', line: Some(1) }),
            ("f() {\n", OpenCommand),
            ("if true; then\n", OpenCommand),
            ("a=1\n)\nb=1\n", Error { line: Some(2) }),
        ] {
            in_each(text, |shell, flaw| {
                let is_line_known = shell != "bash-3.2" && shell != "/bin/sh";
                match &expected {
                    HereDocument { .. } if !is_line_known => {
                        assert_eq!(flaw, Some(HereDocument { line: None }), "{text}");
                    }
                    Open { .. } if shell == "/bin/sh" => assert_eq!(flaw, Some(OpenQuote), "{text}"),
                    _ if shell == "/bin/sh" && !matches!(expected, HereDocument { .. }) => {
                        assert_eq!(flaw, None, "{text}");
                    }
                    expected => assert_eq!(flaw.as_ref(), Some(expected), "{shell}: {text}"),
                }
            });
        }
    }

    #[test]
    fn what_bash_reads_to_its_end_and_what_is_not_certain_is_no_flaw() {
        for text in [
            "",
            "a=1",
            "cat <<EOF\nEOF\n",
            "cat <<EOF <<E2\nEOF\nE2",
            "x=$((1<<2))\n",
            "cat <<<'here string'\n",
            "# it's open (\n",
            "A=$(cat <<'EOF'\nits\nEOF\n)\n",
            "shopt -s extglob\ncase x in !(y|z)) ;; esac\n",
            "shopt -s expand_aliases\nalias end='}'\nf() { :\nend\n",
            "A=(1 2)\n[[ a == b ]] || :\n",
            "f() {\n :\n}\n",
            "echo a \\\n",
        ] {
            in_each(text, |shell, flaw| assert_eq!(flaw, None, "{shell}: {text}"));
        }
    }

    #[test]
    fn a_backslash_at_the_very_end_is_a_flaw_of_a_command_only() {
        let runtime = Runtime::new().unwrap();
        let environment = Environment::of_this_process();
        for (text, is_flaw) in [
            ("export A=b\\", true),
            ("a\nexport A=b\\\\", false),
            ("# a\\", false),
            ("export A=b\\\n", false),
            ("", false),
        ] {
            let flaw = runtime.block_on(flaw(text, &environment));
            assert_eq!(flaw, is_flaw.then_some(SyntaxFlaw::Backslash), "{text}");
        }
    }
}
