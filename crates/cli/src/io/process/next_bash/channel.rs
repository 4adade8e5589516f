//! The way on which the variables come from bash to this program, and to no file.

use std::process::Command;
use std::time::Duration;

use super::LARGEST_OUTPUT;
#[cfg(not(windows))]
use super::PROGRESS;
use crate::io::process::child_output::{ChildError, Ended, RunningChild};

/// What the script ends with if the descriptor is not ours any more.
pub(super) const OTHER_CHANNEL: i32 = 113;

/// A first bash, which with `-p` reads no file, keeps a socket of ours open under another number: a file that redirects
/// stdout and stderr to a log must not receive the variables. What the file prints goes to stdout.
#[cfg(not(windows))]
pub(super) const KEEP_CHANNEL: &str = "exec 63>&2 2>&1; exec \"$0\" \"$@\"";

/// From the socket the script can read the mark. From whatever else the file has opened under this number it cannot.
#[cfg(not(windows))]
pub(super) fn start(
    command: &mut Command,
    stdin: Option<&[u8]>,
    mark: &str,
    limit: Duration,
) -> Result<RunningChild, ChildError> {
    let greeting = format!("{mark}\n");
    RunningChild::start_with_socket(command, stdin, greeting.as_bytes(), LARGEST_OUTPUT, limit)
}

#[cfg(not(windows))]
pub(super) fn text(ended: &Ended) -> &[u8] {
    &ended.stderr
}

#[cfg(not(windows))]
pub(super) fn is_channel(mark: &str) -> String {
    format!(
        "\\builtin read -r -t 2 -u 63 {PROGRESS}_MARK || \\builtin exit {OTHER_CHANNEL}
[[ ${PROGRESS}_MARK == {mark} ]] || \\builtin exit {OTHER_CHANNEL}"
    )
}

/// Windows has no such sockets: there the number has to be enough.
#[cfg(windows)]
pub(super) const KEEP_CHANNEL: &str = "exec 63>&1; exec \"$0\" \"$@\"";

#[cfg(windows)]
pub(super) fn start(
    command: &mut Command,
    stdin: Option<&[u8]>,
    _: &str,
    limit: Duration,
) -> Result<RunningChild, ChildError> {
    RunningChild::start(command, stdin, LARGEST_OUTPUT, limit)
}

#[cfg(windows)]
pub(super) fn text(ended: &Ended) -> &[u8] {
    &ended.stdout
}

#[cfg(windows)]
pub(super) fn is_channel(_: &str) -> String {
    "\\builtin :".to_owned()
}
