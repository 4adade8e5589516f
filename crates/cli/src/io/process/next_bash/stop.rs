//! Where bash stops in the file of `BASH_ENV`, and why: once it is known that it does not get to the end, bash reads the
//! file once more and says before each command in which line it is.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::channel::{self, KEEP_CHANNEL};
use super::programs;
use crate::io::environment::Environment;
use crate::io::files::text_file;
use crate::io::process::bash_syntax::{self, SyntaxFlaw};

/// The last command that bash has run in the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Its line; `None` if it is in another file.
    line: Option<u32>,
    /// Why it is the last one.
    pub(crate) reason: StopReason,
}

/// What a command does so that bash runs none after it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// `exit`, `exec` or `return`.
    Command(&'static str),
    /// `set -n`.
    NoExec,
    /// It uses a variable that is not set, after `set -u`.
    Unset(String),
    /// It fails after `set -e`.
    Failed,
    /// It sets a trap with which bash skips commands.
    DebugTrap,
    /// The text is not one that bash can read.
    Syntax(SyntaxFlaw),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.line.map_or_else(|| "a command".to_owned(), |line| format!("line {line}"));
        match &self.reason {
            StopReason::Command(word) => write!(f, "{place} runs `{word}`"),
            StopReason::NoExec => write!(f, "after `set -n` (`set -o noexec`) in {place} bash runs nothing"),
            StopReason::Unset(name) => write!(f, "{place} uses {name}, which is not set, after `set -u`"),
            StopReason::Failed => write!(f, "{place} fails after `set -e`"),
            StopReason::DebugTrap => write!(f, "{place} sets a DEBUG trap with which bash skips commands"),
            StopReason::Syntax(flaw) => flaw.fmt(f),
        }
    }
}

/// Prints the line, the first word of the command and the file before each command; run by a bash that reads no file itself.
const TRACE: &str = "\\builtin trap '\\builtin printf \"%s\\0\" \"$LINENO\" \"${BASH_COMMAND%%[[:space:]]*}\" \
                     \"${BASH_SOURCE-}\" >&63' DEBUG; set -T; . \"$0\"";

/// Lets bash read the file once more. `None` if it does not show where it stops. `has_ended` if that bash ends there too.
pub(super) async fn find(
    path: &Path,
    has_ended: bool,
    next_step: &Environment,
    limit: Duration,
) -> Option<Stop> {
    if !has_ended {
        let text = zeroize::Zeroizing::new(text_file::read(path).ok()??);
        if let Some(flaw) = bash_syntax::flaw(&text, next_step).await {
            return Some(Stop { line: None, reason: StopReason::Syntax(flaw) });
        }
    }
    // English messages.
    let environment = next_step.after([("LC_ALL", "C")], &["LANGUAGE"]);
    let program = programs(&environment).into_iter().next()?;
    let mut command = Command::new(&program);
    command.args(["-p", "-c", KEEP_CHANNEL]).arg(&program).args(["-p", "-c", TRACE]).arg(path);
    command.env_clear().envs(environment.variables());
    let ended = channel::start(&mut command, None, "", limit).ok()?.ended().await.ok()?;
    let records = ended.stderr.split(|byte| *byte == 0).map(|record| String::from_utf8_lossy(record));
    let records: Vec<_> = records.collect();
    let [.., line, word, source, _] = records.as_slice() else { return None };
    let line = line.parse().ok().filter(|_| path.as_os_str() == &**source);
    let message = String::from_utf8_lossy(&ended.stdout);
    let reason = match &**word {
        "exit" => StopReason::Command("exit"),
        "exec" => StopReason::Command("exec"),
        "return" => StopReason::Command("return"),
        "set" if has_ended => StopReason::NoExec,
        "trap" if has_ended => StopReason::DebugTrap,
        _ => match unset_variable(&message) {
            Some(name) => StopReason::Unset(name),
            None if has_ended && !ended.status.success() => StopReason::Failed,
            None => return None,
        },
    };
    Some(Stop { line, reason })
}

/// The name in bash's last message. A name is no secret; other messages are not used.
fn unset_variable(message: &str) -> Option<String> {
    let (before, _) = message.trim_end().lines().next_back()?.rsplit_once(": unbound variable")?;
    let name = before.rsplit([':', ' ']).next()?;
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| name.to_owned())
}
