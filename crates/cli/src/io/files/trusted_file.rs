//! Reads files that decide which credentials are used: only if no other user can change them.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::io::files::directory::{Expected, Target};
use crate::io::files::file_trust::{self, PathError};
use crate::io::files::text_file::{self, ReadError};
use crate::io::files::untrusted_path::UntrustedPath;

/// The file's text; `None` if the file does not exist, whoever could create it.
pub(crate) fn read_within(limit: u64, path: &Path) -> Result<Option<String>, ReadError> {
    match open(path) {
        Ok(mut file) => text_file::read_regular(limit, &mut file).map(Some),
        Err(PathError::NotAFile(_)) => Err(ReadError::NotAFile),
        Err(
            PathError::Directory { reason: error, .. }
            | PathError::DanglingLink { reason: error, .. }
            | PathError::ReadOnly(error)
            | PathError::Io(error),
        ) => {
            match fs::metadata(path).map_err(|error| error.kind()) {
                Err(io::ErrorKind::NotFound) => Ok(None),
                // A pipe that a shell names: `/dev/fd/63` is a link whose text is no path.
                Ok(_) if error.kind() == io::ErrorKind::NotFound => Err(ReadError::NotAFile),
                _ => Err(match UntrustedPath::of(&error) {
                    Some(untrusted) => ReadError::Untrusted(untrusted.clone()),
                    None => ReadError::Io(error),
                }),
            }
        }
    }
}

fn open(path: &Path) -> Result<File, PathError> {
    let Target { path, directory, .. } = file_trust::target(path, Expected::Own)?;
    let name = path.file_name().unwrap_or_default();
    let file = directory.open_file(name).map_err(PathError::Io)?;
    directory.judge_mode(name, &file).map_err(PathError::Io)?;
    Ok(file)
}
