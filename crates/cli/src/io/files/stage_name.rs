//! The names of staging files, and the removal of those that a killed run has left. A random name cannot be planted, and is
//! not that of another run. Whoever created a staging file holds its lock, so a file without one has no run any more.

#[cfg(unix)]
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs::File;
use std::io;

use crate::io::files::directory::Directory;
use crate::io::http::tls;

const START: &str = ".circleci-aws-oidc-";
const END: &str = ".tmp";

/// A new name.
pub(super) fn new() -> io::Result<OsString> {
    let random = tls::random_bytes().ok_or_else(|| io::Error::other("the system returns no random bytes"))?;
    Ok(format!("{START}{:016x}{END}", u64::from_be_bytes(random)).into())
}

#[cfg(unix)]
fn is_one(name: &OsStr) -> bool {
    const DIGITS: usize = 16;
    let digits =
        name.to_str().and_then(|name| name.strip_prefix(START)).and_then(|name| name.strip_suffix(END));
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Locks a new staging file; `false` if another run has taken it for one that was left, and removes it.
#[cfg(unix)]
pub(super) fn claim(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    match file.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => Ok(false),
        // A file system without locks: then nothing is removed there either.
        Err(std::fs::TryLockError::Error(_)) => Ok(true),
        Ok(()) => Ok(file.metadata()?.nlink() > 0),
    }
}

/// Windows: a lock would keep others from reading the file.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix this can fail")]
pub(super) fn claim(_: &File) -> io::Result<bool> {
    Ok(true)
}

/// Removes what killed runs have left in a directory. What cannot be removed stays for the next run.
#[cfg(unix)]
pub(super) fn sweep(directory: &Directory) {
    for name in directory.names(is_one).unwrap_or_default() {
        let _ = remove_if_left(directory, &name);
    }
}

#[cfg(unix)]
fn remove_if_left(directory: &Directory, name: &OsStr) -> io::Result<()> {
    let file = directory.open_file(name)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && directory.owns(&metadata) && file.try_lock().is_ok() {
        directory.remove_file(name)?;
    }
    Ok(())
}

/// Windows: nothing shows whether a run still has the file.
#[cfg(not(unix))]
pub(super) fn sweep(_: &Directory) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_staging_file_without_a_run_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &OsStr| directory.path().join(name);
        let (left, in_use) = (new().unwrap(), new().unwrap());
        let names =
            [".circleci-aws-oidc-.tmp", ".circleci-aws-oidc-0123456789abcdeX.tmp", ".credentials.1-0.tmp"];
        for name in names.map(OsStr::new).into_iter().chain([left.as_os_str()]) {
            File::create_new(path(name)).unwrap();
        }
        let locked = File::create_new(path(&in_use)).unwrap();
        assert!(claim(&locked).unwrap());
        sweep(&Directory::open(directory.path()).unwrap());
        assert!(!path(&left).exists());
        assert!(path(&in_use).exists() && names.iter().all(|name| directory.path().join(name).exists()));
        drop(locked);
        sweep(&Directory::open(directory.path()).unwrap());
        assert!(!path(&in_use).exists());
    }

    #[test]
    fn a_staging_file_that_another_run_removes_is_not_used() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(new().unwrap());
        let file = File::create_new(&path).unwrap();
        sweep(&Directory::open(directory.path()).unwrap());
        assert!(!path.exists() && !claim(&file).unwrap());
    }

    #[test]
    fn a_pipe_or_a_link_with_such_a_name_blocks_nothing_and_stays() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join(new().unwrap());
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        sweep(&Directory::open(directory.path()).unwrap());
        assert!(link.is_symlink());
    }
}
