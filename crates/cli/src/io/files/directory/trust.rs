//! Who may change what a path leads to, judged from its parts. As sshd does for its files, with two differences: a
//! directory with the sticky bit is accepted, because there users can replace only what is their own, and the search does
//! not end at the home directory.
//!
//! Trusted are this user and root. Root also trusts one other user, the first one on the path: sudo keeps HOME, and
//! containers run as root in the directories of a user. From there on all must belong to that user or to root, and where
//! a link of that user leads must belong to that user, because root can write where the user cannot.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::FileType;

use super::private_group;
use crate::io::files::untrusted_path::{Flaw, OpenTo, UntrustedPath};

const ROOT: u32 = 0;
const STICKY: u32 = 0o1000;

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Of this user.
    Own,
    /// Of the runner of GitHub Actions, which makes the file, its directories and their modes, reads the file after the
    /// step, and is another user if the step runs in a container. Only links and the file are judged.
    OfRunner,
}

/// A directory, a link or a file, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inode {
    pub(super) owner: u32,
    group: u32,
    pub(super) mode: u32,
    names: u64,
    pub(super) is_regular: bool,
}

impl From<&Metadata> for Inode {
    fn from(metadata: &Metadata) -> Self {
        Self {
            owner: metadata.uid(),
            group: metadata.gid(),
            mode: metadata.mode(),
            names: metadata.nlink(),
            is_regular: metadata.is_file(),
        }
    }
}

#[cfg_attr(target_os = "linux", expect(clippy::useless_conversion, reason = "narrower types elsewhere"))]
impl From<&rustix::fs::Stat> for Inode {
    fn from(stat: &rustix::fs::Stat) -> Self {
        Self {
            owner: stat.st_uid,
            group: stat.st_gid,
            mode: stat.st_mode.into(),
            names: stat.st_nlink.into(),
            is_regular: FileType::from_raw_mode(stat.st_mode).is_file(),
        }
    }
}

/// What the parts of a path so far say.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    me: u32,
    expected: Expected,
    /// The other user.
    user: Option<u32>,
    /// Whether a link of that user was followed.
    through_link: bool,
}

impl Trust {
    pub(super) fn new(me: u32, expected: Expected) -> Self {
        Self { me, expected, user: None, through_link: false }
    }

    /// A directory, and the one that contains it.
    pub(super) fn directory(
        &mut self,
        path: &Path,
        handle: &File,
        directory: Inode,
        parent: Option<Inode>,
    ) -> Result<(), UntrustedPath> {
        let in_shared = self.expected == Expected::Own && self.could_be_planted(directory, parent);
        if in_shared || !self.admits(directory.owner) {
            return Err(directory.untrusted(path, Flaw::OtherDirectory));
        }
        let is_judged = self.expected == Expected::Own && directory.mode & STICKY == 0;
        match is_judged.then(|| self.open_to(directory, handle)).flatten() {
            Some(open) => Err(directory.untrusted(path, Flaw::OpenDirectory(open))),
            None => Ok(()),
        }
    }

    /// A link that is followed, and the directory that contains it.
    pub(super) fn link(&mut self, path: &Path, link: Inode, parent: Inode) -> Result<(), UntrustedPath> {
        if self.could_be_planted(link, Some(parent)) || !self.admits(link.owner) {
            return Err(link.untrusted(path, Flaw::OtherLink));
        }
        self.through_link |= self.user == Some(link.owner);
        Ok(())
    }

    /// The directory at the end of the path.
    pub(super) fn end(&self, path: &Path, directory: Inode) -> Result<(), UntrustedPath> {
        match self.user {
            Some(user) if self.through_link && directory.owner != user => {
                Err(directory.untrusted(path, Flaw::LinkElsewhere(user)))
            }
            _ => Ok(()),
        }
    }

    /// A file in that directory.
    pub(super) fn file(&self, path: &Path, file: Inode, directory: Inode) -> Result<(), UntrustedPath> {
        self.end(path, file)?;
        let of_directory = self.user == Some(file.owner) && !self.is_shared(directory);
        if file.owner != self.me && file.owner != ROOT && !of_directory {
            return Err(file.untrusted(path, Flaw::OtherFile));
        }
        // A user can give a file of another user a second name in a directory of its own, or in one that all share.
        if file.is_regular && file.names > 1 && (file.owner != directory.owner || self.is_shared(directory)) {
            return Err(file.untrusted(path, Flaw::HardLinks(file.names)));
        }
        Ok(())
    }

    /// The mode of a file that is read and not replaced.
    pub(super) fn file_mode(&self, path: &Path, handle: &File, file: Inode) -> Result<(), UntrustedPath> {
        match self.open_to(file, handle) {
            Some(open) => Err(file.untrusted(path, Flaw::OpenFile(open))),
            None => Ok(()),
        }
    }

    /// Whether this user owns the file or directory. To root, what belongs to the owner of the directory that contains it
    /// is as good as its own: that user could replace it anyway, and root's own files there get that owner.
    pub(super) fn owns(&self, inode: Inode, directory: Inode) -> bool {
        inode.owner == self.me || (self.me == ROOT && inode.owner == directory.owner)
    }

    /// Whether this owner may be on the path.
    fn admits(&mut self, owner: u32) -> bool {
        if owner == self.me || owner == ROOT {
            return true;
        }
        let trusts_another = self.me == ROOT || self.expected == Expected::OfRunner;
        trusts_another && *self.user.get_or_insert(owner) == owner
    }

    /// Whether any user can have created it.
    fn could_be_planted(&self, entry: Inode, directory: Option<Inode>) -> bool {
        directory.is_some_and(|directory| {
            let owners = [self.me, ROOT, directory.owner];
            self.is_shared(directory) && !owners.contains(&entry.owner)
        })
    }

    /// Whether other users can create files in it. Without the sticky bit it was accepted because they cannot.
    fn is_shared(&self, directory: Inode) -> bool {
        let judged = self.expected == Expected::Own && directory.mode & STICKY == 0;
        directory.mode & 0o022 != 0 && !judged
    }

    /// Other users who may write to it.
    fn open_to(&self, inode: Inode, handle: &File) -> Option<OpenTo> {
        if inode.mode & 0o002 != 0 {
            return Some(OpenTo::All);
        }
        if inode.mode & 0o020 == 0 {
            return None;
        }
        let users: Vec<u32> = [self.me, ROOT].into_iter().chain(self.user).collect();
        let only_they = private_group::is_private_to(inode.group, &users) && !has_access_list(handle);
        (!only_they).then_some(OpenTo::Group(inode.group))
    }
}

impl Inode {
    fn untrusted(self, path: &Path, flaw: Flaw) -> UntrustedPath {
        UntrustedPath { path: path.to_owned(), owner: self.owner, mode: self.mode & 0o7777, flaw }
    }
}

/// With an access list, the group's bits of the mode are the most that any user of the list may have. Not known counts as
/// yes.
#[cfg(target_os = "linux")]
fn has_access_list(handle: &File) -> bool {
    use rustix::io::Errno;
    let name = "system.posix_acl_access";
    // An access list for more than owner, group and others has more than 4 + 3 * 8 bytes.
    let found = rustix::fs::fgetxattr(handle, name, &mut [0_u8; 64]);
    !matches!(found, Err(Errno::NODATA | Errno::OPNOTSUPP))
}

#[cfg(not(target_os = "linux"))]
fn has_access_list(_: &File) -> bool {
    true
}
