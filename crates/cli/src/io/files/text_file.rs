//! Reads small text files within a size limit. Errors differ by what the user can do about them.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::io::files::pipe;

use crate::io::files::untrusted_path::UntrustedPath;

const MIB: u64 = 1024 * 1024;

/// Far beyond any file that people write by hand.
pub(crate) const LIMIT: u64 = MIB;

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
    /// A pipe whose writer does not close it.
    #[error("it is a pipe, and its writer has not closed it within {:.0} s", .0.as_secs_f64())]
    #[cfg_attr(not(unix), expect(dead_code, reason = "a named pipe is no file here"))]
    NotWritten(Duration),
    /// Bytes that are not UTF-8.
    #[error("it is not UTF-8 (byte {0})")]
    NotUtf8(usize),
}

/// The file's text; `None` if the file does not exist.
pub(crate) fn read(path: &Path) -> Result<Option<String>, ReadError> {
    read_within(LIMIT, path)
}

/// The same of a file that is read once and that the user names, which can be a pipe.
pub(crate) fn read_named(path: &Path) -> Result<Option<String>, ReadError> {
    read_named_within(LIMIT, path)
}

/// The same with another size limit.
pub(crate) fn read_named_within(limit: u64, path: &Path) -> Result<Option<String>, ReadError> {
    read_named_bytes(limit, path)?.map(|mut bytes| text(std::mem::take(&mut *bytes))).transpose()
}

/// The same as bytes, with another size limit.
pub(crate) fn read_named_bytes(limit: u64, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, ReadError> {
    let Some(mut file) = open(path)? else { return Ok(None) };
    let metadata = metadata(&file)?;
    if pipe::is_pipe(&metadata) {
        return pipe::read_once(limit, path, &mut file).map(Some);
    }
    regular_bytes(limit, &mut file, &metadata).map(Some)
}

/// The same as [`read`] with another size limit.
pub(crate) fn read_within(limit: u64, path: &Path) -> Result<Option<String>, ReadError> {
    open(path)?.map(|mut file| read_regular(limit, &mut file)).transpose()
}

/// The same as bytes.
pub(crate) fn read_bytes(limit: u64, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, ReadError> {
    let Some(mut file) = open(path)? else { return Ok(None) };
    let metadata = metadata(&file)?;
    regular_bytes(limit, &mut file, &metadata).map(Some)
}

/// `None` if the file does not exist. Opening a pipe would block.
fn open(path: &Path) -> Result<Option<File>, ReadError> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some).map_err(ReadError::Io),
    }
}

/// The text of what was opened, if it is a file.
pub(crate) fn read_regular(limit: u64, file: &mut File) -> Result<String, ReadError> {
    let metadata = metadata(file)?;
    text(std::mem::take(&mut *regular_bytes(limit, file, &metadata)?))
}

/// The text of an open file.
pub(crate) fn read_open(limit: u64, file: &mut File) -> Result<String, ReadError> {
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    text(std::mem::take(&mut *bytes(limit, file, size)?))
}

fn metadata(file: &File) -> Result<Metadata, ReadError> {
    file.metadata().map_err(ReadError::Io)
}

fn regular_bytes(limit: u64, file: &mut File, metadata: &Metadata) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    if metadata.is_file() { bytes(limit, file, metadata.len()) } else { Err(ReadError::NotAFile) }
}

fn bytes(limit: u64, file: &mut File, size: u64) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    // One byte more than the file has, for the read that finds its end.
    let size = size.min(limit);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
}

fn text(bytes: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to() + 1))
}
