//! Files that only their owner can read, and whose they are.

use std::ffi::OsStr;
use std::fs::{File, Metadata, Permissions};
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use crate::io::files::directory::Directory;
use crate::io::files::file_trust::directory_of;
use crate::io::files::text_file;

/// Opens a file for reading; `None` unless this user owns it and no other user can read or write it.
pub(crate) fn open_own(path: &Path) -> io::Result<Option<File>> {
    let directory = Directory::open(directory_of(path))?;
    let opened = open_own_in(&directory, path.file_name().unwrap_or_default())?;
    Ok(opened.map(|(file, _)| file))
}

fn open_own_in(directory: &Directory, name: &OsStr) -> io::Result<Option<(File, Metadata)>> {
    let (file, metadata) = directory.open_file_with_metadata(name)?;
    let is_private_own = metadata.is_file() && directory.owns(&metadata) && is_private(&metadata);
    Ok(is_private_own.then_some((file, metadata)))
}

/// The text and permissions of a private file of this user.
pub(crate) fn read_own(limit: u64, path: &Path) -> Option<(Zeroizing<String>, Permissions)> {
    read_own_in(limit, &Directory::open(directory_of(path)).ok()?, path.file_name()?)
}

/// The same for a file of a directory that is open.
pub(crate) fn read_own_in(
    limit: u64,
    directory: &Directory,
    name: &OsStr,
) -> Option<(Zeroizing<String>, Permissions)> {
    let (mut file, metadata) = open_own_in(directory, name).ok()??;
    let text = text_file::read_open(limit, &mut file).map(Zeroizing::new).ok()?;
    Some((text, metadata.permissions()))
}

/// Whether the mode gives other users no access.
#[cfg(unix)]
fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    matches!(metadata.permissions().mode() & 0o777, 0o600 | 0o400)
}

/// Windows: no other user has access to a file in the user's profile.
#[cfg(not(unix))]
fn is_private(_: &Metadata) -> bool {
    true
}

/// Whether no other user can open the file.
#[cfg(unix)]
pub(crate) fn is_closed_to_others(permissions: &Permissions) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let of_others = permissions.mode() & 0o077;
    of_others == 0
}

/// Windows: no other user has access to a file in the user's profile.
#[cfg(not(unix))]
pub(crate) fn is_closed_to_others(_: &Permissions) -> bool {
    true
}

/// The permissions of a file that only its owner can open.
#[cfg(unix)]
pub(crate) fn private(mut permissions: Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    permissions.set_mode(0o600);
    permissions
}

/// Windows: any file in the user's profile.
#[cfg(not(unix))]
pub(crate) fn private(permissions: Permissions) -> Permissions {
    permissions
}

/// Removes other users' access to an open file with these permissions.
#[cfg(unix)]
pub(crate) fn make_private(file: &File, mut permissions: Permissions) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if permissions.mode() & 0o777 == 0o600 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    file.set_permissions(permissions)
}

/// Windows: no other user has access to a file in the user's profile.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix this can fail")]
pub(crate) fn make_private(_: &File, _: Permissions) -> io::Result<()> {
    Ok(())
}
