//! The job's files as they lie on disk: bytes, modes and owners.

use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Job;

/// Everything in the job's directory, with modes and bytes.
pub(crate) fn snapshot(job: &Job) -> Vec<(PathBuf, u32, Vec<u8>)> {
    let mut files = Vec::new();
    collect(job.directory.path(), &mut files);
    files.sort();
    files
}

fn collect(directory: &Path, files: &mut Vec<(PathBuf, u32, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let metadata = std::fs::symlink_metadata(&path).unwrap();
        let text = if metadata.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        files.push((path.clone(), metadata.mode(), text));
        if metadata.is_dir() {
            collect(&path, files);
        }
    }
}

/// The file of the job by its name; with `*` in place of a name of its own, the only one that ends so.
pub(crate) fn the_one(job: &Job, name: &str) -> String {
    let Some((directory, ending)) = name.split_once('*') else { return name.to_owned() };
    let paths = std::fs::read_dir(job.path(directory)).unwrap().map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = paths.filter(|path| path.to_str().unwrap().ends_with(ending)).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].strip_prefix(job.directory.path()).unwrap().display().to_string()
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

pub(crate) fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

pub(crate) fn is_root() -> bool {
    tempfile::NamedTempFile::new().unwrap().as_file().metadata().unwrap().uid() == 0
}

/// The test harness hides what a passing test prints through it; this line has to be seen.
pub(crate) fn visibly(text: &str) {
    writeln!(std::io::stdout().lock(), "{text}").unwrap();
}
