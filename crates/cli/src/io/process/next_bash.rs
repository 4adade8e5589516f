//! The environment that the next step's commands have if bash runs the step. A real bash reads the file of `BASH_ENV` for
//! this, as it does before every script: no other reader knows what a `return`, an open quote or a readonly variable in it
//! means. The file is code and so it may do anything once more; nothing that it prints is shown.

mod channel;
mod error;
mod script;
mod stop;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use zeroize::Zeroizing;

use super::child_output::ChildError;
use crate::io::environment::{Environment, vars};
use crate::io::files::bash_env_path;
use crate::io::http::tls;
use channel::{KEEP_CHANNEL, OTHER_CHANNEL};
pub(crate) use error::NextBashError;
use export::Variable;
pub(crate) use script::Obstacles;
use script::{parse, script};
pub(crate) use stop::StopReason;

/// How the variables begin by which a line of ours in the file counts once a step. The next step starts without them.
const GUARDS: &str = "BASH_ENV_AWS_OIDC_";

/// The file is read before every step, so a job with a slow one is slow everywhere.
const LONGEST_RUN: Duration = Duration::from_secs(5);

/// Twice what Linux lets a process start with, for what the file prints.
const LARGEST_OUTPUT: usize = 4 * 1024 * 1024;

/// Set by lines around the text of the file, to see how much of it bash has run.
const PROGRESS: &str = "BASH_ENV_AWS_OIDC_PROGRESS";
const AT_BEGIN: &str = "begin";
const AT_END: &str = "end";

/// What bash has after it has read the file.
pub(crate) struct NextBash {
    /// The exported variables.
    pub(crate) environment: Environment,
    /// What can keep lines behind the file from their effect.
    pub(crate) obstacles: Obstacles,
    progress: String,
}

impl NextBash {
    /// Whether bash has run a line behind the text; `None` if bash has read nothing, as versions before 4 do from a pipe.
    pub(crate) fn reached_the_end(&self) -> Option<bool> {
        (!self.progress.is_empty()).then_some(self.progress == AT_END)
    }
}

/// The variable that makes every bash a POSIX or a privileged shell, which does not read the file.
pub(crate) fn ignored_because_of(environment: &Environment) -> Option<&'static str> {
    let has_option = |options: &str| options.split(':').any(|it| matches!(it, "posix" | "privileged"));
    if environment.raw("POSIXLY_CORRECT").is_some() {
        Some("POSIXLY_CORRECT")
    } else if environment.raw("SHELLOPTS").is_some_and(has_option) {
        Some("SHELLOPTS")
    } else {
        None
    }
}

/// Lets bash read the file of `BASH_ENV`. `None` if there is no bash on this machine.
pub(crate) async fn read(
    environment: &Environment,
    limit: Duration,
) -> Result<Option<NextBash>, NextBashError> {
    let next_step = without_guards(environment);
    run(environment, &next_step, None, limit).await
}

/// Lets bash read this text, that of the file of `BASH_ENV`, as if these lines were appended to it.
pub(crate) async fn read_with_more_lines(
    text: &str,
    lines: &str,
    environment: &Environment,
    limit: Duration,
) -> Result<Option<NextBash>, NextBashError> {
    let next_step = without_guards(environment).after([(vars::BASH_ENV, "/dev/stdin")], &[]);
    let text = Zeroizing::new(format!("{PROGRESS}={AT_BEGIN}\n{text}\n{lines}\n{PROGRESS}={AT_END}\n"));
    let read = run(environment, &next_step, Some(text.as_bytes()), limit).await?;
    let own = environment.non_blank(vars::BASH_ENV).unwrap_or_default();
    Ok(read
        .map(|read| NextBash { environment: read.environment.after([(vars::BASH_ENV, own)], &[]), ..read }))
}

