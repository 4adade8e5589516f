//! A crash must not write the token to disk.

/// Forbids core dumps of this process. Where the system refuses, a dump stays as likely as before.
#[cfg(unix)]
pub(crate) fn forbid() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Windows writes none unless somebody has set it up to.
#[cfg(not(unix))]
pub(crate) fn forbid() {}
