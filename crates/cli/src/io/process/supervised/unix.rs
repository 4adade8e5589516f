//! By signals: each that comes is passed on, and SIGCHLD says that a child has ended.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::emulate_default_handler;
use signal_hook::low_level::siginfo::{Cause, Origin};

use super::{Child, Command, Infallible, Supervised, io};
use crate::io::process::core_dump;
use crate::io::signals;

pub(super) type Signals = SignalsInfo<WithOrigin>;

/// The signals that other processes send to make a program end, read its settings again or report.
const PASSED_ON: [i32; 6] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];

impl Supervised {
    /// Starts the program, with the limits, ignored signals and streams of this process. From now on no signal of the
    /// list ends this process.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        signals::hand_over();
        let heard = PASSED_ON.into_iter().filter(|signal| !signals::is_ignored(*signal)).chain([SIGCHLD]);
        let signals = Signals::new(heard)?;
        core_dump::restore();
        let child = command.spawn();
        core_dump::disable();
        Ok(Self { child: child?, signals })
    }

    /// Passes signals on until the program ends, then ends as it did. Returns only if it cannot wait.
    pub(crate) fn stand_in(mut self) -> io::Result<Infallible> {
        loop {
            for origin in self.signals.wait() {
                pass_on(&self.child, &origin);
            }
            if let Some(status) = self.child.try_wait()? {
                end_as(status);
            }
        }
    }
}

/// What a terminal sends reaches the program without this process: it is in the same process group.
fn pass_on(child: &Child, origin: &Origin) {
    if origin.signal != SIGCHLD
        && origin.cause != Cause::Kernel
        && let Some(signal) = Signal::from_named_raw(origin.signal)
    {
        // It may have ended.
        let _ = kill_process(Pid::from_child(child), signal);
    }
}

#[expect(clippy::exit, reason = "this process ends as the program that it stands for")]
fn end_as(status: ExitStatus) -> ! {
    if let Some(signal) = status.signal() {
        // Does not return for a signal that ends a process.
        let _ = emulate_default_handler(signal);
    }
    std::process::exit(status.code().or_else(|| status.signal().map(|it| 128 + it)).unwrap_or(1))
}
