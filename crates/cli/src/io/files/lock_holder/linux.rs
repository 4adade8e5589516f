//! The list of locks, and what is known about a process.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;

use rustix::fs::{major, minor};

use crate::io::files::lock_holder::LockHolder;

/// The process that has this file or directory locked; `None` if the system does not tell.
pub(crate) fn of(file: &File) -> Option<LockHolder> {
    let metadata = file.metadata().ok()?;
    let device = metadata.dev();
    let place = format!("{:02x}:{:02x}:{}", major(device), minor(device), metadata.ino());
    let pid = pid_in(&fs::read_to_string("/proc/locks").ok()?, &place)?;
    let name = name_of(&pid.to_string())?;
    let is_ours = name_of("self").is_some_and(|own| own == name);
    Some(LockHolder { pid, name, is_ours, is_stopped: is_stopped(pid) })
}

/// Lines such as `1: FLOCK  ADVISORY  WRITE 1234 08:01:131 0 EOF`. One that waits has an arrow; a process of another
/// container has no ID here.
fn pid_in(locks: &str, place: &str) -> Option<u32> {
    let holder = |line: &str| match line.split_whitespace().collect::<Vec<_>>()[..] {
        [_, "FLOCK", _, _, pid, at, ..] if at == place => pid.parse().ok().filter(|pid| *pid > 0),
        _ => None,
    };
    locks.lines().find_map(holder)
}

fn name_of(process: &str) -> Option<String> {
    fs::read_to_string(format!("/proc/{process}/comm")).ok().map(|name| name.trim_end().to_owned())
}

/// The state is behind the name, which may hold anything in its parentheses.
fn is_stopped(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_list_names_the_holder_of_this_file_alone() {
        let locks = "1: POSIX  ADVISORY  WRITE 11 08:01:131 0 EOF\n2: FLOCK  ADVISORY  WRITE 12 08:01:130 0 EOF\n\
                     3: -> FLOCK  ADVISORY  WRITE 13 08:01:131 0 EOF\n4: FLOCK  ADVISORY  WRITE 14 08:01:131 0 EOF\n";
        assert_eq!(pid_in(locks, "08:01:131"), Some(14));
        assert_eq!(pid_in(locks, "08:01:13"), None);
        for pid in ["0", "-1"] {
            assert_eq!(pid_in(&locks.replace("14", pid), "08:01:131"), None, "{pid}");
        }
    }
}
