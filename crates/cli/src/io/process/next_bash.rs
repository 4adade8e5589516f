//! The environment that the next step's commands have if bash runs the step. A real bash reads the file of `BASH_ENV` for
//! this, as it does before every script: no other reader knows what a `return`, an open quote or a readonly variable in it
//! means. The file is code and so it may do anything once more; nothing that it prints is shown.

use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use zeroize::Zeroizing;

use super::child_output::{ChildError, Ended, RunningChild};
use crate::io::environment::{Environment, vars};
use crate::io::files::bash_env_path;
use crate::io::http::tls;

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
    progress: String,
}

impl NextBash {
    /// Whether bash has run a line behind the text; `None` if bash has read nothing, as versions before 4 do from a pipe.
    pub(crate) fn reached_the_end(&self) -> Option<bool> {
        (!self.progress.is_empty()).then_some(self.progress == AT_END)
    }
}

/// Why that environment is unknown, or lacks what was written to the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NextBashError {
    /// An `exit`, an `exec`, or a command that fails after `set -e`.
    #[error(
        "bash ends with {status} while it reads `{}` (BASH_ENV), before the first command of a step", path.display()
    )]
    EndsEarly {
        /// The file.
        path: PathBuf,
        /// What a step ends with.
        status: ExitStatus,
    },
    /// It waits for something, or does too much.
    #[error("bash does not finish reading `{}` (BASH_ENV) within {:.0} s", path.display(), limit.as_secs_f64())]
    TooSlow {
        /// The file.
        path: PathBuf,
        /// The time limit.
        limit: Duration,
    },
    /// It prints without end.
    #[error("bash prints more than {} MiB while it reads `{}` (BASH_ENV)", LARGEST_OUTPUT / 1024 / 1024, path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A variable makes bash ignore the file.
    #[error("bash does not read `{}` (BASH_ENV), because {variable} makes it a POSIX or a privileged shell", path.display())]
    NotRead {
        /// The file.
        path: PathBuf,
        /// The variable.
        variable: &'static str,
    },
    /// An earlier line ends or hides the rest of the file.
    #[error("bash does not run what is appended to `{}` (BASH_ENV)", path.display())]
    NotReached {
        /// The file.
        path: PathBuf,
    },
    /// Readonly variables.
    #[error("what is appended to `{}` (BASH_ENV) cannot change {names}", path.display())]
    NotChanged {
        /// The file.
        path: PathBuf,
        /// The names, separated by commas.
        names: String,
    },
    /// The descriptor through which the variables come.
    #[error("`{}` (BASH_ENV) closes or redirects file descriptor 63, through which this program gets the variables", path.display())]
    Diverted {
        /// The file.
        path: PathBuf,
    },
    /// No right to run it.
    #[error("`{}` cannot be run to read `{}` (BASH_ENV)", program.display(), path.display())]
    NotExecutable {
        /// The file.
        path: PathBuf,
        /// bash.
        program: PathBuf,
        /// The system's own reason.
        source: std::io::Error,
    },
    /// Bash is there and cannot be run.
    #[error("bash cannot be run to read `{}` (BASH_ENV)", path.display())]
    Start {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ChildError,
    },
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

