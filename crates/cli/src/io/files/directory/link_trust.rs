//! Whether root may write to the directory that a path leads to. A user who owns a directory on the way can put a link
//! there, to a directory that only root can write to.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat};

const ROOT: u32 = 0;

/// The directory belongs to none of the users who could have planted a link to it.
#[derive(Debug, thiserror::Error)]
#[error("a link that user {user} can change leads to it, and it belongs to user {owner}")]
pub(super) struct PlantableLink {
    user: u32,
    owner: u32,
}

/// Accepts the opened directory if it belongs to a user who owns a part of the path, or if no link of such a user leads
/// to it.
pub(super) fn check(path: &Path, opened: &Metadata) -> io::Result<()> {
    let Some(other) = OtherUsers::on(path)? else { return Ok(()) };
    if other.owners.contains(&opened.uid()) {
        return Ok(());
    }
    let without_links = other.open_below().and_then(|directory| directory.metadata());
    let is_same = |found: Metadata| (found.dev(), found.ino()) == (opened.dev(), opened.ino());
    if without_links.is_ok_and(is_same) {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        PlantableLink { user: other.first, owner: opened.uid() },
    ))
}

/// The part of a path from the first name on that does not belong to root. Above it only root can put a link.
struct OtherUsers {
    /// The directory that contains this part.
    above: PathBuf,
    below: PathBuf,
    first: u32,
    owners: BTreeSet<u32>,
}

impl OtherUsers {
    fn on(path: &Path) -> io::Result<Option<Self>> {
        let mut at = if path.is_absolute() { PathBuf::new() } else { PathBuf::from(".") };
        let mut found: Option<Self> = None;
        for component in path.components() {
            let above = at.clone();
            at.push(component);
            let owner = fs::symlink_metadata(&at)?.uid();
            if owner != ROOT && found.is_none() {
                found = Some(Self { above, below: PathBuf::new(), first: owner, owners: BTreeSet::new() });
            }
            if let Some(found) = &mut found {
                found.below.push(component);
                found.owners.extend(Some(owner).filter(|owner| *owner != ROOT));
            }
        }
        Ok(found)
    }

    /// Opens each directory from the one before, and follows no link.
    fn open_below(&self) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let above = if self.above.as_os_str().is_empty() { Path::new("/") } else { &self.above };
        let mut directory =
            OpenOptions::new().read(true).custom_flags(OFlags::DIRECTORY.bits().cast_signed()).open(above)?;
        for component in self.below.components() {
            let name = match component {
                Component::RootDir | Component::Prefix(_) | Component::CurDir => continue,
                Component::ParentDir | Component::Normal(_) => component.as_os_str(),
            };
            directory = openat(&directory, name, flags | OFlags::NOFOLLOW, Mode::empty())?.into();
        }
        Ok(directory)
    }
}
