//! A crash must not write the token to disk.

#[cfg(unix)]
pub(crate) use unix::{disable, hide, restore};

#[cfg(unix)]
mod unix {
    use std::sync::OnceLock;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// The limit that this process was started with.
    static BEFORE: OnceLock<Rlimit> = OnceLock::new();

    /// Disables core dumps of this process, if the system allows that. The hard limit stays, as only it decides whether the
    /// limit can be restored.
    pub(crate) fn disable() {
        let before = *BEFORE.get_or_init(|| getrlimit(Resource::Core));
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), ..before });
    }

    /// Other processes of this user can no longer read the memory or environment of this process, for one that keeps secrets
    /// for hours. The program that a child becomes is not concerned.
    pub(crate) fn hide() {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }

    /// As it was, for the program that takes this process over.
    pub(crate) fn restore() {
        if let Some(before) = BEFORE.get() {
            let _ = setrlimit(Resource::Core, *before);
        }
    }
}

/// Windows writes no dumps by default.
#[cfg(not(unix))]
pub(crate) fn disable() {}

/// Nothing to do.
#[cfg(not(unix))]
pub(crate) fn hide() {}
