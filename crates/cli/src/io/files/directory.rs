//! An open directory that no other user can change or replace. Files in it are created, read, replaced and removed relative to its handle, so that no link that
//! another user plants later can redirect a write. That matters for root in another user's home directory, as with sudo.
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

#[cfg(not(unix))]
pub(crate) use by_path::{Directory, Expected, resolve};
#[cfg(unix)]
pub(crate) use trust::Expected;
#[cfg(unix)]
pub(crate) use unix::Directory;
#[cfg(unix)]
pub(crate) use walk::resolve;
