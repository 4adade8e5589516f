//! Programs that append to a file without a lock: whether one is at it, and what it writes to a file that was replaced.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::io::clock::{self, Deadline, Stopwatch};

/// Other runs of this program hold a lock for less than [`LONGEST_DRAIN`] and an edit.
pub(super) const LONGEST_LOCK: Duration = Duration::from_secs(5);
pub(super) const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// In this time a program that has opened the file to append a line has done so: it takes microseconds.
const QUIET: Duration = Duration::from_millis(50);
const POLL_INTERVAL: Duration = Duration::from_millis(5);
const LONGEST_DRAIN: Duration = Duration::from_secs(2);

/// Whether nothing is appended for a while to the bytes that were read, and no other program has the file open to do so.
pub(super) fn is_quiet(file: &File, path: &Path, read: usize) -> bool {
    let since = Stopwatch::start();
    while file.metadata().is_ok_and(|metadata| metadata.len() == read as u64) {
        if since.elapsed() >= QUIET {
            return !is_written_to(file, path);
        }
        clock::wait(POLL_INTERVAL);
    }
    false
}

/// Passes on what is appended to a replaced file, until no program has it open to do so. `false` if one still has.
pub(super) fn drain(
    mut old: &File,
    path: &Path,
    mut pass_on: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<bool> {
    let deadline = Deadline::after(LONGEST_DRAIN);
    let mut quiet = Stopwatch::start();
    loop {
        let was_open = quiet.elapsed() >= QUIET && is_written_to(old, path);
        // After the look at the other programs: one of them can write and close the file in between.
        let mut late = Zeroizing::new(Vec::new());
        old.read_to_end(&mut late)?;
        if !late.is_empty() {
            pass_on(&late)?;
            quiet = Stopwatch::start();
        } else if quiet.elapsed() >= QUIET && (!was_open || deadline.left().is_zero()) {
            return Ok(!was_open);
        }
        clock::wait(POLL_INTERVAL);
    }
}

/// Whether another process of this user has the file open for writing.
#[cfg(target_os = "linux")]
fn is_written_to(file: &File, path: &Path) -> bool {
    use std::fs::{self, DirEntry};
    use std::os::unix::fs::MetadataExt;
    let entries = |path: &Path| fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    let Ok(file) = file.metadata() else { return false };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let own = std::process::id().to_string();
    let is_open = |descriptor: &DirEntry| {
        // By the name first: the metadata of a file on a server that hangs would hang, too.
        let target = fs::read_link(descriptor.path()).unwrap_or_default();
        target.file_name().is_some_and(|target| target.to_string_lossy().starts_with(&*name))
            && fs::metadata(descriptor.path())
                .is_ok_and(|it| (it.dev(), it.ino()) == (file.dev(), file.ino()))
            && is_for_writing(descriptor)
    };
    entries("/proc".as_ref())
        .filter(|process| {
            let name = process.file_name();
            name != *own && name.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit())
        })
        .any(|process| entries(&process.path().join("fd")).any(|descriptor| is_open(&descriptor)))
}

/// By its flags, of which the last octal digit is the way of access: 0 is reading.
#[cfg(target_os = "linux")]
fn is_for_writing(descriptor: &std::fs::DirEntry) -> bool {
    let process = descriptor.path().ancestors().nth(2).unwrap_or("/".as_ref()).to_owned();
    let info = process.join("fdinfo").join(descriptor.file_name());
    let text = crate::io::files::text_file::read_within(1024, &info).ok().flatten().unwrap_or_default();
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
    // The process may have ended.
    flags.is_some_and(|flags| !flags.trim().ends_with(['0', '4']))
}

/// Unknown there.
#[cfg(not(target_os = "linux"))]
fn is_written_to(_: &File, _: &Path) -> bool {
    false
}
