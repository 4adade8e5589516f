//! By file descriptors.

#[cfg(test)]
mod random_paths;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, Mode, OFlags, mkdirat, openat, renameat, statat, unlinkat};
use rustix::process::geteuid;

use super::trust::{Expected, Inode, Trust};
use super::{Target, walk};
use crate::io::files::directory_lock;
use crate::io::files::file_trust::directory_of;

/// A directory, open.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    handle: File,
    inode: Inode,
    parent: Option<Inode>,
    is_named_by_link: bool,
    trust: Trust,
}

impl From<walk::Judged> for Directory {
    fn from(judged: walk::Judged) -> Self {
        let walk::Judged { path, handle, inode, parent, is_named_by_link, trust } = judged;
        Self { path, handle, inode, parent, is_named_by_link, trust }
    }
}

/// A new file or directory that root cannot leave to the user whose directory it is in.
#[derive(Debug, thiserror::Error)]
#[error("what root creates there cannot be given to the directory's owner, user {owner}: {reason}")]
struct NotGiven {
    owner: u32,
    reason: io::Error,
}

impl Directory {
    /// Opens an existing directory, if no other user can change what its path leads to.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Self::open_expected(path, Expected::Own)
    }

    /// The same with another expectation.
    pub(crate) fn open_expected(path: &Path, expected: Expected) -> io::Result<Self> {
        walk::to_directory(path, expected).map(Self::from)
    }

    /// The file that a path leads to, and its directory, if no other user can change what the path leads to.
    pub(crate) fn target(path: &Path, expected: Expected) -> io::Result<Target> {
        let (directory, path, is_regular) = walk::to_file(path, expected)?;
        Ok(Target { path, directory: directory.into(), is_regular })
    }

    /// Opens a directory; creates it and its parents if they are missing, with mode 0700.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut missing = Vec::new();
        let mut at = path;
        let mut directory = loop {
            match Self::open(at) {
                Ok(directory) => break directory,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let name = at.file_name().ok_or(error)?;
                    missing.push(name);
                    at = directory_of(at);
                }
                Err(error) => return Err(error),
            }
        };
        while let Some(name) = missing.pop() {
            directory = directory.create_directory(name)?;
        }
        Ok(directory)
    }

    fn create_directory(&self, name: &OsStr) -> io::Result<Self> {
        // Another run that creates the same directory waits until this one has its owner.
        let _lock = geteuid().is_root().then(|| directory_lock::lock(&self.path)).transpose()?;
        let handle = match mkdirat(&self.handle, name, Mode::RWXU) {
            Ok(()) => self.take_over_new(name).inspect_err(|_| {
                // It is removed only if it is empty.
                let _ = unlinkat(&self.handle, name, AtFlags::REMOVEDIR);
            })?,
            Err(rustix::io::Errno::EXIST) => self.open_directory(name)?,
            Err(error) => return Err(error.into()),
        };
        let (path, inode, mut trust) =
            (self.path.join(name), Inode::from(&handle.metadata()?), self.trust.clone());
        trust.directory(&path, &handle, inode, Some(self.inode))?;
        Ok(Self { path, handle, inode, parent: Some(self.inode), is_named_by_link: false, trust })
    }

    /// Opens a directory that this process has just created, and gives it the owner of this directory. That owner can put
    /// something else in its place in between. An empty directory of root is as good as new: it gives its owner nothing.
    fn take_over_new(&self, name: &OsStr) -> io::Result<File> {
        let handle = self.open_directory(name)?;
        let is_as_new = handle.metadata()?.uid() == geteuid().as_raw() && is_empty(&handle)?;
        if is_as_new {
            self.give(&handle)?;
        }
        Ok(handle)
    }

    /// Opens a directory in this one, not through a link.
    fn open_directory(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.handle, name, flags, Mode::empty())?.into())
    }

    /// Creates a new file that only its owner can read, never through a link.
    pub(crate) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(openat(&self.handle, name, flags, Mode::RUSR | Mode::WUSR)?);
        if let Err(error) = self.give(&file) {
            let _ = self.remove_file(name);
            return Err(error);
        }
        Ok(file)
    }

    /// Opens a file for reading, not through a link.
    pub(crate) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_file_with_metadata(name).map(|(file, _)| file)
    }

    /// The same, with what was judged.
    pub(crate) fn open_file_with_metadata(&self, name: &OsStr) -> io::Result<(File, Metadata)> {
        // Opening a pipe would block.
        self.open_judged(name, OFlags::RDONLY | OFlags::NONBLOCK)
    }

    /// Opens a file for reading and appending, not through a link.
    pub(crate) fn append_to(&self, name: &OsStr) -> io::Result<File> {
        self.append_to_with_metadata(name).map(|(file, _)| file)
    }

    /// The same, with what was judged.
    pub(crate) fn append_to_with_metadata(&self, name: &OsStr) -> io::Result<(File, Metadata)> {
        self.open_judged(name, OFlags::RDWR | OFlags::APPEND)
    }

    /// Whether a file that was opened in it still has this name.
    pub(crate) fn has(&self, file: &Metadata, name: &OsStr) -> bool {
        statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|found| {
            // Their types differ between systems.
            let id = (i128::from(found.st_dev), i128::from(found.st_ino));
            id == (i128::from(file.dev()), i128::from(file.ino()))
        })
    }

    fn open_judged(&self, name: &OsStr, flags: OFlags) -> io::Result<(File, Metadata)> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(openat(&self.handle, name, flags, Mode::empty())?);
        let metadata = file.metadata()?;
        self.trust.file(&self.path.join(name), Inode::from(&metadata), self.inode)?;
        Ok((file, metadata))
    }

    /// Refuses a regular file that other users may write to.
    pub(crate) fn judge_mode(&self, name: &OsStr, file: &File) -> io::Result<()> {
        let metadata = file.metadata()?;
        if metadata.is_file() {
            self.trust.file_mode(&self.path.join(name), file, Inode::from(&metadata))?;
        }
        Ok(())
    }

    /// Gives a new file of this process the owner of the file that it is to replace: root may edit another user's file.
    pub(crate) fn keep_owner(&self, file: &File, replaced: &OsStr) -> io::Result<()> {
        match statat(&self.handle, replaced, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(before) => give(file, before.st_uid, before.st_gid),
            Err(rustix::io::Errno::NOENT) => self.give(file),
            Err(error) => Err(error.into()),
        }
    }

    /// Renames a file within the directory, replacing the other one.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        renameat(&self.handle, from, &self.handle, to).map_err(Into::into)
    }

    /// Removes a file or a link.
    pub(crate) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        unlinkat(&self.handle, name, AtFlags::empty()).map_err(Into::into)
    }

    /// The names of its entries that are of this kind.
    pub(crate) fn names(&self, is_wanted: impl Fn(&OsStr) -> bool) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.handle)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if is_wanted(name) {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Its own metadata.
    pub(crate) fn metadata(&self) -> io::Result<Metadata> {
        self.handle.metadata()
    }

    /// Whether it is this user's, and not behind a link.
    pub(crate) fn is_own(&self) -> bool {
        !self.is_named_by_link && self.parent.is_some_and(|parent| self.trust.owns(self.inode, parent))
    }

    /// Whether a file in it is this user's.
    pub(crate) fn owns(&self, file: &Metadata) -> bool {
        self.trust.owns(Inode::from(file), self.inode)
    }

    /// Removes other users' access.
    pub(crate) fn make_private(&self) -> io::Result<()> {
        if self.inode.mode & 0o777 == 0o700 {
            Ok(())
        } else {
            self.handle.set_permissions(Permissions::from_mode(0o700))
        }
    }

    /// To the owner of this directory.
    fn give(&self, created: &File) -> io::Result<()> {
        let owner = self.metadata()?;
        give(created, owner.uid(), owner.gid())
    }
}

/// Only root can, and only what it has just created.
fn give(created: &File, uid: u32, gid: u32) -> io::Result<()> {
    let now = created.metadata()?;
    if !geteuid().is_root() || (uid, gid) == (now.uid(), now.gid()) {
        return Ok(());
    }
    fchown(created, Some(uid), Some(gid))
        .map_err(|reason| io::Error::new(io::ErrorKind::PermissionDenied, NotGiven { owner: uid, reason }))
}

fn is_empty(handle: &File) -> io::Result<bool> {
    for entry in Dir::read_from(handle)? {
        if !matches!(entry?.file_name().to_bytes(), b"." | b"..") {
            return Ok(false);
        }
    }
    Ok(true)
}
