//! An open directory that no other user can change or replace. Files in it are created, read, replaced and removed relative
//! to its handle, so that no link that another user plants later can redirect a write. That matters for root in another
//! user's home directory, as with sudo.
//!
//! What root creates in a directory gets the directory's owner: a `~/.aws` of root would be unreadable for the user whose
//! steps need it. Only what this process has just created is given away, by its open handle, never by its path.

#[cfg(not(unix))]
mod by_path;
#[cfg(unix)]
mod private_group;
#[cfg(unix)]
mod trust;
#[cfg(unix)]
mod unix;
#[cfg(unix)]
mod walk;

use std::path::PathBuf;

#[cfg(not(unix))]
pub(crate) use by_path::{Directory, Expected};
#[cfg(unix)]
pub(crate) use trust::Expected;
#[cfg(unix)]
pub(crate) use unix::Directory;

/// The file that a path leads to. The file may be missing, its directory may not.
pub(crate) struct Target {
    /// The path itself, unless the file's name is a link: then the path of what that leads to.
    pub(crate) path: PathBuf,
    /// What it is in, as that was judged.
    pub(crate) directory: Directory,
    /// Whether it is a regular file and the path can be one's; `None` if it is missing.
    pub(crate) is_regular: Option<bool>,
}
