//! What bash makes of the file of `BASH_ENV` before each of the next steps. bash reads it for this, as it does anyway before
//! every step.

use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::Findings;
use crate::failure::Failure;
use crate::io::environment::{Environment, vars};
use crate::io::files::{bash_env_path, text_file};
use crate::io::process::child_output::ChildError;
use crate::io::process::next_bash::{self, NextBash, NextBashError};
use crate::io::runtime::Runtime;
use crate::sinks::destination::Destination;

const CHECK: &str = "bash-env";

/// `next_bash` has a limit of its own.
const LIMIT: Duration = Duration::from_secs(60);

/// Reports what keeps the next bash steps from what they need, and returns the environment that they start with; `None` if
/// it is that of this step, or unknown.
pub(super) fn check(
    destinations: &[Destination],
    environment: &Environment,
    findings: &mut Findings,
) -> Option<Environment> {
    environment.non_blank(vars::BASH_ENV)?;
    let path = bash_env_path::name(environment);
    let file = path.display();
    if bash_env_path::is_relative(environment) {
        let steps =
            "each step resolves it against its own working directory; set BASH_ENV to an absolute path";
        findings.note(CHECK, &format!("`{file}` is relative: {steps}"));
    }
    let appends = destinations.iter().any(|it| matches!(it, Destination::BashEnv | Destination::Endpoint));
    match examine(&path, appends, environment) {
        Ok(Some(bash)) => {
            findings.ok(CHECK, &format!("bash reads `{file}`, and then the first command of a step"));
            Some(bash.environment)
        }
        Ok(None) => {
            if appends {
                findings.note(CHECK, &format!("there is no bash here, and no other shell reads `{file}`"));
            }
            None
        }
        Err(error) => {
            findings.problem(CHECK, &Failure::of_next_bash(&error).in_one_line());
            None
        }
    }
}

/// What bash has after it has read the file; `None` if there is no bash. `appends` if credentials are to be appended to it.
fn examine(path: &Path, appends: bool, environment: &Environment) -> Result<Option<NextBash>, NextBashError> {
    let path = || path.to_owned();
    let cannot_run = |error| NextBashError::Start { path: path(), source: ChildError::Start(error) };
    let runtime = Runtime::new().map_err(cannot_run)?;
    if let Some(variable) = next_bash::ignored_because_of(environment).filter(|_| appends) {
        return Err(NextBashError::NotRead { path: path(), variable });
    }
    // On CircleCI a step creates the file. What cannot be read or written is reported for the destination.
    let text = text_file::read(&path()).ok().flatten().map(Zeroizing::new);
    // bash gets it through a pipe, so it must not depend on its own path.
    if let Some(text) = text.filter(|text| appends && !text.contains("BASH_SOURCE")) {
        match runtime.block_on(next_bash::read_with_more_lines(&text, environment, LIMIT))? {
            Some(bash) if bash.reached_the_end() == Some(true) => return Ok(Some(bash)),
            Some(bash) if bash.reached_the_end() == Some(false) => {
                return Err(NextBashError::NotReached { path: path() });
            }
            // A version that reads nothing from a pipe.
            _ => {}
        }
    }
    runtime.block_on(next_bash::read(environment, LIMIT))
}
