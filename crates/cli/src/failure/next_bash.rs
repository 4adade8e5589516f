//! A file of `BASH_ENV` that keeps the next bash steps from the credentials, with the next action.

use super::{ExitStatus, Failure};
use crate::io::process::next_bash::NextBashError;

impl Failure {
    /// Found by `--verify`, or by `preflight` before anything is written.
    pub(crate) fn of_next_bash(error: &NextBashError) -> Self {
        let failure = Self::of(ExitStatus::Guard, error);
        match error {
            NextBashError::EndsEarly { path, .. } => failure.hint(format!(
                "remove `exit`, `exec` and `set -e` from `{}`: bash reads it before every step",
                path.display()
            )),
            NextBashError::TooSlow { path, .. } | NextBashError::TooLarge { path } => failure.hint(format!(
                "remove the command that waits or prints from `{}`: bash reads it before every step",
                path.display()
            )),
            NextBashError::NotRead { variable, .. } => failure.hint(format!(
                "unset {variable} in the job, or write a profile, which every shell can use: `--profile NAME`"
            )),
            NextBashError::NotReached { path } => failure.hint(format!(
                "remove what ends or hides the rest of `{}`: a `return` as in .bashrc files, an open quote or an open \
                 here-document; or write a profile: `--profile NAME`",
                path.display()
            )),
            NextBashError::NotChanged { path, names } => failure.hint(format!(
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
