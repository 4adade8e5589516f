//! A crash must not write the token to disk.

#[cfg(unix)]
pub(crate) use unix::{disable, restore};

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
