//! Why a path is not trusted: another user can change what it leads to.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// A part of a path that another user can change, with what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UntrustedPath {
    /// The directory, the link or the file.
    pub(crate) path: PathBuf,
    /// Its owner.
    pub(crate) owner: u32,
    /// Its mode, without the file type.
    pub(crate) mode: u32,
    /// What is wrong with it.
    pub(crate) flaw: Flaw,
}

/// What another user can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(unix), expect(dead_code, reason = "files have no owner here"))]
pub(crate) enum Flaw {
    /// The directory belongs to another user.
    OtherDirectory,
    /// All users, or a group, may write to the directory, and its mode lacks the sticky bit.
    OpenDirectory(OpenTo),
    /// A link of another user.
    OtherLink,
    /// As root: a link of this user leads to what belongs to another one.
    LinkElsewhere(u32),
    /// The file belongs to another user.
    OtherFile,
    /// All users, or a group, may write to the file.
    OpenFile(OpenTo),
    /// The file has this many names, of which another user could have made one.
    HardLinks(u64),
}

/// Who may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(unix), expect(dead_code, reason = "files have no owner here"))]
pub(crate) enum OpenTo {
    /// All users.
    All,
    /// The users of this group, which is not known to be that of one user alone.
    Group(u32),
}

impl UntrustedPath {
    /// The one in an error of the system's kind.
    pub(crate) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// The argument of `chmod` that closes it.
    pub(crate) fn mode_that_closes(&self) -> Option<&'static str> {
        match self.flaw {
            Flaw::OpenDirectory(open) | Flaw::OpenFile(open) => Some(match open {
                OpenTo::All if self.mode & 0o020 == 0 => "o-w",
                OpenTo::All => "go-w",
                OpenTo::Group(_) => "g-w",
            }),
            _ => None,
        }
    }
}

impl Error for UntrustedPath {}

impl From<UntrustedPath> for io::Error {
    fn from(untrusted: UntrustedPath) -> Self {
        Self::new(io::ErrorKind::PermissionDenied, untrusted)
    }
}

impl fmt::Display for UntrustedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, owner, mode, flaw } = self;
        let path = path.display();
        match flaw {
            Flaw::OtherDirectory => {
                write!(
                    f,
                    "directory `{path}` belongs to user {owner} (mode {mode:04o}), who can replace what is in it"
                )
            }
            Flaw::OpenDirectory(open) => write!(
                f,
                "{open} can replace what is in directory `{path}` (owner: user {owner}, mode {mode:04o}, no sticky bit)"
            ),
            Flaw::OtherLink => {
                write!(
                    f,
                    "`{path}` belongs to another user: it is a link of user {owner}, who can change where it leads"
                )
            }
            Flaw::LinkElsewhere(user) => write!(
                f,
                "a link of user {user} leads to `{path}`, which belongs to another user (user {owner}, mode {mode:04o})"
            ),
            Flaw::OtherFile => {
                write!(f, "`{path}` belongs to another user (user {owner}, mode {mode:04o})")
            }
            Flaw::OpenFile(open) => {
                write!(f, "{open} can change `{path}` (owner: user {owner}, mode {mode:04o})")
            }
            Flaw::HardLinks(count) => write!(
                f,
                "`{path}` is one of {count} names (hard links) of a file of user {owner}, and another user could have made it"
            ),
        }
    }
}

impl fmt::Display for OpenTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all users"),
            Self::Group(group) => write!(f, "the users of group {group}"),
        }
    }
}
