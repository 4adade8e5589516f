//! Credentials that are kept for the next call of `credential-process`: a file for each request and job in the state
//! directory. A file that is not just as it was written there is as good as none.

use std::fs::{self, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use export::{Session, cache_entry};
use zeroize::Zeroizing;

use crate::io::clock::{self, Deadline};
use crate::io::environment::Environment;
use crate::io::files::file_lock::{self, FileLock};
use crate::io::files::file_trust::directory_of;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file;
use crate::io::files::transaction::{FileTransaction, Undo};
use crate::renewal::freshness::Lifetime;
use crate::renewal::state_directory::{self, StateError};

/// Far beyond a session, whose token has some KB.
const LIMIT: u64 = 64 * 1024;

/// Of what holds credentials, of the locks, and of what was being written. Other files there are not ours.
const EXTENSION: &str = "json";
const LOCK_EXTENSION: &str = "lock";
const STAGE_EXTENSION: &str = "tmp";

/// No session lasts longer, so nothing that is older is of use: each job of a machine leaves files of its own.
const LONGEST: Duration = Duration::from_secs(12 * 3600);

/// Where the credentials of one request are kept.
pub(crate) struct Cache {
    directory: PathBuf,
    key: String,
}

/// What was kept.
pub(crate) struct CacheEntry {
    /// The session, without a Region.
    pub(crate) session: Session,
    /// From when, until when.
    pub(crate) lifetime: Lifetime,
}

impl Cache {
    /// Makes sure of a place where things can be kept under the key.
    pub(crate) fn open(key: &str, environment: &Environment) -> Result<Self, StateError> {
        let directory = state_directory::open(environment)?;
        Ok(Self { directory, key: key.to_owned() })
    }

    /// What was kept last, unless that was in the future.
    pub(crate) fn entry(&self) -> Option<CacheEntry> {
        let (text, _) = read_own(&self.path())?;
        let (session, from) = cache_entry::parse(&text)?;
        let lifetime = Lifetime { from, until: session.credentials().expiration };
        (from <= clock::now()).then_some(CacheEntry { session, lifetime })
    }

    /// Makes a place for a session beside the one that is kept, which shows that there can be one.
    pub(crate) fn stage(&self) -> io::Result<StagedEntry> {
        let path = self.path();
        StagedFile::create(&path).map(|stage| StagedEntry { path, stage })
    }

    /// Waits until no other process asks STS for the same; `None` where one did so until the deadline.
    pub(crate) fn lock(&self, deadline: Deadline) -> io::Result<Option<FileLock>> {
        file_lock::lock(&self.directory.join(format!("{}.{LOCK_EXTENSION}", self.key)), deadline)
    }

    fn path(&self) -> PathBuf {
        entry_in(&self.directory, &self.key)
    }
}

/// Where the credentials of a key are kept, whether there are any or not.
pub(crate) fn entry_path(key: &str, environment: &Environment) -> Result<PathBuf, StateError> {
    state_directory::path(environment).map(|directory| entry_in(&directory, key))
}

fn entry_in(directory: &Path, key: &str) -> PathBuf {
    directory.join(format!("{key}.{EXTENSION}"))
}

/// A session's place, which is still empty.
pub(crate) struct StagedEntry {
    path: PathBuf,
    stage: StagedFile,
}

impl StagedEntry {
    /// Where the session will be.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a session that was given out at this moment.
    pub(crate) fn keep(self, session: &Session) -> io::Result<Undo> {
        let Self { path, stage } = self;
        let after = cache_entry::render(session, clock::now());
        let before = read_own(&path);
        if before.is_none() {
            // Root's replacement of another user's file would be that user's. Where there is nothing, nothing goes.
            let _ = fs::remove_file(&path);
        }
        stage.replace(after.expose())?;
        delete_old(directory_of(&path));
        Ok(Undo::Replaced { path, before, after })
    }
}

/// Deletes everything that is cached, for whatever request.
pub(crate) fn delete_all(
    environment: &Environment,
    transaction: &mut FileTransaction,
) -> Result<(), (PathBuf, io::Error)> {
    let Ok(directory) = state_directory::path(environment) else { return Ok(()) };
    for path in files(&directory, &[EXTENSION]) {
        let before = read_own(&path);
        fs::remove_file(&path).map_err(|error| (path.clone(), error))?;
        transaction.extend(before.map(|(text, permissions)| Undo::Removed { path, text, permissions }));
    }
    Ok(())
}

/// Deletes what earlier jobs and runs that were killed have left. Where that fails it is tried again the next time.
fn delete_old(directory: &Path) {
    for path in files(directory, &[EXTENSION, LOCK_EXTENSION, STAGE_EXTENSION]) {
        if fs::symlink_metadata(&path).is_ok_and(|metadata| clock::age(&metadata) > LONGEST) {
            let _ = fs::remove_file(&path);
        }
    }
}

fn files(directory: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let Ok(all) = fs::read_dir(directory) else { return Vec::new() };
    let paths = all.filter_map(|entry| Some(entry.ok()?.path()));
    let is_one = |path: &PathBuf| {
        extensions.iter().any(|extension| path.extension().is_some_and(|found| found == *extension))
    };
    paths.filter(is_one).collect()
}

/// The text of a file that only this user has had to do with, and its mode.
fn read_own(path: &Path) -> Option<(Zeroizing<String>, Permissions)> {
    let mut file = private_file::open_own(path).ok()??;
    let permissions = file.metadata().ok()?.permissions();
    let text = text_file::read_open(LIMIT, &mut file).map(Zeroizing::new).ok()?;
    Some((text, permissions))
}
