//! A crash must not write the token to disk.

/// Disables core dumps of this process, if the system allows that.
#[cfg(unix)]
pub(crate) fn disable() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Windows writes no dumps by default.
#[cfg(not(unix))]
pub(crate) fn disable() {}
