//! Which process has a file locked, as Linux lists it: the list is of the kernel, so that neither a process that was killed
//! nor one of another container is named.

use std::fmt;

/// A process that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockHolder {
    /// Its process ID.
    pub(crate) pid: u32,
    /// Its name.
    pub(crate) name: String,
    /// Whether it runs this program.
    pub(crate) is_ours: bool,
    /// Whether a signal has stopped it.
    pub(crate) is_stopped: bool,
}

/// A lock that was not free in time.
#[derive(Debug, thiserror::Error)]
#[error("another process has held its lock for {seconds} s{}", in_words(holder.as_ref()))]
pub(crate) struct LockHeld {
    /// How long it was waited for.
    pub(crate) seconds: u64,
    /// Who holds it, if that is known.
    pub(crate) holder: Option<LockHolder>,
}

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, name, is_stopped, .. } = self;
        write!(f, "process {pid} (`{name}`){}", if *is_stopped { ", which is stopped" } else { "" })
    }
}

fn in_words(holder: Option<&LockHolder>) -> String {
    holder.map(|holder| format!(": {holder}")).unwrap_or_default()
}

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::of;

/// No other system tells it without rights of its own.
#[cfg(not(target_os = "linux"))]
pub(crate) fn of(_: &std::fs::File) -> Option<LockHolder> {
    None
}
