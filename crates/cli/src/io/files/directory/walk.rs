//! From the root directory to the end of a path, one part after the other, each opened relative to the one before, so that
//! what is judged is what is used. Links are followed here, never by the system.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, readlinkat, statat};
use rustix::io::Errno;
use rustix::process::geteuid;

use super::trust::{Expected, Inode, Trust};

/// As many as Linux follows.
const MOST_LINKS: u32 = 40;

/// A directory whose path was judged.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) path: PathBuf,
    pub(super) handle: File,
    pub(super) inode: Inode,
    /// What contains it; none for the root directory.
    pub(super) parent: Option<Inode>,
    /// Whether the path's last name is a link.
    pub(super) is_named_by_link: bool,
    pub(super) trust: Trust,
}

/// The directory that a path leads to.
pub(super) fn to_directory(path: &Path, expected: Expected) -> io::Result<Judged> {
    let mut walk = Walk::new(path, expected)?;
    while let Some(name) = walk.pending.pop_front() {
        walk.enter(&name)?;
    }
    walk.end()
}

/// The file that a path leads to: its directory, its path, and whether it is a regular file, if there is one. Links are
/// followed, the last one too.
pub(super) fn to_file(path: &Path, expected: Expected) -> io::Result<(Judged, PathBuf, Option<bool>)> {
    let mut walk = Walk::new(path, expected)?;
    loop {
        let Some(name) = walk.pending.pop_front() else {
            return Err(io::ErrorKind::IsADirectory.into());
        };
        if !walk.pending.is_empty() || name == ".." {
            walk.enter(&name)?;
            continue;
        }
        let Some((inode, is_link)) = walk.entry(&name)? else {
            // What a link leads to is not created.
            return if walk.is_named_by_link {
                Err(Errno::NOENT.into())
            } else {
                let is_regular = walk.is_of_directory.then_some(false);
                Ok((walk.end()?, path.to_owned(), is_regular))
            };
        };
        if is_link {
            walk.follow(&name, inode)?;
        } else {
            let is_regular = inode.is_regular && !walk.is_of_directory;
            let directory = walk.end()?;
            let target = directory.path.join(name);
            directory.trust.file(&target, inode, directory.inode)?;
            let path = if directory.is_named_by_link { target } else { path.to_owned() };
            return Ok((directory, path, Some(is_regular)));
        }
    }
}

struct Walk {
    /// Each directory so far, the root directory first.
    entered: Vec<(PathBuf, File, Inode)>,
    pending: VecDeque<OsString>,
    trust: Trust,
    links: u32,
    is_named_by_link: bool,
    /// Whether the end of the path, or of its last link, names a directory: the system opens no file by it.
    is_of_directory: bool,
}

impl Walk {
    fn new(path: &Path, expected: Expected) -> io::Result<Self> {
        let mut walk = Self {
            entered: Vec::new(),
            pending: VecDeque::new(),
            trust: Trust::new(geteuid().as_raw(), expected),
            links: 0,
            is_named_by_link: false,
            is_of_directory: names_directory(path),
        };
        walk.expand(&std::path::absolute(path)?)?;
        Ok(walk)
    }

    /// Puts the parts of a path before those that are left.
    fn expand(&mut self, path: &Path) -> io::Result<()> {
        if path.has_root() {
            self.entered.clear();
            self.add("/".into(), open_directory(CWD, Path::new("/"))?)?;
        }
        let names = path.components().filter_map(|part| match part {
            Component::ParentDir | Component::Normal(_) => Some(part.as_os_str().to_owned()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        });
        let mut names: VecDeque<OsString> = names.collect();
        names.append(&mut self.pending);
        self.pending = names;
        Ok(())
    }

    fn here(&self) -> io::Result<&(PathBuf, File, Inode)> {
        self.entered.last().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Goes into a directory, or follows a link.
    fn enter(&mut self, name: &OsStr) -> io::Result<()> {
        if name == ".." {
            if self.entered.len() > 1 {
                self.entered.pop();
            }
            return Ok(());
        }
        let (path, handle, _) = self.here()?;
        match open_directory(handle, Path::new(name)) {
            Ok(opened) => self.add(path.join(name), opened),
            // A link is not opened.
            Err(error) => match self.entry(name)? {
                Some((link, true)) => self.follow(name, link),
                _ => Err(error),
            },
        }
    }

    /// What has this name, and whether it is a link.
    fn entry(&self, name: &OsStr) -> io::Result<Option<(Inode, bool)>> {
        match statat(&self.here()?.1, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some((Inode::from(&stat), FileType::from_raw_mode(stat.st_mode).is_symlink()))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn follow(&mut self, name: &OsStr, link: Inode) -> io::Result<()> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Errno::LOOP.into());
        }
        self.is_named_by_link |= self.pending.is_empty();
        let (path, handle, parent) = self.here()?;
        let (path, parent) = (path.join(name), *parent);
        let target = PathBuf::from(OsString::from_vec(readlinkat(handle, name, Vec::new())?.into_bytes()));
        self.trust.link(&path, link, parent)?;
        self.is_of_directory |= self.pending.is_empty() && names_directory(&target);
        self.expand(&target)
    }

    fn add(&mut self, path: PathBuf, handle: File) -> io::Result<()> {
        let inode = Inode::from(&handle.metadata()?);
        let parent = self.entered.last().map(|(_, _, parent)| *parent);
        self.trust.directory(&path, &handle, inode, parent)?;
        self.entered.push((path, handle, inode));
        Ok(())
    }

    fn end(mut self) -> io::Result<Judged> {
        let last = self.entered.pop();
        let (path, handle, inode) = last.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        self.trust.end(&path, inode)?;
        let parent = self.entered.last().map(|(_, _, parent)| *parent);
        Ok(Judged { path, handle, inode, parent, is_named_by_link: self.is_named_by_link, trust: self.trust })
    }
}

/// Whether the path ends in `/` or `/.`, which `components` leaves out.
fn names_directory(path: &Path) -> bool {
    let text = path.as_os_str().as_bytes();
    text.ends_with(b"/") || text.ends_with(b"/.") || text == b"."
}

/// Opens a directory, not through a link.
fn open_directory(at: impl std::os::fd::AsFd, name: &Path) -> io::Result<File> {
    // Not with std's `custom_flags`, which leaves O_PATH out where musl counts it to the access mode.
    let open = |flags: OFlags| {
        let flags = flags | OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        openat(&at, name, flags, Mode::empty()).map(File::from).map_err(io::Error::from)
    };
    match open(OFlags::empty()) {
        // The user may enter the directory and may not list it.
        #[cfg(target_os = "linux")]
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => open(OFlags::PATH),
        opened => opened,
    }
}
