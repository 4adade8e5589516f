//! Credentials cached for the next call of `credential-process`: one file for each request and job in the state
//! directory. A file that is not private or not valid is ignored.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use export::{Session, cache_entry};

use crate::io::clock::{self, Deadline};
use crate::io::environment::Environment;
use crate::io::files::directory::Directory;
use crate::io::files::file_lock::{self, Lock};
use crate::io::files::file_trust::directory_of;
use crate::io::files::private_file;
use crate::io::files::staged_file::{self, StagedFile};
use crate::io::files::transaction::{FileTransaction, Undo};
use crate::renewal::failure_memory::{self, FailureMemory};
use crate::renewal::freshness::Lifetime;
use crate::renewal::held_session;
use crate::renewal::process_log;
use crate::renewal::request_flags::RequestKey;
use crate::renewal::state_directory::{self, StateError};

/// More than a session needs: its token has a few KB.
const LIMIT: u64 = 64 * 1024;

/// Cached credentials, locks, and staging files. Files with other extensions are left alone.
const EXTENSION: &str = "json";
const LOCK_EXTENSION: &str = "lock";
const STAGE_EXTENSION: &str = "tmp";

/// The longest session. Older files are deleted: each job on a machine leaves its own.
const MAX_AGE: Duration = Duration::from_secs(12 * 3600);

/// The cache of one request's credentials.
pub(crate) struct Cache {
    directory: PathBuf,
    opened: Directory,
    key: RequestKey,
}

/// Cached credentials.
pub(crate) struct CacheEntry {
    /// The session, without a Region.
    pub(crate) session: Session,
    /// When they were issued and when they expire.
    pub(crate) lifetime: Lifetime,
}

impl Cache {
    /// Opens the cache of a request, and creates its directory if needed.
    pub(crate) fn open(key: RequestKey, environment: &Environment) -> Result<Self, StateError> {
        let directory = state_directory::path(environment)?;
        let opened = state_directory::open_at(&directory)?;
        staged_file::sweep_in(&opened);
        Ok(Self { directory, opened, key })
    }

    /// The cached credentials, unless they are dated in the future.
    pub(crate) fn entry(&self) -> Option<CacheEntry> {
        let (text, _) = private_file::read_own_in(LIMIT, &self.opened, self.path().file_name()?)
            .or_else(|| private_file::read_own(LIMIT, &self.latest_of_this_job()?))?;
        let (session, from) = cache_entry::parse(&text)?;
        let lifetime = Lifetime { from, until: session.credentials().expiration };
        (from <= clock::now()).then_some(CacheEntry { session, lifetime })
    }

    /// The last failure to get these credentials with this token.
    pub(crate) fn failure_memory(&self, token: Option<String>) -> FailureMemory {
        FailureMemory::within(&self.directory, &self.key.file_stem(), token)
    }

    /// Shows whether a session can be cached.
    pub(crate) fn probe(&self) -> io::Result<()> {
        StagedFile::probe(&self.path())
    }

    /// Creates the staging file for a session.
    pub(crate) fn stage(&self) -> io::Result<StagedEntry> {
        let path = self.path();
        StagedFile::create(&path).map(|stage| StagedEntry { path, stage })
    }

    /// Waits while another process requests the same session; `None` if it still does at the deadline.
    pub(crate) fn lock(&self, deadline: Deadline) -> io::Result<Lock> {
        file_lock::lock(&self.directory.join(format!("{}.{LOCK_EXTENSION}", self.key.file_stem())), deadline)
    }

    fn path(&self) -> PathBuf {
        entry_in(&self.directory, &self.key)
    }

    /// What another step of this job has cached with its token, for a process that has no token and no key.
    fn latest_of_this_job(&self) -> Option<PathBuf> {
        let start = self.key.start_of_file_stems()?;
        let is_for_request = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_str().is_some_and(|name| name.starts_with(&start)))
        };
        let age = |path: &PathBuf| fs::symlink_metadata(path).map(|metadata| clock::age(&metadata)).ok();
        state_directory::files(&self.directory, &[EXTENSION])
            .ok()?
            .into_iter()
            .filter(is_for_request)
            .min_by_key(age)
    }
}

/// The file for a request's credentials, whether it exists or not.
pub(crate) fn entry_path(key: &RequestKey, environment: &Environment) -> Result<PathBuf, StateError> {
    state_directory::path(environment).map(|directory| entry_in(&directory, key))
}

fn entry_in(directory: &Path, key: &RequestKey) -> PathBuf {
    directory.join(format!("{}.{EXTENSION}", key.file_stem()))
}

/// The empty staging file for a session.
pub(crate) struct StagedEntry {
    path: PathBuf,
    stage: StagedFile,
}

impl StagedEntry {
    /// Writes a session that was issued just now.
    pub(crate) fn write(self, session: &Session) -> io::Result<Undo> {
        let Self { path, stage } = self;
        let after = cache_entry::render(session, clock::now());
        let before = private_file::read_own(LIMIT, &path);
        if before.is_none() {
            // As root, the new file would get the owner of the old one. A missing file is not an error.
            let _ = state_directory::remove_file(&path);
        }
        stage.replace(after.expose())?;
        // What failed before does not any longer.
        let _ = state_directory::remove_file(&path.with_extension(failure_memory::EXTENSION));
        delete_old(directory_of(&path));
        Ok(Undo::Replaced { path, before, after })
    }
}

/// Deletes the cached credentials of all requests, and what a killed run has left of them.
pub(crate) fn delete_all(
    environment: &Environment,
    transaction: &mut FileTransaction,
) -> Result<(), (PathBuf, io::Error)> {
    let Ok(directory) = state_directory::path(environment) else { return Ok(()) };
    staged_file::sweep(&directory);
    let entries = state_directory::files(&directory, &[EXTENSION]);
    for path in entries.map_err(|error| (directory, error))? {
        let before = private_file::read_own(LIMIT, &path);
        transaction.hold_signals();
        state_directory::remove_file(&path).map_err(|error| (path.clone(), error))?;
        transaction.extend(before.map(|(text, permissions)| Undo::Removed { path, text, permissions }));
    }
    Ok(())
}

/// Deletes files of earlier jobs and killed runs. If that fails, the next run retries.
fn delete_old(directory: &Path) {
    let extensions = [
        EXTENSION,
        LOCK_EXTENSION,
        STAGE_EXTENSION,
        failure_memory::EXTENSION,
        held_session::EXTENSION,
        process_log::EXTENSION,
    ];
    for path in state_directory::files(directory, &extensions).unwrap_or_default() {
        if fs::symlink_metadata(&path).is_ok_and(|metadata| clock::age(&metadata) > MAX_AGE) {
            let _ = state_directory::remove_file(&path);
        }
    }
}
