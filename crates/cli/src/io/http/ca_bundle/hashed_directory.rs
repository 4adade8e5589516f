//! A directory of certificates as `openssl rehash` names them.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The files that OpenSSL looks up in a directory: eight hexadecimal digits, a dot and a number.
pub(super) fn hashed_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let is_hashed = |name: &str| {
        name.split_once('.').is_some_and(|(hash, number)| {
            hash.len() == 8
                && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(is_hashed) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
