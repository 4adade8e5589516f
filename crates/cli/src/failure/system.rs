//! What this machine lacks, or does not permit: the same hint, whatever was being done.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;

use super::elsewhere::Elsewhere;
use crate::io::files::file_trust::PathError;
use crate::io::files::text_file::ReadError;
use crate::io::http::transport_error::TransportError;
use crate::io::open_files::OpenFilesLimit;

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// The disk is full, or has no inode left.
    Space,
    /// The user's quota is used up.
    Quota,
    /// The file would be larger than the limit of the shell.
    FileSize,
    /// A file or a socket cannot be opened.
    OpenFiles(OpenFilesLimit),
    /// The file system is mounted read-only.
    Writable,
    /// The user may not write there.
    Permission,
}

impl Lack {
    /// By the first error of the chain that shows one.
    pub(super) fn of<'a>(error: &'a (dyn Error + 'static)) -> Option<Self> {
        iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
            .filter_map(io_error)
            .find_map(Self::of_io)
    }

    /// The same of an error of the system.
    pub(super) fn of_io(error: &io::Error) -> Option<Self> {
        if let Some(limit) = OpenFilesLimit::of(error) {
            return Some(Self::OpenFiles(limit));
        }
        match error.kind() {
            ErrorKind::StorageFull => Some(Self::Space),
            ErrorKind::QuotaExceeded => Some(Self::Quota),
            ErrorKind::FileTooLarge => Some(Self::FileSize),
            ErrorKind::ReadOnlyFilesystem => Some(Self::Writable),
            ErrorKind::PermissionDenied => Some(Self::Permission),
            _ => None,
        }
    }

    /// The next action, if there is one: of a right that is missing it is another place, if there can be one.
    pub(super) fn hint(self, elsewhere: Option<Elsewhere>) -> Option<String> {
        let or_elsewhere = |first: &str, which: &str| match elsewhere {
            Some(elsewhere) => format!("{first}, or {}", elsewhere.in_a_directory(which)),
            None => first.to_owned(),
        };
        match self {
            Self::Space => Some(or_elsewhere(
                "free space on that file system (`df -h`, `df -i`)",
                "on a file system that has space",
            )),
            Self::Quota => Some(or_elsewhere(
                "free space within this user's quota on that file system",
                "on a file system that has space",
            )),
            Self::FileSize => Some("raise `ulimit -f` in the shell that starts this process".to_owned()),
            Self::OpenFiles(limit) => Some(open_files(limit).to_owned()),
            Self::Writable | Self::Permission => {
                elsewhere.map(|elsewhere| elsewhere.in_a_directory("that this user can write to"))
            }
        }
    }
}

/// The error of the system, which not every error has as its source: its text is then in its own.
fn io_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return Some(error);
    }
    if let Some(error) = error.downcast_ref::<PathError>() {
        return error.reason();
    }
    if let Some(ReadError::Io(error)) = error.downcast_ref() {
        return Some(error);
    }
    match error.downcast_ref() {
        Some(TransportError::NotSetUp(error)) => Some(error),
        _ => None,
    }
}

/// No file descriptor for a file or a socket.
pub(super) fn open_files(limit: OpenFilesLimit) -> &'static str {
    match limit {
        OpenFilesLimit::OfProcess => {
            "raise `ulimit -n` in the shell that starts this process, or close what that shell has open: files and \
             sockets count"
        }
        OpenFilesLimit::OfMachine => {
            "end what leaves files open on this machine, or raise its limit `fs.file-max`: all its processes together \
             have too many"
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;
    use crate::failure::Failure;
    use crate::renewal::state_directory::StateError;
    use crate::sinks::{FilePlace, SinkError};

    fn hint_of(place: FilePlace, number: Errno) -> String {
        let (path, source) = ("p".into(), number.into());
        Failure::of_sink(&SinkError::Write { place, path, source }).hint.unwrap_or_default()
    }

    #[test]
    fn each_lack_has_its_hint_and_another_place_only_where_that_helps() {
        let (shared, flag) = (FilePlace::SharedFiles, FilePlace::Flag);
        let free = "free space on that file system (`df -h`, `df -i`), or ";
        let to = "set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE to files in a directory ";
        for (place, number, begins) in [
            (shared, Errno::NOSPC, &*format!("{free}{to}on a file system that has space, in this step and")),
            (
                flag,
                Errno::NOSPC,
                &format!("{free}name a file in a directory on a file system that has space"),
            ),
            (flag, Errno::DQUOT, "free space within this user's quota on that file system, or name a file"),
            (flag, Errno::FBIG, "raise `ulimit -f` in the shell that starts this process"),
            (shared, Errno::MFILE, "raise `ulimit -n` in the shell that starts this process"),
            (shared, Errno::NFILE, "end what leaves files open on this machine"),
            (shared, Errno::ROFS, &format!("{to}that this user can write to, in this step and in the steps")),
            (
                FilePlace::BashEnv,
                Errno::ROFS,
                "set BASH_ENV to a file in a directory that this user can write to",
            ),
            (
                FilePlace::Home,
                Errno::ROFS,
                "set HOME to a directory that this user can write to, in this step and",
            ),
            (FilePlace::Runner, Errno::ACCESS, "choose another destination, such as `--to dotenv:PATH` in a"),
            (flag, Errno::IO, ""),
        ] {
            let hint = hint_of(place, number);
            assert!(hint.starts_with(begins) && hint.is_empty() == begins.is_empty(), "{number:?}: {hint}");
        }
    }

    #[test]
    fn it_is_found_wherever_an_error_has_it() {
        let full = || io::Error::from(Errno::NOSPC);
        let state = StateError::Io { path: "p".into(), source: full() };
        let directory = PathError::Directory { directory: "d".into(), reason: full() };
        let (path, place) = ("p".into(), FilePlace::Flag);
        for error in [
            &full() as &(dyn Error + 'static),
            &state,
            &SinkError::Path { place, path, source: directory },
            &SinkError::Unreadable { path: "p".into(), source: ReadError::Io(full()) },
            &TransportError::not_set_up(full()),
        ] {
            assert_eq!(Lack::of(error), Some(Lack::Space), "{error:?}");
        }
        assert_eq!(Lack::of(&io::Error::from(Errno::IO)), None);
    }

    #[test]
    fn a_home_that_cannot_be_written_to_has_a_hint_for_serve() {
        let (path, source) = ("/home/x/.aws".into(), io::Error::from(Errno::ROFS));
        let hint = Failure::of_state(&StateError::Io { path, source }).hint.unwrap();
        assert!(
            hint.starts_with("set HOME to a directory that this user can write to, in this step"),
            "{hint}"
        );
        let hint = Failure::of_descriptor("p".as_ref(), &Errno::NOSPC.into()).hint.unwrap();
        assert!(
            hint.contains("`df -i`), or set HOME to a directory on a file system that has space"),
            "{hint}"
        );
    }

    #[test]
    fn clear_is_never_told_to_leave_credentials_in_their_file() {
        for (number, begins) in [
            (Errno::ROFS, "let this user write to that file and its directory: the credentials stay in it"),
            (Errno::ACCESS, "let this user write to that file"),
            (Errno::NOSPC, "free space on that file system (`df -h`, `df -i`)"),
        ] {
            let (place, path, source) = (FilePlace::SharedFiles, "p".into(), number.into());
            let hint = Failure::of_clear(&SinkError::Write { place, path, source }).hint.unwrap();
            assert!(hint.starts_with(begins) && !hint.contains("AWS_SHARED"), "{number:?}: {hint}");
        }
    }
}
