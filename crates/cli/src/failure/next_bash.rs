//! A file of `BASH_ENV` that keeps the next bash steps from the credentials, with the next action.

use super::{ExitStatus, Failure};
use crate::io::process::next_bash::{NextBashError, StopReason};

impl Failure {
    /// Found by `--verify`, or by `preflight` before anything is written.
    pub(crate) fn of_next_bash(error: &NextBashError) -> Self {
        let failure = Self::of(ExitStatus::Guard, error);
        match error {
            NextBashError::EndsEarly { path, stop, .. } | NextBashError::NotReached { path, stop } => {
                let reason = stop.as_ref().map(|stop| &stop.reason);
                let is_end = matches!(error, NextBashError::EndsEarly { .. });
                failure.hint(remedy(reason, is_end, &path.display().to_string()))
            }
            NextBashError::DebugTrap { path } => failure.hint(format!(
                "remove the DEBUG trap from `{}`, or write a profile: `--profile NAME`",
                path.display()
            )),
            NextBashError::Replaced { path, what } => failure
                .hint(format!("remove {what} from `{}`, or write a profile: `--profile NAME`", path.display())),
            NextBashError::TooSlow { path, .. } | NextBashError::TooLarge { path } => failure.hint(format!(
                "remove the command that waits or prints from `{}`: bash reads it before every step",
                path.display()
            )),
            NextBashError::NotRead { variable, .. } => failure.hint(format!(
                "unset {variable} in the job, or write a profile, which every shell can use: `--profile NAME`"
            )),
            NextBashError::NotChanged { path, names, is_readonly: false } => failure.hint(format!(
                "remove what sets or unsets {names} again from `{}`, or write a profile: `--profile NAME`",
                path.display()
            )),
            NextBashError::NotChanged { path, names, .. } => failure.hint(format!(
                "remove `readonly` or `declare -r` of {names} from `{}`, or write a profile: `--profile NAME`",
                path.display()
            )),
            NextBashError::Diverted { path } => failure.hint(format!(
                "use another number than 63 in `{}`, or leave out `--verify`",
                path.display()
            )),
            NextBashError::NotExecutable { program, .. } => failure.hint(format!(
                "let the user who runs this step execute `{}` (`chmod`, or another image): no bash step can start before",
                program.display()
            )),
            NextBashError::Start { .. } => failure,
        }
    }
}

/// What to do so that bash reads the file to its end.
fn remedy(reason: Option<&StopReason>, is_end: bool, file: &str) -> String {
    let before_every_step = "bash reads it before every step";
    match reason {
        Some(StopReason::Command("return")) => format!(
            "remove the `return` from `{file}`, as .bashrc files have it, or write a profile: `--profile NAME`"
        ),
        Some(StopReason::Command(word)) => format!("remove `{word}` from `{file}`: {before_every_step}"),
        Some(StopReason::NoExec) => {
            format!("remove `set -n` or `set -o noexec` from `{file}`: {before_every_step}")
        }
        Some(StopReason::Unset(name)) => {
            format!("write `${{{name}-}}` in `{file}`, or set {name} in the job, or remove `set -u`")
        }
        Some(StopReason::Failed) => {
            format!("correct that command in `{file}`, or remove `set -e`: {before_every_step}")
        }
        Some(StopReason::DebugTrap) => format!("remove the DEBUG trap from `{file}`: {before_every_step}"),
        Some(StopReason::Syntax(_)) => {
            format!("correct `{file}`, or the step that writes it; or write a profile: `--profile NAME`")
        }
        None if is_end => format!("remove `exit`, `exec` and `set -e` from `{file}`: {before_every_step}"),
        None => format!(
            "remove what ends or hides the rest of `{file}`: a `return` as in .bashrc files, an open quote or an open \
             here-document; or write a profile: `--profile NAME`"
        ),
    }
}
