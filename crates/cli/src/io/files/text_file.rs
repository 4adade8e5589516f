//! Reads small text files within a size limit. Errors differ by what the user can do about them.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::io::files::untrusted_path::UntrustedPath;

const MIB: u64 = 1024 * 1024;

/// Far beyond any file that people write by hand.
const LIMIT: u64 = MIB;

/// AWS's shared files: more than a thousand sessions of 4 KB.
pub(crate) const SHARED_FILE_LIMIT: u64 = 8 * MIB;

/// Why a file can't be read as text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The system's own reason.
    #[error("{0}")]
    Io(io::Error),
    /// Another user can change the file.
    #[error("{0}")]
    Untrusted(UntrustedPath),
    /// The file does not exist.
    #[error("there is no such file")]
    Missing,
    /// A directory, a device, a pipe.
    #[error("it is not a regular file")]
    NotAFile,
    /// Larger than the limit.
    #[error("it is larger than {} MiB", .0 / MIB)]
    TooLarge(u64),
    /// Bytes that are not UTF-8.
    #[error("it is not UTF-8 (byte {0})")]
    NotUtf8(usize),
}

/// The file's text; `None` if the file does not exist.
pub(crate) fn read(path: &Path) -> Result<Option<String>, ReadError> {
    read_within(LIMIT, path)
}

/// The same with another size limit.
pub(crate) fn read_within(limit: u64, path: &Path) -> Result<Option<String>, ReadError> {
    match open(path) {
        Ok(mut file) => read_regular(limit, &mut file).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ReadError::Io(error)),
    }
}

/// Opening a pipe would block.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

/// The text of what was opened, if it is a file.
pub(crate) fn read_regular(limit: u64, file: &mut File) -> Result<String, ReadError> {
    if !file.metadata().map_err(ReadError::Io)?.is_file() {
        return Err(ReadError::NotAFile);
    }
    read_open(limit, file)
}

/// The text of an open file.
pub(crate) fn read_open(limit: u64, file: &mut File) -> Result<String, ReadError> {
    // One byte more than the file has, for the read that finds its end.
    let size = file.metadata().map_or(0, |metadata| metadata.len().min(limit));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge(limit));
    }
    String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to() + 1))
}
