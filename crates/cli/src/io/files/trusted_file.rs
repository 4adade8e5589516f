//! Reads files that decide which credentials are used: only if no other user can change them.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::io::files::directory::Directory;
use crate::io::files::file_trust::{self, PathError, directory_of};
use crate::io::files::text_file::{self, ReadError};
use crate::io::files::untrusted_path::UntrustedPath;

/// The file's text; `None` if the file does not exist, whoever could create it.
pub(crate) fn read_within(limit: u64, path: &Path) -> Result<Option<String>, ReadError> {
    match open(path) {
        Ok(mut file) => text_file::read_regular(limit, &mut file).map(Some),
        Err(error) => match fs::metadata(path).map_err(|error| error.kind()) {
            Err(io::ErrorKind::NotFound) => Ok(None),
            // A pipe that a shell names: `/dev/fd/63` is a link whose text is no path.
            Ok(_) if error.kind() == io::ErrorKind::NotFound => Err(ReadError::NotAFile),
            _ => Err(match UntrustedPath::of(&error) {
                Some(untrusted) => ReadError::Untrusted(untrusted.clone()),
                None => ReadError::Io(error),
            }),
        },
    }
}

fn open(path: &Path) -> io::Result<File> {
    let target = match file_trust::resolve(path) {
        Ok(target) => target,
        Err(PathError::Directory { reason, .. } | PathError::Io(reason)) => return Err(reason),
        // Of no use, and said so by whoever reads it.
        Err(PathError::NotAFile(path)) => path,
    };
    let directory = Directory::open(directory_of(&target))?;
    let name = target.file_name().unwrap_or_default();
    let file = directory.open_file(name)?;
    directory.judge_mode(name, &file)?;
    Ok(file)
}