/// What keeps the lines that were appended to the file from their effect on these variables; `None` if `next` has all of it.
pub(crate) async fn obstacle<'a>(
    next: &Environment,
    obstacles: &Obstacles,
    set: &(impl Iterator<Item = Variable<'a>> + Clone),
    unset: &[&'static str],
    environment: &Environment,
    limit: Duration,
) -> Option<NextBashError> {
    let is_set = |variable: &Variable<'_>| next.raw(variable.name) == Some(variable.value);
    let not_set = set.clone().filter(|variable| !is_set(variable)).map(|variable| variable.name);
    let not_unset = unset.iter().copied().filter(|name| next.raw(name).is_some());
    let names: Vec<&str> = not_set.chain(not_unset).collect();
    if names.is_empty() {
        return None;
    }
    let path = bash_env_path::name(environment);
    if let Some(variable) = ignored_because_of(environment) {
        return Some(NextBashError::NotRead { path, variable });
    }
    if !obstacles.replaced.is_empty() {
        return Some(NextBashError::Replaced { path, what: obstacles.replaced.join(" and ") });
    }
    let is_readonly = names.iter().any(|name| obstacles.readonly.iter().any(|readonly| readonly == name));
    if obstacles.has_debug_trap && !is_readonly {
        return Some(NextBashError::DebugTrap { path });
    }
    // A Region can be the same by chance.
    let any_of_ours = set.clone().any(|it| is_set(&it) && environment.raw(it.name) != Some(it.value));
    if any_of_ours {
        return Some(NextBashError::NotChanged { path, names: names.join(", "), is_readonly });
    }
    Some(not_reached(environment, limit).await)
}

/// Why bash does not get to lines behind the file.
pub(crate) async fn not_reached(environment: &Environment, limit: Duration) -> NextBashError {
    let path = bash_env_path::name(environment);
    let stop = stop::find(&path, false, &without_guards(environment), limit.min(LONGEST_RUN)).await;
    NextBashError::NotReached { path, stop }
}

fn without_guards(environment: &Environment) -> Environment {
    let guards: Vec<&str> = environment.names().filter(|name| name.starts_with(GUARDS)).collect();
    environment.after([], &guards)
}

async fn run(
    environment: &Environment,
    next_step: &Environment,
    stdin: Option<&[u8]>,
    limit: Duration,
) -> Result<Option<NextBash>, NextBashError> {
    let limit = limit.min(LONGEST_RUN);
    let path = || bash_env_path::name(environment);
    let failed = |error| match error {
        ChildError::Timeout(limit) => NextBashError::TooSlow { path: path(), limit },
        ChildError::TooLarge(_) => NextBashError::TooLarge { path: path() },
        source => NextBashError::Start { path: path(), source },
    };
    let random = tls::random_bytes::<16>().ok_or_else(|| std::io::Error::other("no random bytes"));
    let mark = random.map(|bytes| format!("{:032x}", u128::from_be_bytes(bytes)));
    let mark = mark.map_err(|error| failed(ChildError::Start(error)))?;
    let script = script(&mark);
    let mut denied = None;
    for program in programs(next_step) {
        let mut command = Command::new(&program);
        command.args(["-p", "-c", KEEP_CHANNEL]).arg(&program);
        command.args(OPTIONS).args(["-c", &script]).env_clear().envs(next_step.variables());
        match channel::start(&mut command, stdin, &mark, limit) {
            Err(ChildError::Start(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(ChildError::Start(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                denied.get_or_insert(NextBashError::NotExecutable { path: path(), program, source: error });
            }
            Err(error) => return Err(failed(error)),
            Ok(running) => {
                let ended = running.ended().await.map_err(failed)?;
                if let Some(read) = parse(channel::text(&ended), &mark) {
                    return Ok(Some(read));
                }
                if ended.status.code() == Some(OTHER_CHANNEL) {
                    return Err(NextBashError::Diverted { path: path() });
                }
                let stop = stop::find(&path(), true, next_step, limit).await;
                return Err(NextBashError::EndsEarly { path: path(), status: ended.status, stop });
            }
        }
    }
    denied.map_or(Ok(None), Err)
}

/// As CircleCI starts a step (facts/circleci.md 3.4).
#[cfg(not(target_os = "macos"))]
const OPTIONS: &[&str] = &["-eo", "pipefail"];
#[cfg(target_os = "macos")]
const OPTIONS: &[&str] = &["--login", "-eo", "pipefail"];

/// CircleCI's default, then the one that `shell: bash` finds.
#[cfg(not(windows))]
pub(super) fn programs(_: &Environment) -> Vec<PathBuf> {
    vec!["/bin/bash".into(), "bash".into()]
}

/// Only in the directories of PATH: Windows itself would find the one of its Linux subsystem first.
#[cfg(windows)]
pub(super) fn programs(environment: &Environment) -> Vec<PathBuf> {
    let Some((_, path)) = environment.first_non_blank(&vars::PATH) else { return Vec::new() };
    let files = path.split(';').map(|directory| PathBuf::from(directory).join("bash.exe"));
    files.filter(|file| file.is_file()).collect()
}
