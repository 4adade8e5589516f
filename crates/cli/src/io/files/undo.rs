//! Taking a write back, for when a later one fails or what was written turns out to be of no use.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::PathBuf;

use aws::Secret;
use zeroize::Zeroizing;

use crate::io::files::directory_lock;
use crate::io::files::file_trust::directory_of;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file;
use crate::report::Report;

/// What it takes to have a file as it was. Each knows how it left the file: what others have written since is theirs,
/// and stays.
pub(crate) enum Undo {
    /// The file was replaced whole.
    Replaced {
        /// Where it is.
        path: PathBuf,
        /// What it held and who could read it; `None` where there was none.
        before: Option<(Zeroizing<String>, Permissions)>,
        /// What it holds now.
        after: Secret,
    },
    /// Something was appended.
    Appended {
        /// Where it is.
        path: PathBuf,
        /// The file, open.
        file: File,
        /// Its length and who could read it; `None` where there was none.
        before: Option<(u64, Permissions)>,
        /// Its length now.
        after: u64,
    },
    /// The file was deleted.
    Removed {
        /// Where it was.
        path: PathBuf,
        /// What it held.
        text: Zeroizing<String>,
        /// Who could read it.
        permissions: Permissions,
    },
    /// The directory was not there.
    MadeDirectory(PathBuf),
}

/// Takes all back, the latest first. What can't be taken back is said.
pub(crate) fn all(done: Vec<Undo>, report: &mut Report) {
    for undo in done.into_iter().rev() {
        let path = undo.path();
        if let Err(error) = undo.run() {
            report.note(&format!("`{}` could not be put back as it was: {error}", path.display()));
        }
    }
}

impl Undo {
    fn path(&self) -> PathBuf {
        match self {
            Self::Replaced { path, .. }
            | Self::Appended { path, .. }
            | Self::Removed { path, .. }
            | Self::MadeDirectory(path) => path.clone(),
        }
    }

    /// Takes this one write back.
    pub(crate) fn run(self) -> io::Result<()> {
        let changed = || io::Error::other("somebody has written to it since");
        match self {
            Self::Replaced { path, before, after } => {
                let _lock = directory_lock::lock(directory_of(&path))?;
                let now = text_file::read(&path).map_err(io::Error::other)?.map(Zeroizing::new);
                if now.as_ref().map(|text| text.as_str()) != Some(after.expose()) {
                    return Err(changed());
                }
                let Some((text, permissions)) = before else { return fs::remove_file(path) };
                StagedFile::create(&path)?.replace(&text)?;
                fs::set_permissions(path, permissions)
            }
            Self::Appended { path, file, before, after } => {
                if file.metadata()?.len() != after {
                    return Err(changed());
                }
                let Some((length, permissions)) = before else { return fs::remove_file(path) };
                file.set_len(length)?;
                file.set_permissions(permissions)
            }
            // Whatever has come in its place since is newer.
            Self::Removed { path, .. } if path.exists() => Ok(()),
            Self::Removed { path, text, permissions } => {
                StagedFile::create(&path)?.replace(&text)?;
                fs::set_permissions(path, permissions)
            }
            // Only an empty one can be removed: what others have put there since stays.
            Self::MadeDirectory(path) => fs::remove_dir(path).or(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::sinks::AppendSink;

    #[test]
    fn an_append_is_cut_off_unless_somebody_has_written_behind_it() {
        for (existing, later, left) in [
            (None, "", None),
            (None, "B", Some("AB")),
            (Some("x"), "", Some("x")),
            (Some("x"), "B", Some("xAB")),
        ] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("file");
            if let Some(text) = existing {
                File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
            }
            let undo = AppendSink::open(&path).unwrap().write(&Secret::new("A".to_owned())).unwrap();
            File::options().append(true).open(&path).unwrap().write_all(later.as_bytes()).unwrap();
            assert_eq!(undo.run().is_ok(), later.is_empty());
            assert_eq!(fs::read_to_string(&path).ok().as_deref(), left, "{existing:?}");
        }
    }
}