/// Lets bash read this text, that of the file of `BASH_ENV`, as if lines were appended to it.
pub(crate) async fn read_with_more_lines(
    text: &str,
    environment: &Environment,
    limit: Duration,
) -> Result<Option<NextBash>, NextBashError> {
    let next_step = without_guards(environment).after([(vars::BASH_ENV, "/dev/stdin")], &[]);
    let text = Zeroizing::new(format!("{PROGRESS}={AT_BEGIN}\n{text}\n{PROGRESS}={AT_END}\n"));
    let read = run(environment, &next_step, Some(text.as_bytes()), limit).await?;
    let own = environment.non_blank(vars::BASH_ENV).unwrap_or_default();
    Ok(read.map(|NextBash { environment, progress }| NextBash {
        environment: environment.after([(vars::BASH_ENV, own)], &[]),
        progress,
    }))
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
        match start(&mut command, stdin, &mark, limit) {
            Err(ChildError::Start(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(ChildError::Start(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                denied = Some(NextBashError::NotExecutable { path: path(), program, source: error });
            }
            Err(error) => return Err(failed(error)),
            Ok(running) => {
                let ended = running.ended().await.map_err(failed)?;
                let read = parse(channel(&ended), &mark);
                return read.map(Some).ok_or_else(|| match ended.status.code() {
                    Some(OTHER_CHANNEL) => NextBashError::Diverted { path: path() },
                    _ => NextBashError::EndsEarly { path: path(), status: ended.status },
                });
            }
        }
    }
    denied.map_or(Ok(None), Err)
}

/// What the script ends with if the descriptor is not ours any more.
const OTHER_CHANNEL: i32 = 113;

/// A first bash, which with `-p` reads no file, keeps a socket of ours open under another number: a file that redirects
/// stdout and stderr to a log must not receive the variables. What the file prints goes to stdout.
#[cfg(not(windows))]
const KEEP_CHANNEL: &str = "exec 63>&2 2>&1; exec \"$0\" \"$@\"";

/// From the socket the script can read the mark. From whatever else the file has opened under this number it cannot.
#[cfg(not(windows))]
fn start(
    command: &mut Command,
    stdin: Option<&[u8]>,
    mark: &str,
    limit: Duration,
) -> Result<RunningChild, ChildError> {
    let greeting = format!("{mark}\n");
    RunningChild::start_group_with_socket(command, stdin, greeting.as_bytes(), LARGEST_OUTPUT, limit)
}

#[cfg(not(windows))]
fn channel(ended: &Ended) -> &[u8] {
    &ended.stderr
}

#[cfg(not(windows))]
fn is_channel(mark: &str) -> String {
    format!(
        "\\builtin read -r -t 2 -u 63 {PROGRESS}_MARK || \\builtin exit {OTHER_CHANNEL}
[[ ${PROGRESS}_MARK == {mark} ]] || \\builtin exit {OTHER_CHANNEL}"
    )
}

/// Windows has no such sockets: there the number has to be enough.
#[cfg(windows)]
const KEEP_CHANNEL: &str = "exec 63>&1; exec \"$0\" \"$@\"";

#[cfg(windows)]
fn start(
    command: &mut Command,
    stdin: Option<&[u8]>,
    _: &str,
    limit: Duration,
) -> Result<RunningChild, ChildError> {
    RunningChild::start_group(command, stdin, LARGEST_OUTPUT, limit)
}

#[cfg(windows)]
fn channel(ended: &Ended) -> &[u8] {
    &ended.stdout
}

#[cfg(windows)]
fn is_channel(_: &str) -> String {
    "\\builtin :".to_owned()
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

/// Prints a mark, the progress, each exported variable and the mark again, each with a NUL behind it.
///
/// Only builtins, because an image may have no other programs; the backslashes are for aliases of the file. What the file
/// has left switched on (aliases, `set -eux`, traps) is switched off before.
fn script(mark: &str) -> String {
    let is_channel = is_channel(mark);
    format!(
        "\\builtin shopt -u expand_aliases
\\builtin set +euxv
\\builtin trap - DEBUG ERR RETURN EXIT
\\builtin unset IFS
{is_channel}
\\builtin printf '%s\\0' {mark} \"${{{PROGRESS}-}}\" >&63
for {PROGRESS} in $(\\builtin compgen -e); do
if [[ ${{!{PROGRESS}+x}} ]]; then \\builtin printf '%s=%s\\0' \"${PROGRESS}\" \"${{!{PROGRESS}}}\" >&63; fi
done
\\builtin printf '%s\\0' {mark} >&63"
    )
}

/// What the script has printed; `None` if bash ended before or within it.
fn parse(output: &[u8], mark: &str) -> Option<NextBash> {
    let mark = mark.as_bytes();
    let begin = output.windows(mark.len() + 1).position(|it| it.split_last() == Some((&0, mark)))?;
    let begin = begin + mark.len() + 1;
    let mut records = output.get(begin..)?.split(|byte| *byte == 0);
    let progress = String::from_utf8_lossy(records.next()?).into_owned();
    let mut variables = Vec::new();
    for record in records {
        if record == mark {
            let environment = Environment::default().after(variables, &[]);
            return Some(NextBash { environment, progress });
        }
        // As elsewhere, a variable that is not UTF-8 is left out.
        variables.extend(std::str::from_utf8(record).ok().and_then(|text| text.split_once('=')));
    }
    None
}
